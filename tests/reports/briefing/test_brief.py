"""A figure in a sentence: what it says moved, what it does not say, what weighs most."""

from datetime import date

import pytest
import time_machine
from django.test import override_settings

from offices.models import Membership, Office
from reports.briefing.brief import brief_of
from reports.briefing.placing import place_of
from reports.briefing.weighing import heaviest
from reports.counting.periods import span_of
from reports.models import Difference, Part, Period, Score
from reports.night import steps
from reports.showing.answered import instruments_of
from reports.showing.change import change_of
from reports.showing.figures import figures
from reports.showing.subjects import Subjects
from surveys.models import EvidenceLevel, Instrument, Mark, Target
from tests import factories
from tests.reports.briefing.months import (
    APRIL,
    JUNE,
    MAY,
    SECOND_BAD,
    THROUGH,
    TODAY,
    briefed,
    morning,
    said,
)

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("april", "may", "words", "moved"),
    [
        ((90, 10), (60, 40), "Giảm 30,0 điểm so với tháng 4/2026 (90,00 %)", -1),
        ((60, 40), (90, 10), "Tăng 30,0 điểm so với tháng 4/2026 (60,00 %)", 1),
        ((45, 5), (44, 6), "Chưa thấy thay đổi vượt quá mức ngẫu nhiên", 0),
    ],
)
def test_it_says_whether_a_month_moved(
    april: tuple[int, int], may: tuple[int, int], words: str, moved: int
) -> None:
    with morning(april, may) as office:
        brief = briefed(office)
    share = 100 * may[0] / sum(may)
    first = brief.sentences[0]
    assert first.startswith(
        f"Tháng 5/2026: {share:.2f} % hài lòng, {sum(may)} phiếu. ".replace(".", ",", 1)
    )
    assert words in first
    assert brief.moved == moved


def test_across_another_level_of_evidence_nothing_is_compared() -> None:
    with morning((90, 10), (60, 40)) as office:
        subject = Subjects.of_offices([office.pk])
        month, entry = span_of(Period.MONTH, MAY), instruments_of(subject)[0]
        alike = change_of(subject, month, entry, breaks={date(2026, 4, 1), date(2026, 6, 1)})
        other = change_of(subject, month, entry, breaks={date(2026, 5, 1)})
    assert alike is not None
    assert alike.past is not None
    assert other is not None
    assert (other.earlier, other.past) == (None, None)
    assert other.figure == alike.figure


def test_the_level_of_a_year_breaks_at_its_first_day() -> None:
    with time_machine.travel(factories.at(date(2026, 2, 10), 7), tick=False):
        factories.instrument({"A": 2, "B": 1})
        office = factories.office()
        said(office, date(2025, 12, 10), 90, 10)
        said(office, date(2026, 1, 14), 60, 40)
        steps.close(date(2026, 2, 9))
        compared = brief_of(factories.official(office), office, date(2026, 2, 10))
        EvidenceLevel.objects.create(
            office=office, year=2026, level=EvidenceLevel.Level.B, set_at=factories.at(MAY)
        )
        apart = brief_of(factories.official(office), office, date(2026, 2, 10))
    assert "Giảm 30,0 điểm" in compared.sentences[0]
    assert apart.sentences[0] == "Tháng 1/2026: 60,00 % hài lòng, 100 phiếu."
    assert apart.breaks == {date(2026, 1, 1), date(2027, 1, 1)}


@pytest.mark.parametrize("name", ["one_by_one_since", "stage_first_since"])
def test_nothing_is_compared_across_a_month_that_asks_in_another_way(name: str) -> None:
    with morning((90, 10), (60, 40)) as office:
        assert "Giảm 30,0 điểm" in briefed(office).sentences[0]
        Instrument.objects.update(**{name: MAY.replace(day=20)})
        apart = briefed(office)
        assert apart.sentences[0] == "Tháng 5/2026: 60,00\N{NO-BREAK SPACE}% hài lòng, 100 phiếu."
        assert (set(apart.breaks), apart.moved) == ({MAY.replace(day=1)}, 0)
        Instrument.objects.update(**{name: APRIL.replace(day=1)})
        assert "Giảm 30,0 điểm" in briefed(office).sentences[0]


def test_a_quarter_in_whose_middle_people_are_asked_anew_is_compared_with_none() -> None:
    with time_machine.travel(factories.at(date(2026, 7, 20), 7), tick=False):
        factories.instrument({"A": 2, "B": 1})
        office = factories.office()
        said(office, date(2026, 2, 10), 90, 10)
        said(office, MAY, 60, 40)
        steps.close(date(2026, 7, 17))
        subject, quarter = Subjects.of_offices([office.pk]), span_of(Period.QUARTER, MAY)
        before = change_of(subject, quarter, instruments_of(subject)[0])
        Instrument.objects.update(stage_first_since=MAY.replace(day=20))
        since = change_of(subject, quarter, instruments_of(subject)[0])
    assert before is not None
    assert before.past is not None
    assert since is not None
    assert (since.earlier, since.past) == (None, None)
    assert since.figure == before.figure


