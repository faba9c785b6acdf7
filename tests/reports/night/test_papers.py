"""Reports made beforehand: which ones a night asks for, and what becomes of each."""

import re
from datetime import date, timedelta
from io import StringIO

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db.models import F
from django.db.models.expressions import CombinedExpression
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import override

from offices.models import AdministrativeUnit, DossierCount, Office
from reports.counting.periods import span_of
from reports.models import Night, NightStep, Paper, PaperFile, Period, Score
from reports.night import papers, steps
from reports.night.leases import DEATHS
from reports.papers.kinds import KINDS
from reports.release import publish
from tests import factories
from tests.reports.papers.opening import sheets, text
from tests.reports.papers.reporting import CLOSED, JUNE, Reported, answer, reported

pytestmark = pytest.mark.django_db
State, Reason = Paper.State, Paper.Reason
SECOND_QUARTER = span_of(Period.QUARTER, JUNE.first)


@pytest.fixture
def world() -> Reported:
    """Two months of a province; the night has asked for its reports."""
    return reported(months=(5, 6))


def make_all() -> None:
    """Makes whatever waits."""
    while papers.make_some():
        pass


def paper_of(place: Office | AdministrativeUnit, period: Period = Period.MONTH) -> Paper:
    """The report of a place about the newest closed period of a kind."""
    key = "office" if isinstance(place, Office) else "unit"
    return Paper.objects.get(**{key: place, "period": period})


def written() -> dict[tuple[int, str], tuple[str, object]]:
    """The seal of each file and when it was written."""
    files = PaperFile.objects.all()
    return {(one.paper_id, one.ending): (one.seal, one.made_at) for one in files}


def long_ago() -> None:
    """All reports were written long ago, so only what is looked at every night is looked at."""
    Paper.objects.update(made_at=F("made_at") - papers.SETTLES)


def soon() -> CombinedExpression:
    """When the lease of somebody who works at a report ends, by the database's clock."""
    return Now() + timedelta(seconds=settings.NIGHT_LEASE_SECONDS / 2)


def spoil(office: Office) -> int:
    """Makes the figure of June of an office one that cannot be read; its key."""
    june = Score.objects.filter(office=office, period=Period.MONTH, start=JUNE.first)
    june.update(sums=b"no sums")
    return june.get().pk


def test_a_night_asks_for_every_place_with_a_figure_the_highest_first(world: Reported) -> None:
    asked = list(Paper.objects.filter(period=Period.MONTH).order_by("pk"))
    country = factories.country()
    assert [(one.unit_id, one.office_id) for one in asked[:2]] == [
        (country.pk, None),
        (world.province.pk, None),
    ]
    communes = {world.office.unit_id, world.other.unit_id}
    assert {one.unit_id for one in asked[2:4]} == communes
    assert {one.office_id for one in asked[4:]} == {world.office.pk, world.other.pk}
    assert {one.start for one in asked} == {JUNE.first}
    quarters = Paper.objects.filter(period=Period.QUARTER)
    assert quarters.count() == len(asked)
    assert set(quarters.values_list("start", flat=True)) == {SECOND_QUARTER.first}
    assert set(Paper.objects.values_list("state", flat=True)) == {State.WAITING}


def test_whoever_too_few_people_answered_about_has_none(world: Reported) -> None:
    assert Score.objects.filter(office=world.few, period=Period.MONTH, closed=True).exists()
    assert not Paper.objects.filter(office=world.few).exists()
    assert not Paper.objects.filter(unit=world.few.unit).exists()


def test_what_is_made_opens_and_is_what_is_made_again(world: Reported) -> None:
    make_all()
    assert set(Paper.objects.values_list("state", flat=True)) == {State.MADE}
    assert PaperFile.objects.count() == 2 * Paper.objects.count()
    for paper in Paper.objects.all():
        contents = papers.contents_of(paper)
        assert contents is not None
        for kind in KINDS:
            file = paper.files.get(ending=kind.ending)
            with override("vi"):
                again = kind.write(contents)
            assert PaperFile.seal_of(file.fingerprint, again) == file.seal
            assert (file.unpacked(), file.size) == (again, len(again))
    office = paper_of(world.office)
    opened = {one.ending: one.unpacked() or b"" for one in office.files.all()}
    assert world.office.name in text(opened["pdf"])
    assert "Tóm tắt" in sheets(opened["xlsx"])


def test_a_night_that_runs_again_changes_nothing(world: Reported) -> None:
    make_all()
    before, rows = written(), set(Paper.objects.values_list("pk", "start"))
    steps.close(CLOSED)
    make_all()
    assert written() == before
    assert set(Paper.objects.values_list("pk", "start")) == rows
    assert set(Paper.objects.values_list("state", flat=True)) == {State.MADE}


