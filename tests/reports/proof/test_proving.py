"""When a proof looks at what, what stands and ends, what pages are told, and how it is mended."""

from datetime import timedelta
from io import StringIO

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone

from offices.models import Office, Procedure
from reports.counting.periods import span_of
from reports.models import (
    Batch,
    ClosedMonth,
    Difference,
    Partition,
    Period,
    Proof,
    Repair,
    Score,
    TerritoryMap,
)
from reports.night import steps
from reports.proof.repair import Order, ResponsesChanged, repair
from reports.proof.run import Chosen, prove, prove_night, turns
from reports.proof.scope import Days
from reports.proof.standing import (
    any_standing,
    being_checked,
    standing_of,
    standing_release,
    standing_tables,
    summary,
)
from reports.scores.anew import make_anew
from reports.showing.subjects import Subjects
from surveys.models import Instrument, Mark, Response
from tests import factories
from tests.reports.proof.proved import columns, differences
from tests.reports.proof.world import BEFORE, LAST, World, answered, forms, made

pytestmark = pytest.mark.django_db
WHY = "The numbers were overwritten by hand."
MONTH = span_of(Period.MONTH, LAST)


@pytest.fixture
def office() -> Office:
    """One with a closed month of 30 people."""
    form = forms()[0]
    made_here = factories.office()
    answered(made_here, form, 30, LAST)
    steps.close(LAST)
    return made_here


def changed_answer(office: Office) -> None:
    """Somebody changes the first answer of one response of the office."""
    response = Response.objects.filter(office=office).order_by("id")[0]
    first = 1 + response.answers[0] % 5
    Response.objects.filter(id=response.id).update(
        answers=bytes([first]) + bytes(response.answers[1:])
    )


def test_a_difference_stands_once_and_ends_when_it_is_found_no_more(office: Office) -> None:
    Score.objects.filter(office=office, period="month").update(people=999)
    assert columns() == {("reports_score", "people")}
    first = Difference.objects.get()
    assert (first.shown, first.proved, first.office_id) == ("999", "30", office.pk)
    prove()
    assert Difference.objects.get().found_at == first.found_at
    Score.objects.filter(office=office, period="month").update(people=30)
    assert differences() == []
    first.refresh_from_db()
    assert first.ended_how == Difference.End.PROVED
    assert first.ended_at is not None
    Score.objects.filter(office=office, period="month").update(people=999)
    prove()
    assert Difference.objects.count() == 2


def test_each_difference_is_in_the_log_with_ids_only(
    office: Office, caplog: pytest.LogCaptureFixture
) -> None:
    changed_answer(office)
    caplog.set_level("ERROR", "reports.proof")
    prove()
    assert caplog.messages
    assert all(f"office {office.pk}," in m or "unit " in m for m in caplog.messages)
    sums = Difference.objects.get(table="reports_batch", column="sums")
    assert sums.shown.endswith("of 46 numbers differ")
    assert sums.proved == "0"


def test_days_that_wait_to_be_counted_are_left_out(office: Office) -> None:
    """The proof neither finds them nor ends what it found before."""
    Batch.objects.filter(office=office).update(people=5)
    assert ("reports_batch", "people") in columns()
    Mark.objects.create(office=office, day=LAST)
    some = Response.objects.order_by("id").values("id")[:15]
    Response.objects.filter(id__in=some).update(state=0)
    prove()
    standing = Difference.objects.filter(ended_at=None, table="reports_batch")
    assert list(standing.values_list("column", flat=True)) == ["people"]
    assert Proof.objects.order_by("pk").filter(behind__gt=0).exists()


def test_what_was_altered_long_ago_is_found_within_a_week(office: Office) -> None:
    form = Instrument.objects.get(is_default=True)
    others = [factories.office() for _ in range(7)]
    for other in others:
        answered(other, form, 40, BEFORE)
    steps.close(LAST)
    for night in range(7):
        with time_machine.travel(timezone.now() + timedelta(days=night), tick=True):
            prove_night(LAST)
    assert Difference.objects.count() == 0
    altered = others[3]
    changed_answer(altered)
    found_on = []
    for night in range(7, 14):
        with time_machine.travel(timezone.now() + timedelta(days=night), tick=True):
            prove_night(LAST)
        if Difference.objects.filter(office=altered, table="reports_batch").exists():
            found_on.append(night)
    assert found_on
    # and each night only some of the provinces were proved on all days
    whole = Proof.objects.filter(whole=True, began_at__gt=timezone.now() + timedelta(days=6))
    assert 0 < whole.count() < Proof.objects.count() / 2