def test_too_few_people_leave_no_number_in_any_sentence() -> None:
    with morning((90, 10), (7, 1)) as office:
        brief = briefed(office)
    assert "chưa đủ" in brief.sentences[0] or "quá ít" in brief.sentences[0]
    assert not any("87,5" in one or "8 phiếu" in one for one in brief.sentences)
    assert brief.moved == 0


def test_a_reader_with_a_stricter_minimum_reads_less() -> None:
    with morning((40, 10), (40, 10)) as office:
        head = factories.official(office, Membership.Role.OFFICE_HEAD)
        assert "80,00 %" in brief_of(head, office, TODAY).sentences[0]
        with override_settings(MINIMUM_PEOPLE={"office_head": 60}):
            strict = brief_of(head, office, TODAY)
    assert not any("80,00" in one for one in strict.sentences)
    assert strict.weighs == ()
    assert {one.figure.share for one in strict.months} == {None}


def goes_on(office: Office) -> None:
    """Fifty people of the month that is open."""
    factories.rhythm(office)
    said(office, JUNE, 45, 5)


def test_the_open_month_and_the_target_stand_below() -> None:
    with morning((40, 10), (40, 10), before=goes_on, closes=date(2026, 6, 4)) as office:
        said(office, date(2026, 6, 8), 0, 20)  # the newest batch is held back
        steps.close(THROUGH)
        subject = Subjects.of_offices([office.pk])
        june, entry = span_of(Period.MONTH, JUNE), instruments_of(subject)[0]
        assert change_of(subject, june, entry) is None, "an open period is compared with nothing"
        Target.objects.create(
            office=office, year=2026, satisfied="92.5", reason="x", set_by=factories.user()
        )
        brief = briefed(office)
    assert brief.sentences[1].startswith("Tháng 6/2026 đang mở: đến nay 90,00 % hài lòng, 50 phiếu")
    assert brief.sentences[-1] == "Chỉ tiêu năm 2026: 92,5 %; từ đầu năm đến nay: 83,33 %."


def test_in_its_first_days_a_month_waits_for_no_word_beside_the_open_one_before() -> None:
    with morning((40, 10), (40, 10), before=goes_on, closes=date(2026, 6, 4)) as office:
        said(office, date(2026, 6, 8), 0, 20)  # the newest batch is held back
        steps.close(THROUGH)
        first_words = []
        for day in (date(2026, 7, 2), date(2026, 8, 2)):
            with time_machine.travel(factories.at(day, 7), tick=False):
                brief = brief_of(factories.official(office), office, day)
            first_words.append([sentence[:20] for sentence in brief.sentences[1:]])
    assert first_words == [["Tháng 6/2026 đang mở"], ["Số liệu tháng 8/2026"]]


def test_criteria_with_the_most_unsatisfied_answers_come_first() -> None:
    def came(office: Office) -> None:
        said(office, MAY, 0, 20, worst=SECOND_BAD)

    with morning((40, 10), (40, 0), before=came) as office:
        brief = briefed(office)
        score = Score.objects.get(office=office, period=Period.MONTH, start=date(2026, 5, 1))
        shown = figures(score)
    assert [(one.criterion.code, one.unsatisfied) for one in brief.weighs] == [("A2", 20)]
    assert brief.weighs[0].share == 1
    assert brief.of is not None
    assert brief.of.first == date(2026, 5, 1)
    assert heaviest(shown, most=1) == list(brief.weighs)


def test_a_figure_that_the_proof_doubts_says_so() -> None:
    with morning((40, 10), (40, 10)) as office:
        assert not any("kiểm tra" in one for one in briefed(office).sentences)
        Difference.objects.create(
            part=Part.OFFICES, office=office, period=Period.MONTH, first=date(2026, 5, 1),
            last=date(2026, 5, 31), found_at=factories.at(MAY), table="reports_score",
            column="people", shown="50", proved="51",
            instrument_id=Score.objects.filter(office=office)[0].instrument_id,
        )  # fmt: skip
        brief = briefed(office)
        assert "đang được kiểm tra" in brief.sentences[1]
        assert [one.figure.checked for one in brief.months] == [False, True]
        Difference.objects.update(first=date(2026, 4, 1), last=date(2026, 4, 30))
        brief = briefed(office)
        assert "đang được kiểm tra" in brief.sentences[1], "what it is compared with"
        assert [one.figure.checked for one in brief.months] == [True, False]