def test_provinces_and_the_country_are_looked_at_every_night_and_written_only_if_they_changed(
    world: Reported,
) -> None:
    make_all()
    long_ago()
    before = written()
    # of the dossiers of June, which no figure is made of
    DossierCount.objects.filter(office=world.other).update(finished=F("finished") + 1)
    steps.close(CLOSED + timedelta(days=1))
    waiting = Paper.objects.filter(state=State.WAITING)
    assert set(waiting.values_list("unit__level", "period")) == {
        (level, kind) for level in ("country", "province") for kind in ("month", "quarter")
    }
    make_all()
    changed = {key for key, said in written().items() if said != before[key]}
    units = {paper_of(unit, kind).pk for unit in (world.province, factories.country())
             for kind in (Period.MONTH, Period.QUARTER)}  # fmt: skip
    assert {paper for paper, _ in changed} == units
    last = written()
    steps.close(CLOSED + timedelta(days=2))
    make_all()
    assert written() == last


def test_an_office_that_was_computed_anew_is_made_anew(world: Reported) -> None:
    make_all()
    long_ago()
    before, paper = written(), paper_of(world.office)
    june = Score.objects.filter(office=world.office, period=Period.MONTH, start=JUNE.first)
    june.update(computed_at=timezone.now() + timedelta(minutes=1))
    steps.close(CLOSED + timedelta(days=1))
    make_all()
    changed = {key[0] for key, said in written().items() if said != before[key]}
    assert changed == {paper.pk}


def test_what_is_known_of_a_figure_after_its_period_closed_is_written_too(world: Reported) -> None:
    make_all()
    paper = paper_of(world.office)
    for _ in range(12):
        answer(world.office, [5, 4, 4], date(2025, 7, 30))
    steps.close(date(2025, 8, 2))
    assert Paper.objects.filter(pk=paper.pk, state=State.WAITING).exists()
    make_all()
    contents = papers.contents_of(paper)
    assert contents is not None
    assert contents.evidence
    with override("vi"):
        fingerprints = {one.ending: one.fingerprint(contents) for one in KINDS}
    assert dict(paper.files.values_list("ending", "fingerprint")) == fingerprints


def test_one_that_fails_names_its_office_and_keeps_back_no_other(world: Reported) -> None:
    spoil(world.office)
    make_all()
    failed = Paper.objects.filter(state=State.FAILED)
    # also of whatever shows this figure in its months or parts
    assert world.office.pk in {one.office_id for one in failed}
    assert set(failed.values_list("reason", flat=True)) == {Reason.FIGURES}
    assert paper_of(world.other).state == State.MADE
    assert not Paper.objects.filter(state=State.WAITING).exists()


def test_what_failed_is_tried_again_by_the_next_night(world: Reported) -> None:
    june = spoil(world.office)
    make_all()
    sums = Score.objects.get(office=world.other, period=Period.MONTH, start=JUNE.first).sums
    Score.objects.filter(pk=june).update(sums=sums)
    assert papers.make_some() is False
    assert paper_of(world.office).state == State.FAILED
    steps.close(CLOSED + timedelta(days=1))
    make_all()
    assert not Paper.objects.exclude(state=State.MADE).exists()


def test_one_press_makes_a_failed_report_again_and_no_other(world: Reported) -> None:
    june = spoil(world.office)
    make_all()
    paper, made = paper_of(world.office), paper_of(world.other)
    again = papers.remake(Paper.objects.all(), paper.pk)
    assert again is not None
    assert again.state == State.FAILED
    sums = Score.objects.get(office=world.other, period=Period.MONTH, start=JUNE.first).sums
    Score.objects.filter(pk=june).update(sums=sums)
    assert papers.remake(Paper.objects.exclude(pk=paper.pk), paper.pk) is None
    again = papers.remake(Paper.objects.all(), paper.pk)
    assert again is not None
    assert (again.state, again.reason) == (State.MADE, "")
    assert again.files.count() == 2
    assert papers.remake(Paper.objects.all(), paper.pk) is None
    assert papers.remake(Paper.objects.all(), made.pk) is None


def test_a_report_without_a_figure_is_forgotten_with_its_files(world: Reported) -> None:
    make_all()
    paper = paper_of(world.office)
    Score.objects.filter(office=world.office, period=Period.MONTH).delete()
    Paper.objects.filter(pk=paper.pk).update(state=State.FAILED, reason=Reason.ENDED)
    again = papers.remake(Paper.objects.all(), paper.pk)
    assert again is not None
    assert again.pk is None
    assert not PaperFile.objects.filter(paper=paper.pk).exists()


