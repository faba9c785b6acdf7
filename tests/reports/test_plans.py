"""A plan is made from what is shown, and measured again once, by the first period that answers."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.utils.timezone import localdate

from offices.models import Office, User
from reports.briefing.due import due_of
from reports.counting.periods import span_of
from reports.counting.policy import POLICY
from reports.models import Period, Plan, Score
from reports.night import steps
from reports.plans import (
    FigureNotShown,
    PlanNotOpen,
    Wish,
    end,
    make,
    measure_all,
    result_words,
    rows_of,
)
from surveys.models import EvidenceLevel, Instrument
from surveys.questionnaires import catalogue
from tests import factories
from tests.reports.briefing.months import said

pytestmark = pytest.mark.django_db
MARCH, APRIL, MAY = date(2026, 3, 11), date(2026, 4, 15), date(2026, 5, 13)
MADE, DUE = date(2026, 4, 5), date(2026, 4, 20)
STRICT = POLICY.stricter(500)


@pytest.fixture
def office() -> Iterator[Office]:
    """March is closed: of A1 and A2 half are satisfied."""
    with time_machine.travel(factories.at(MADE, 7), tick=False):
        factories.instrument({"A": 2, "B": 1})
        made = factories.office()
        said(made, MARCH, 50, 50)
        steps.close(date(2026, 4, 4))
        yield made


def plan(office: Office, code: str = "A1", owner: User | None = None, **given: object) -> Plan:
    instrument = catalogue.current().default
    assert instrument is not None
    by = owner or factories.official(office)
    row = {
        "instrument": instrument,
        "code": code,
        "span": span_of(Period.MONTH, MARCH),
        "text": "Mở thêm một quầy vào buổi sáng",
        "owner": by,
        "due_on": DUE,
    }
    return make(office, Wish(**{**row, **given}), by, localdate())  # type: ignore[arg-type]


def later(day: date) -> None:
    """Closes everything before this morning."""
    with time_machine.travel(factories.at(day, 3), tick=False):
        steps.close(date.fromordinal(day.toordinal() - 1))


def measured(one: Plan) -> str:
    one.refresh_from_db()
    return result_words(one)


def test_a_plan_is_made_from_a_figure_that_is_shown(office: Office) -> None:
    made = plan(office)
    assert (made.state, made.made_on, made.measured_on) == ("open", MADE, None)
    entry = factories.acts().get(action="plan.made")
    assert (entry.subject, entry.office_id) == ("A1", office.pk)
    assert "quầy" not in str(entry.details), "the audit keeps no texts"


def test_nothing_is_planned_from_what_is_hidden_open_or_nowhere(office: Office) -> None:
    others = factories.office()
    said(others, MARCH, 5, 2)
    said(office, date(2026, 4, 2), 60, 0)
    steps.close(date(2026, 4, 4))
    with pytest.raises(FigureNotShown):
        plan(others)  # fewer than ten people
    with pytest.raises(FigureNotShown):
        plan(office, span=span_of(Period.MONTH, APRIL))  # open
    with pytest.raises(FigureNotShown):
        plan(office, span=span_of(Period.MONTH, date(2020, 1, 1)))
    with pytest.raises(FigureNotShown):
        plan(office, code="Z9")
    assert not Plan.objects.exists()


def test_whoever_needs_more_people_plans_from_fewer_figures(office: Office) -> None:
    instrument = catalogue.current().default
    assert instrument is not None
    head = factories.official(office)
    wish = Wish(instrument, "A1", span_of(Period.MONTH, MARCH), "Mở thêm một quầy", head, DUE)
    with pytest.raises(FigureNotShown):
        make(office, wish, head, MADE, STRICT)


def test_the_next_whole_period_after_it_was_done_says_whether_it_changed(office: Office) -> None:
    made = plan(office)
    with time_machine.travel(factories.at(date(2026, 4, 10)), tick=False):
        end(office, made.pk, Plan.State.DONE, made.owner, localdate())
    assert factories.acts().filter(action="plan.done", subject="A1").count() == 1
    said(office, APRIL, 0, 80)  # the month in which it was done answers nothing
    later(date(2026, 5, 12))
    assert measured(made) == ""
    said(office, MAY, 90, 10)
    later(date(2026, 6, 12))
    words = measured(made)
    assert words.startswith("Đo lại tháng 5/2026: 50,0\xa0% → 90,0\xa0%, tăng 40,0 điểm (từ ")
    assert words.endswith("): thay đổi thật.")
    assert (made.verdict, made.measured_on) == (1, date(2026, 6, 12))
    assert made.low is not None
    assert made.high is not None
    # Newcombe (1998): of 90 and 50 of a hundred
    assert 25 < made.low < 30 < 48 < made.high < 53


def test_a_fall_is_real_too_and_a_small_difference_is_not(office: Office) -> None:
    fallen, same = plan(office, "A1"), plan(office, "A2")
    for one in (fallen, same):
        end(office, one.pk, Plan.State.DONE, one.owner, MADE)
    # A1: 10 of 100; A2: 55 of 100
    for answers, number in ((bytes([5, 5, 5]), 10), (bytes([1, 5, 5]), 45), (bytes([1, 1, 1]), 45)):
        factories.answered(office, [answers] * number, day=MAY)
    said(office, MAY, 0, 0)
    later(date(2026, 6, 12))
    assert "giảm 40,0 điểm" in measured(fallen)
    assert measured(fallen).endswith("thay đổi thật.")
    assert fallen.verdict == -1
    words = measured(same)
    assert "Chưa thấy thay đổi vượt quá mức ngẫu nhiên" in words
    assert "từ −" in words
    assert same.verdict == 0


def test_it_is_measured_once(office: Office) -> None:
    made = plan(office)
    end(office, made.pk, Plan.State.DONE, made.owner, MADE)
    said(office, MAY, 90, 10)
    later(date(2026, 6, 12))
    first = measured(made)
    Score.objects.filter(start=date(2026, 3, 1)).delete()
    later(date(2026, 6, 13))
    assert measure_all(date(2026, 6, 14)) == 0
    assert measured(made) == first != ""
    assert made.measured_on == date(2026, 6, 12)


def test_a_late_plan_is_measured_from_its_day_and_one_given_up_never(office: Office) -> None:
    late, given_up = plan(office, "A1"), plan(office, "A2")
    end(office, given_up.pk, Plan.State.GIVEN_UP, given_up.owner, MADE)
    said(office, MAY, 90, 10)
    later(date(2026, 6, 12))
    assert "tháng 5/2026" in measured(late)
    assert measured(given_up) == ""
    with pytest.raises(PlanNotOpen):
        end(office, given_up.pk, Plan.State.DONE, given_up.owner, MADE)
    with pytest.raises(PlanNotOpen):
        end(factories.office(), late.pk, Plan.State.DONE, late.owner, MADE)


def test_what_was_measured_before_it_was_done_is_measured_again_after_it(office: Office) -> None:
    made = plan(office)
    said(office, MAY, 90, 10)
    later(date(2026, 6, 12))
    assert "tháng 5/2026" in measured(made)
    end(office, made.pk, Plan.State.DONE, made.owner, date(2026, 6, 15))
    assert measured(made) == ""
    said(office, date(2026, 7, 8), 60, 40)
    later(date(2026, 8, 12))
    assert measured(made).startswith("Đo lại tháng 7/2026: 50,0\xa0% → 60,0\xa0%")


def test_a_plan_that_is_not_due_yet_is_not_measured(office: Office) -> None:
    made = plan(office, due_on=date(2026, 7, 31))
    said(office, MAY, 90, 10)
    later(date(2026, 6, 12))
    assert measured(made) == ""


def test_periods_in_which_it_is_hidden_are_passed_over(office: Office) -> None:
    made = plan(office)
    end(office, made.pk, Plan.State.DONE, made.owner, MADE)
    said(office, MAY, 3, 2)
    later(date(2026, 6, 12))
    assert measured(made) == ""
    said(office, date(2026, 6, 15), 90, 10)
    later(date(2026, 7, 12))
    assert "tháng 6/2026" in measured(made)


def test_another_level_of_evidence_is_not_compared(office: Office) -> None:
    made = plan(office, due_on=date(2026, 12, 15))
    EvidenceLevel.objects.create(
        office=office, year=2027, level=EvidenceLevel.Level.A, set_at=factories.at(MADE)
    )
    march = Score.objects.get(office=office, period=Period.MONTH, start=date(2026, 3, 1))
    march.pk = None
    march.start = date(2027, 1, 1)
    march.save()
    assert measure_all(date(2027, 2, 12)) == 1
    assert measured(made) == (
        "Đo lại tháng 1/2027: không so được, vì từ đó đến nay đã đổi mức chứng cứ."
    )
    assert (made.verdict, made.was) == (None, None)


def test_figures_counted_otherwise_or_of_another_version_are_not_compared(office: Office) -> None:
    by_method, by_version = plan(office, "A1"), plan(office, "A2")
    march = Score.objects.get(office=office, period=Period.MONTH, start=date(2026, 3, 1))
    end(office, by_method.pk, Plan.State.DONE, by_method.owner, MADE)
    march.pk, march.start, march.method = None, date(2026, 5, 1), "pooled-5-3"
    march.save()
    assert measure_all(DUE) == 1
    assert "đã đổi cách tính" in measured(by_method)
    end(office, by_version.pk, Plan.State.DONE, by_version.owner, MADE)
    used = Instrument.objects.get(pk=march.instrument_id)
    Instrument.objects.filter(pk=used.pk).update(is_default=False)
    march.instrument = factories.instrument({"A": 2, "B": 1}, slug=used.slug, version=2)
    march.save()
    assert measure_all(DUE) == 1
    assert "mẫu phiếu đã khác hoặc được hỏi theo cách khác" in measured(by_version)


@pytest.mark.parametrize("name", ["one_by_one_since", "stage_first_since"])
def test_figures_of_people_who_were_asked_in_another_way_are_not_compared(
    office: Office, name: str
) -> None:
    made = plan(office)
    end(office, made.pk, Plan.State.DONE, made.owner, MADE)
    said(office, MAY, 90, 10)
    Instrument.objects.update(**{name: date(2026, 5, 20)})
    later(date(2026, 6, 12))
    assert "mẫu phiếu đã khác hoặc được hỏi theo cách khác" in measured(made)
    assert made.verdict is None


def test_a_figure_that_is_not_shown_any_more_is_not_compared(office: Office) -> None:
    made = plan(office)
    end(office, made.pk, Plan.State.DONE, made.owner, MADE)
    said(office, MAY, 90, 10)
    Score.objects.filter(start=date(2026, 3, 1), period=Period.MONTH).delete()
    later(date(2026, 6, 12))
    assert "không còn được hiển thị" in measured(made)


def test_open_plans_come_first_by_their_day_and_the_late_are_marked(office: Office) -> None:
    second, first = plan(office, "A1"), plan(office, "A2", due_on=date(2026, 4, 8))
    ended = plan(office, "B1")
    end(office, ended.pk, Plan.State.DONE, ended.owner, MADE)
    rows = rows_of(office, date(2026, 4, 9))
    assert [(row.plan.pk, row.late) for row in rows] == [
        (first.pk, True),
        (second.pk, False),
        (ended.pk, False),
    ]
    slug = second.instrument.slug
    assert [row.plan for row in rows_of(office, MADE, code="A1", slug=slug)] == [second]


def test_results_of_figures_that_a_reader_may_not_see_are_not_told(office: Office) -> None:
    made = plan(office)
    end(office, made.pk, Plan.State.DONE, made.owner, MADE)
    said(office, MAY, 90, 10)
    later(date(2026, 6, 12))
    assert rows_of(office, MADE)[0].result != ""
    assert rows_of(office, MADE, STRICT)[0].result == ""
    assert rows_of(office, MADE, POLICY.stricter(20))[0].result != ""


def test_the_database_keeps_results_whole(office: Office) -> None:
    made = plan(office)
    for wrong in (
        {"state": "done"},
        {"done_on": MADE},
        {"verdict": 1},
        {"measured_on": MADE, "measured_start": MADE},
        {"measured_on": MADE, "measured_start": MADE, "verdict": 2, "was": 1, "now": 1, "low": 0,
         "high": 0},
    ):  # fmt: skip
        with pytest.raises(IntegrityError), transaction.atomic():
            Plan.objects.filter(pk=made.pk).update(**wrong)


def test_its_owner_reads_what_is_late_due_and_measured_and_nobody_else(office: Office) -> None:
    owner, other = factories.official(office), factories.official(office)
    plan(office, "A1", owner)
    plan(office, "A2", owner, due_on=date(2026, 4, 8))
    assert [one.words for one in due_of(owner, date(2026, 4, 3))] == [
        "1 kế hoạch Ông/Bà phụ trách đến hạn trong 5 ngày làm việc tới."
    ]
    late, soon = due_of(owner, date(2026, 4, 15))
    assert late.words == "1 kế hoạch Ông/Bà phụ trách đã quá hạn."
    assert late.late
    assert late.address == f"/bao-cao/co-quan/{office.slug}/ke-hoach/"
    assert soon.words.startswith("1 kế hoạch Ông/Bà phụ trách đến hạn")
    Plan.objects.update(
        state="done", done_on=MADE, measured_on=date(2026, 6, 1), measured_start=date(2026, 5, 1),
        was=50, now=90, low=20, high=50, verdict=1,
    )  # fmt: skip
    (told,) = due_of(owner, date(2026, 6, 10))
    assert told.words == "2 kế hoạch Ông/Bà phụ trách vừa được đo lại: xem kết quả."
    assert due_of(owner, date(2026, 6, 11)) == []
    assert due_of(other, date(2026, 4, 15)) == []
    owner.memberships.all().delete()
    assert due_of(User.objects.get(pk=owner.pk), date(2026, 6, 10)) == []


def test_what_was_measured_is_rounded_as_on_every_page() -> None:
    plan = Plan(
        period="month", measured_start=MAY.replace(day=1), verdict=1,
        was=Decimal("50.00"), now=Decimal("71.96"), low=9.97, high=30.25,
    )  # fmt: skip
    words = result_words(plan)
    assert "50,0\N{NO-BREAK SPACE}% → 72,0\N{NO-BREAK SPACE}%" in words
    assert "tăng 22,0 điểm (từ 10,0 đến 30,3)" in words
    plan.verdict, plan.low = 0, -0.04
    assert "0,0 đến 30,3" in result_words(plan)
    assert "\N{MINUS SIGN}0,0" not in result_words(plan)
