"""What the heads of Hà Tiên have done with remarks: sorted, answered, one opened again."""

from demo.accounts import accounts
from demo.simulation import ENGLISH, HAPPY
from offices.models import Membership, User
from surveys.models import Remark, RemarkStep, Theme, Tone
from surveys.remarks import steps
from surveys.remarks.reopening import make_known, say, shown_mark
from surveys.remarks.sorting import sort
from surveys.remarks.steps import IN_TURN
from surveys.remarks.thanks import thanks_for

# Of each office: a queue in which some were looked at and some were not, and all before answered.
LOOKED_AT, LEFT = 24, 12
# By words of `demo.simulation.remarks`; the first that is found counts.
ABOUT = {
    "mạng": Theme.ONLINE,
    "giấy tờ": Theme.PAPERS,
    "niêm yết": Theme.PAPERS,
    "Phòng chờ": Theme.PLACE,
    "ghế": Theme.PLACE,
    "Máy": Theme.PLACE,
    "để xe": Theme.PLACE,
    "hẹn": Theme.RESULT,
    "chờ": Theme.WAITING,
    "Chờ": Theme.WAITING,
    "nhanh": Theme.WAITING,
    "một quầy": Theme.WAITING,
    "Mạng": Theme.ONLINE,
    "Cán bộ": Theme.CONDUCT,
    "Thái độ": Theme.CONDUCT,
    "nhiệt tình": Theme.CONDUCT,
    "ướng dẫn": Theme.CONDUCT,
    "helpful": Theme.CONDUCT,
    "friendly": Theme.CONDUCT,
}
REPLY = (
    "Cảm ơn Ông/Bà đã góp ý. Trung tâm đã phân công thêm một cán bộ vào giờ đông và sẽ xem lại "
    "vào cuối tháng."
)


def deal_with_remarks() -> int:
    """Lets the heads work through a part of what was handed over, once; returns how many."""
    if RemarkStep.objects.exists():
        return 0
    heads = [one for one in accounts() if one.role == Membership.Role.OFFICE_HEAD]
    return sum(_work(User.objects.get(username=one.name)) for one in heads)


def _work(head: User) -> int:
    """Answers what is older; of the rest sorts two of three and answers every other one of these.

    The first two that criticise are answered whatever they are: one is opened again, one published.
    """
    office = head.memberships.get().office_id
    waiting = Remark.objects.filter(office=office, released_on__isnull=False, simulated=True)
    listed = list(waiting.select_related("office").order_by(*IN_TURN))
    critical = [one for one in listed if _tone(one.text) == Tone.CRITICISM][:2]
    queue = listed[-(LOOKED_AT + LEFT) :]
    older = listed[: -(LOOKED_AT + LEFT)]
    looked = [one for at, one in enumerate(queue[:LOOKED_AT]) if at % 3 < 2]
    looked += [one for one in critical if one not in (*looked, *older)]
    answered = []
    for at, remark in enumerate((*looked, *older)):
        tone = _tone(remark.text)
        sorted_one = sort(remark, head, tone=tone, theme=_theme(remark.text))
        if at % 2 == 0 or remark in critical or remark in older:
            praised = tone == Tone.PRAISE
            reply = thanks_for(remark.text) if praised else REPLY
            answered.append(steps.answer(sorted_one, reply, head))
    criticised = [one for one in answered if one.tone == Tone.CRITICISM]
    for remark in criticised[:1]:
        say(remark, helped=False, read=shown_mark(remark))
    for remark in criticised[1:2]:
        steps.publish(remark, head)
    make_known()
    return len(looked) + len(older)


def _tone(text: str) -> Tone:
    if "Nên " in text:
        return Tone.SUGGESTION
    return Tone.PRAISE if text in HAPPY or text == ENGLISH[1] else Tone.CRITICISM


def _theme(text: str) -> Theme:
    return next((theme for words, theme in ABOUT.items() if words in text), Theme.OTHER)