def test_whoever_dies_leaves_the_report_to_the_next_and_three_deaths_are_a_failure(
    world: Reported,
) -> None:
    first = Paper.objects.order_by("pk")[0]
    Paper.objects.exclude(pk=first.pk).delete()
    waiting = Paper.objects.filter(pk=first.pk)
    for deaths in range(DEATHS):
        waiting.update(attempts=deaths + 1, lease_until=soon())
        make_all()
        assert waiting.get().state == State.WAITING  # it is another's
        waiting.update(lease_until=Now() - timedelta(seconds=1))
    make_all()
    assert (waiting.get().state, waiting.get().reason) == (State.FAILED, Reason.ENDED)
    waiting.update(state=State.WAITING, reason="", attempts=DEATHS - 1)
    make_all()
    assert waiting.get().state == State.MADE


def test_none_is_made_while_the_night_has_steps_to_do(world: Reported) -> None:
    night = Night.objects.get()
    for state in (NightStep.State.WAITING, NightStep.State.RUNNING):
        night.steps.filter(name=NightStep.Name.PROOF).update(state=state)
        assert papers.make_some() is False
        assert not papers.are_waiting()
    assert not PaperFile.objects.exists()
    night.steps.filter(name=NightStep.Name.PROOF).update(state=NightStep.State.FAILED)
    assert papers.are_waiting()
    make_all()
    assert PaperFile.objects.exists()


def test_a_portion_ends_and_says_that_some_are_left(world: Reported) -> None:
    assert papers.make_some(seconds=0) is True
    assert Paper.objects.filter(state=State.MADE).count() == 1


def test_no_more_make_reports_at_once_than_are_meant_to(world: Reported) -> None:
    held = Paper.objects.order_by("pk")[: papers.MAKERS]
    Paper.objects.filter(pk__in=[one.pk for one in held]).update(lease_until=soon())
    assert papers.make_some() is False
    assert not Paper.objects.filter(state=State.MADE).exists()
    Paper.objects.filter(pk=held[0].pk).update(lease_until=None)
    make_all()
    assert Paper.objects.filter(state=State.WAITING).count() == papers.MAKERS - 1


def test_files_of_older_periods_are_emptied_and_made_again_as_they_were(world: Reported) -> None:
    june = paper_of(world.office)
    for month in (7, 8):
        for _ in range(12):
            answer(world.office, [5, 4, 4], date(2025, month, 10))
    steps.close(date(2025, 8, 30))
    make_all()
    before = {file.ending: file for file in june.files.all()}
    assert june.files.filter(content__isnull=False).count() == 2
    steps.close(date(2025, 8, 31))
    assert june.files.filter(content__isnull=False).count() == 0
    june.refresh_from_db()
    assert june.state == State.MADE
    contents = papers.contents_of(june)
    assert contents is not None
    with override("vi"):
        for kind in KINDS:
            again, file = kind.write(contents), before[kind.ending]
            assert PaperFile.seal_of(file.fingerprint, again) == file.seal
    newest = Paper.objects.filter(office=world.office, period=Period.MONTH).order_by("-start")
    assert newest[0].start == date(2025, 8, 1)
    assert Paper.objects.filter(state=State.WAITING, start=JUNE.first, period="month").count() == 0


def test_a_release_is_named_in_the_report_of_its_own_unit(world: Reported) -> None:
    make_all()
    release = publish(world.province, JUNE)
    steps.close(CLOSED + timedelta(days=1))
    make_all()
    file = paper_of(world.province).files.get(ending="pdf")
    assert release.slug in text(file.unpacked() or b"")
    office = papers.contents_of(paper_of(world.office))
    assert office is not None
    assert office.release is None


def test_the_command_makes_what_waits_and_says_at_what_cost(world: Reported) -> None:
    said = StringIO()
    call_command("papers", stdout=said)
    total = Paper.objects.count()
    assert re.search(
        rf"{total} reports in \d+\.\d s \(\d+ ms each, \d+ ms of this process\), \d+ MiB",
        said.getvalue(),
    )
    assert Paper.objects.filter(state=State.MADE).count() == total


def test_the_command_names_what_failed(world: Reported) -> None:
    spoil(world.office)
    with pytest.raises(CommandError, match=rf"{world.office.slug} month 2025-06-01 \(figures\)"):
        call_command("papers", stdout=StringIO())