def test_of_a_unit_it_tells_the_sum_of_its_offices() -> None:
    def beside(office: Office) -> None:
        said(factories.office(factories.unit(parent=office.unit.parent)), MAY, 50, 0)

    with morning((40, 10), (40, 10), before=beside) as office:
        province = office.unit.province
        brief = briefed(province)
    assert brief.sentences[0].startswith("Tháng 5/2026: 90,00 % hài lòng, 100 phiếu")
    assert brief.place == province


def test_where_nobody_answered_it_says_so() -> None:
    office = factories.office()
    brief = briefed(office)
    assert brief.sentences == ("Chưa có ai trả lời về nơi này.",)
    assert (brief.weighs, brief.months, brief.of) == ((), (), None)


def test_the_highest_place_comes_first() -> None:
    office = factories.office()
    user = factories.official(office)
    assert place_of(user) == office
    factories.official(office.unit, Membership.Role.UNIT_OFFICER, account=user)
    assert place_of(user) == office.unit
    factories.official(office.unit.province, Membership.Role.ANALYST, account=user)
    assert place_of(user) == office.unit.province
    assert place_of(factories.user()) is None


def test_april_is_of_the_line_of_months() -> None:
    with morning((40, 10), (40, 10)) as office:
        brief = briefed(office)
    assert [one.day for one in brief.months] == [APRIL.replace(day=1), MAY.replace(day=1)]
    assert all(one.closed for one in brief.months)


def test_of_an_office_that_has_ended_no_later_month_is_told() -> None:
    with morning((90, 10), (60, 40)) as office:
        Office.objects.filter(pk=office.pk).update(valid_to=date(2026, 4, 30))
        office.refresh_from_db()
        brief = briefed(office)
    assert brief.sentences == ("Tháng 4/2026: 90,00\N{NO-BREAK SPACE}% hài lòng, 100 phiếu.",)
    assert brief.of == span_of(Period.MONTH, APRIL)


def test_of_an_office_that_began_later_no_month_before_is_told() -> None:
    def goes_on(office: Office) -> None:
        Office.objects.filter(pk=office.pk).update(valid_from=date(2026, 6, 1))
        said(office, JUNE, 45, 5)

    with morning((0, 0), (0, 0), before=goes_on) as office:
        office.refresh_from_db()
        brief = briefed(office)
    assert not any("5/2026" in one for one in brief.sentences)
    assert "6/2026" in brief.sentences[0]


def test_a_new_form_speaks_from_its_first_closed_month() -> None:
    """Also where far more people had answered the form before it."""

    def changed(office: Office) -> None:
        Instrument.objects.update(is_default=False)
        factories.instrument({"A": 2, "B": 1})
        said(office, MAY, 40, 10)

    with morning((300, 0), (0, 0), before=changed) as office:
        brief = briefed(office)
    assert brief.sentences[0].startswith(
        "Tháng 5/2026: 80,00\N{NO-BREAK SPACE}% hài lòng, 50 phiếu."
    )


def test_a_mean_of_criteria_moves_as_its_percentages_say() -> None:
    """Pooled, the same answers would say that it rose."""
    with time_machine.travel(factories.at(TODAY, 7), tick=False):
        factories.instrument({"A": 2, "B": 1}, method="mean_of_criteria")
        office = factories.office()
        factories.answered(office, [bytes([5, 1, 1])] * 100, day=APRIL)
        answers = [bytes([5, 0, 0])] * 50 + [bytes([1, 1, 1])] * 50
        factories.answered(office, answers, day=MAY)
        for day in (APRIL, MAY):
            Mark.objects.create(office=office, day=day)
        steps.close(THROUGH)
        brief = briefed(office)
        subject = Subjects.of_offices([office.pk])
        change = change_of(subject, span_of(Period.MONTH, MAY), instruments_of(subject)[0])
    assert brief.sentences[0].startswith("Tháng 5/2026: 16,67\N{NO-BREAK SPACE}% hài lòng")
    assert change is not None
    assert change.past is not None
    assert round(float(change.past.value), 2) == -16.67


def test_a_province_that_has_ended_is_not_told_of_first() -> None:
    before = factories.province("An Giang trước", valid_to=date(2025, 6, 30))
    after = factories.province("Kiên Giang nay")
    user = factories.official(before, Membership.Role.ANALYST)
    factories.official(after, Membership.Role.ANALYST, account=user)
    assert place_of(user) == after


def test_a_merger_amid_the_year_breaks_no_sentence() -> None:
    """The commune that took another over is told of with both, before and after."""
    last = date(2026, 4, 30)

    def took_over(heir: Office) -> None:
        before = factories.office(
            factories.unit(parent=heir.unit.parent, valid_to=last), valid_to=last, heir=heir
        )
        said(before, APRIL, 0, 100)

    with morning((100, 0), (100, 0), before=took_over) as office:
        unit, alone = briefed(office.unit), briefed(office)
    assert "Tăng 50,0 điểm so với tháng 4/2026" in unit.sentences[0]
    assert "Chưa thấy thay đổi" in alone.sentences[0]