def test_provinces_take_turns_and_missed_nights_are_made_up_for(office: Office) -> None:
    provinces = [factories.office().unit.parent_id for _ in range(12)]
    now = timezone.now()
    for number, province in enumerate(provinces):
        age = now - timedelta(days=number / 4)
        Proof.objects.create(province_id=province, whole=True, began_at=age, ended_at=age)
    assert turns(provinces) == set(provinces[-2:])
    Proof.objects.filter(province=provinces[0]).update(began_at=now - timedelta(days=7))
    assert turns(provinces) == {provinces[0], provinces[-1]}
    with time_machine.travel(now + timedelta(days=6, hours=12), tick=True):
        assert turns(provinces) == set(provinces)
    Difference.objects.create(
        **{"part": "offices", "table": "x", "column": "y", "office": office, "first": LAST},
        **{"last": LAST, "found_at": now},
    )
    assert office.unit.parent_id in turns([*provinces, office.unit.parent_id])


def test_a_figure_is_being_checked_where_a_difference_concerns_it(office: Office) -> None:
    prove()
    form = Response.objects.values_list("instrument", flat=True)[0]
    province = office.unit.parent_id
    country = factories.country().pk
    assert not any_standing()
    assert not standing_of(MONTH, form, office=office.pk)
    Batch.objects.filter(office=office).update(people=5)
    prove()
    assert any_standing()
    year = span_of(Period.YEAR, LAST)
    for span in (MONTH, year, span_of(Period.DAY, LAST)):
        assert standing_of(span, form, office=office.pk)
        for territory in TerritoryMap:
            for unit in (office.unit_id, province, country):
                assert standing_of(span, form, territory, unit=unit)
    assert not standing_of(span_of(Period.MONTH, BEFORE), form, office=office.pk)
    assert not standing_of(span_of(Period.DAY, LAST - timedelta(days=1)), form, office=office.pk)
    other = factories.office()
    found = being_checked(
        MONTH, form, "today", offices=[office.pk, other.pk], units=[country, other.unit_id]
    )
    assert (set(found.offices), set(found.units)) == ({office.pk}, {country})


def test_a_wrong_figure_of_a_unit_concerns_the_units_above_and_its_own_map(office: Office) -> None:
    form = Response.objects.values_list("instrument", flat=True)[0]
    Score.objects.filter(unit=office.unit_id, map="then", period="month").update(people=999)
    prove()
    assert standing_of(MONTH, form, "then", unit=office.unit_id)
    assert standing_of(MONTH, form, "then", unit=office.unit.parent_id)
    assert not standing_of(MONTH, form, "today", unit=office.unit_id)
    assert not standing_of(MONTH, form, office=office.pk)
    assert not standing_of(span_of(Period.YEAR, LAST), form, "then", unit=office.unit_id)


def test_the_foot_of_a_page_says_when_and_how_much(office: Office) -> None:
    Proof.objects.all().delete()
    assert (summary().oldest, summary().newest, summary().figures) == (None, None, 0)
    prove()
    said = summary()
    assert said.oldest is not None
    assert said.newest is not None
    assert said.oldest <= said.newest
    assert said.responses == 30
    assert said.figures > 20
    assert said.differences == 0


def test_tables_and_releases_say_that_they_are_being_checked() -> None:
    world = made()
    form = world.forms[0].pk
    year = span_of(Period.YEAR, BEFORE)
    prove()
    members = Subjects.of_unit(world.merged, TerritoryMap.THEN).members
    assert not standing_tables(members, form, year)
    release = world.releases[-1]
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute("UPDATE reports_releasefigure SET people = people + 1 WHERE NOT hidden")
        cursor.execute("UPDATE reports_cell SET people = people + 1 WHERE place = 0")
        cursor.execute("SET LOCAL session_replication_role = origin")
    assert not standing_release(release)
    prove()
    assert standing_release(release)
    assert standing_tables(members, form, year)
    assert not standing_of(year, form, "then", unit=world.merged.pk)


def test_cells_keep_to_the_fields_of_then() -> None:
    """Procedures move: what was told apart by the field that they were in stays."""
    world = made()
    assert Partition.objects.exclude(procedures={}).exists()
    assert differences() == []
    elsewhere = factories.procedure("1.9", "Khác").field
    Procedure.objects.update(field=elsewhere)
    assert differences() == []
    make_anew(world.offices[0].pk)
    assert differences() == []


def test_the_command_says_what_differs_and_ends_with_an_error(office: Office) -> None:
    out = StringIO()
    call_command("prove", "--all", stdout=out)
    assert "0 differences stand" in out.getvalue()
    assert "30 responses" in out.getvalue()
    Score.objects.filter(office=office, period="year").update(satisfied=1)
    with pytest.raises(CommandError):
        call_command("prove", "--office", office.slug, "--from", str(LAST), stdout=out)
    assert f"reports_score.satisfied: {office.slug}" in out.getvalue()
    with pytest.raises(CommandError, match="no office"):
        call_command("prove", "--office", "nowhere", stdout=out)
    with pytest.raises(CommandError, match="neither"):
        call_command("prove", "--all", "--to", str(LAST), stdout=out)
    with pytest.raises(CommandError, match="before"):
        call_command("prove", "--from", str(LAST), "--to", str(BEFORE), stdout=out)
    out = StringIO()
    with pytest.raises(CommandError):
        call_command("prove", stdout=out)
    assert "1 difference stands" in out.getvalue()


