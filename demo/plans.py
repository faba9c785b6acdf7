"""Plans of the demonstration's office: one measured again, one that is late, one to come."""

from datetime import date, timedelta

from demo.responses import ha_tien
from offices.calendar import after_working_days
from offices.models import User
from reports.counting.periods import span_of
from reports.models import Period, Plan, Score
from reports.plans import Wish, end, make, measure_all
from reports.showing.figures import figures
from surveys.questionnaires import catalogue

# How many closed months ago it began, what is done, whose account sees to it.
PLANS = (
    (3, "Mở thêm một quầy tiếp nhận vào thứ Hai và thứ Sáu, là những buổi đông người.", "hatien"),
    (0, "Dán bảng hướng dẫn từng bước cạnh máy lấy số và soát lại phiếu hẹn mỗi sáng.", "motcua"),
    (0, "Gọi điện báo trước khi hồ sơ trễ hẹn, ghi rõ lý do và ngày trả mới.", "hatien"),
)


def load_plans(today: date) -> int:
    """Makes the plans for the lowest criteria of Hà Tiên, once; returns how many were made.

    Needs the accounts, and four closed months. Raises NoHaTien.
    """
    office = ha_tien()[1][0]
    instrument = catalogue.current().default
    if instrument is None or Plan.objects.exists():
        return 0
    months = list(
        Score.objects.filter(
            office=office, instrument=instrument.id, period=Period.MONTH, closed=True
        ).order_by("-start")[:4]
    )
    head = User.objects.get(username="hatien")
    made = 0
    for number, (ago, text, owner) in enumerate(PLANS):
        if ago >= len(months):
            continue
        codes = _lowest(months[ago])
        if number >= len(codes):
            continue
        span = span_of(Period.MONTH, months[ago].start)
        began = span.last + timedelta(days=11) if ago else today - timedelta(days=9)
        due = (began + timedelta(days=12), today - timedelta(days=2), after_working_days(today, 4))
        wish = Wish(
            instrument, codes[number], span, text, User.objects.get(username=owner), due[number]
        )
        plan = make(office, wish, head, began)
        if ago:
            end(office, plan.pk, Plan.State.DONE, head, plan.due_on)
        made += 1
    measure_all(today)
    return made


def _lowest(score: Score) -> list[str]:
    """The codes of the criteria that are shown, the lowest first."""
    shown = [one for one in figures(score).criteria if one.figure.share is not None]
    return [one.code for one in sorted(shown, key=lambda one: one.figure.share or 0)]