def test_a_recount_mends_what_was_altered_and_is_remembered(office: Office) -> None:
    Score.objects.filter(office=office).update(people=999, low=1, method="x")
    Batch.objects.filter(office=office).update(moments=[1, 2, 3, 4, 5])
    assert differences()
    stood = Difference.objects.count()
    out = StringIO()
    call_command("recount", office.slug, "--reason", WHY, "--by", "Lan", stdout=out)
    assert f"{stood} differences ended, 0 stand" in out.getvalue()
    assert set(Difference.objects.values_list("ended_how", flat=True)) == {"recounted"}
    kept = Repair.objects.get()
    assert (kept.office, kept.reason, kept.made_by) == (office, WHY, "Lan")
    assert (kept.accepted, kept.before, kept.ended, kept.standing) == (False, [], stood, 0)
    assert differences() == []
    assert Score.objects.get(office=office, period="year").people == 30


def test_changed_responses_of_a_closed_month_are_counted_only_if_accepted(office: Office) -> None:
    sealed = ClosedMonth.objects.get(office=office).digest
    changed_answer(office)
    assert ("reports_closedmonth", "digest") in columns()
    with pytest.raises(ResponsesChanged, match=f"{LAST:%Y-%m}"):
        repair(Order(office, WHY, "Lan"))
    with pytest.raises(CommandError, match="--accept-changed-responses"):
        call_command("recount", office.slug, "--reason", WHY)
    assert Repair.objects.count() == 0
    assert ClosedMonth.objects.get(office=office).digest == sealed
    call_command("recount", office.slug, "--reason", WHY, "--accept-changed-responses")
    kept = Repair.objects.get()
    assert kept.accepted
    form = Response.objects.values_list("instrument", flat=True)[0]
    month = {"instrument": form, "start": LAST.replace(day=1).isoformat(), "newest": 1}
    assert kept.before == [{**month, "people": 30, "digest": sealed}]
    assert kept.after == [
        {**month, "people": 30, "digest": ClosedMonth.objects.get(office=office).digest}
    ]
    assert kept.after != kept.before
    assert differences() == []


def test_a_recount_wants_a_reason_and_days_in_order(office: Office) -> None:
    with pytest.raises(CommandError, match="at least 10"):
        call_command("recount", office.slug, "--reason", "so")
    with pytest.raises(CommandError, match="no office"):
        call_command("recount", "nowhere", "--reason", WHY)
    with pytest.raises(CommandError, match="before"):
        call_command(
            *("recount", office.slug, "--reason", WHY),
            *("--from", str(LAST), "--to", str(BEFORE)),
        )


def test_who_comes_late_to_a_closed_month_breaks_no_seal(office: Office) -> None:
    form = Instrument.objects.get(is_default=True)
    answered(office, form, 40, LAST, seed=3)
    steps.count_marked()
    with time_machine.travel(timezone.now() + timedelta(days=400), tick=True):
        steps.close(LAST + timedelta(days=380))  # with its year, if not with its quarter
        assert Score.objects.get(office=office, period="month").people == 70
        assert differences() == []
    assert ClosedMonth.objects.get(office=office).people == 30


def test_a_proof_ends_nothing_that_it_does_not_look_at(office: Office) -> None:
    other = factories.office()
    Score.objects.filter(office=office, period="month").update(people=999)
    Score.objects.filter(office=office, period="year").update(people=999)
    prove()
    Score.objects.filter(office=office).update(people=30)
    prove(Chosen(frozenset({other.pk})))
    prove(Chosen(days=Days.of(None, BEFORE)))
    assert Difference.objects.filter(ended_at=None).count() == 2
    prove(Chosen(frozenset({office.pk}), Days.of(LAST, LAST)))
    assert Difference.objects.filter(ended_at=None).count() == 0


def test_very_many_differences_are_one_that_marks_all_figures(office: Office) -> None:
    form = Instrument.objects.get(is_default=True)
    for number in range(60):
        answered(office, form, 10, LAST.replace(day=1) - timedelta(days=number))
    steps.close(LAST)
    Batch.objects.filter(office=office).update(people=5)
    prove()
    (one,) = Difference.objects.filter(column="people", table="reports_batch")
    assert one.shown == str(Batch.objects.filter(office=office).count())
    assert standing_of(MONTH, form.pk, office=office.pk)


def test_a_world_without_alterations_has_no_difference() -> None:
    world: World = made()
    assert differences() == []
    assert Proof.objects.filter(province=None).latest("pk").parts["releases"] > 0
    assert len(world.offices) == 4
