"""`manage.py simulate --attack`: forged forms at one office, for whoever learns to judge floods."""

from collections import Counter
from datetime import date
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from offices.models import Office
from surveys.flags.rules import Flag, is_straight_lined
from surveys.floods.bounds import Cell, Counts, Rule, judge
from surveys.floods.expecting import Pace
from surveys.models import Channel, Instrument, Mark, Response, State
from surveys.questionnaires import catalogue
from tests import factories

pytestmark = pytest.mark.django_db
SUNDAY = date(2026, 4, 19)
FRIDAY = date(2026, 4, 17)


@pytest.fixture(autouse=True)
def form() -> Instrument:
    """Sixteen criteria in five factors."""
    return factories.instrument({"A": 3, "B": 4, "C": 3, "D": 3, "E": 3})


@pytest.fixture
def office() -> Office:
    """One with a desk."""
    office = factories.office(slug="phuong-ha-tien")
    office.counters.create(number=1, name="Quầy 1")
    factories.office()
    return office


def run(*options: str) -> str:
    """What the command says."""
    out = StringIO()
    given = ["--offices", "phuong-ha-tien", "--to", SUNDAY.isoformat(), *options]
    call_command("simulate", *given, stdout=out)
    return out.getvalue()


@pytest.mark.parametrize("attack", ["burst", "thin", "file"])
def test_forged_forms_are_open_finished_simulated_and_marked(office: Office, attack: str) -> None:
    said = run("--attack", attack)
    forms = list(Response.objects.all())
    assert said.startswith(f"{len(forms)} simulated responses")
    assert {form.office_id for form in forms} == {office.pk}
    entry = catalogue.current().default
    assert entry is not None
    for form in forms:
        assert (form.simulated, form.valid, form.state) == (True, True, State.FINISHED)
        assert (form.channel, form.counter_id, form.batch) == (Channel.PHONE, None, None)
        assert form.flags == Flag.STRAIGHT_LINED
        assert is_straight_lined(entry.levels(bytes(form.answers)))
    assert set(Mark.objects.values_list("office", "day")) == {(office.pk, f.day) for f in forms}


def test_a_burst_comes_within_an_hour_of_the_last_open_day(office: Office) -> None:
    run("--attack", "burst")
    cells = Counter(Response.objects.values_list("day", "received_on", "hour"))
    [((day, received_on, _), forms)] = cells.items()
    assert (day, received_on, forms) == (FRIDAY, FRIDAY, 290)


def test_a_thin_flood_lasts_thirty_open_days(office: Office) -> None:
    run("--attack", "thin", "--from", "2026-01-01")
    days = Counter(Response.objects.values_list("day", flat=True))
    assert days.total() == 290
    assert (min(days) >= date(2026, 3, 1), max(days) <= FRIDAY) == (True, True)
    assert 28 <= len(days) <= 30
    assert max(days.values()) < 25
    assert not Response.objects.exclude(received_on__in=days).exists()


def test_a_file_comes_within_an_hour_and_claims_any_day(office: Office) -> None:
    run("--attack", "file")
    assert Response.objects.count() == 2_000
    assert Response.objects.values("received_on", "hour").distinct().count() == 1
    assert set(Response.objects.values_list("received_on", flat=True)) == {FRIDAY}
    assert Response.objects.values("day").distinct().count() > 20


def test_mimicry_follows_the_rhythm_of_its_office(office: Office) -> None:
    run("--responses", "2000", "--from", "2026-01-01")
    honest = set(Response.objects.values_list("pk", flat=True))
    finished = Response.objects.exclude(state=State.OPEN)
    rhythm = Counter(finished.values_list("day", "hour"))
    said = run("--attack", "mimicry", "--from", "2026-01-01")
    assert said.startswith("460 simulated responses")
    forged = [form for form in Response.objects.all() if form.pk not in honest]
    assert len(forged) == 460
    assert {(form.day, form.hour) for form in forged} <= set(rhythm)
    days = Counter(form.day for form in forged)
    assert len(days) > 50
    assert all(set(bytes(form.answers)) <= {4, 5} for form in forged)
    assert len({bytes(form.answers) for form in forged}) > 100


def test_without_a_rhythm_there_is_nothing_to_mimic(office: Office) -> None:
    with pytest.raises(CommandError, match="no rhythm to follow"):
        run("--attack", "mimicry")
    assert not Response.objects.exists()


@pytest.mark.parametrize(
    ("attack", "first"), [("burst", Rule.HOUR), ("file", Rule.HOUR), ("thin", Rule.DAYS_5)]
)
def test_the_night_finds_what_was_made_up(office: Office, attack: str, first: Rule) -> None:
    run("--attack", attack)
    cells = Counter(
        Cell(day, received_on, hour or 0)
        for day, received_on, hour in Response.objects.values_list("day", "received_on", "hour")
    )
    since, begin = min(cell.day for cell in cells), date(2026, 3, 1)
    found = judge(Counts(cells), 45.0, Pace(), FRIDAY, since=since, open_from=begin)
    held = sum(n for cell, n in cells.items() if any(excess.holds(cell) for excess in found))
    assert held >= 0.95 * cells.total()
    assert first in {excess.rule for excess in found}


def test_an_attack_is_on_one_office_once_and_never_beside_real_people(office: Office) -> None:
    run("--attack", "burst")
    with pytest.raises(CommandError, match="seed 1 is already"):
        run("--attack", "burst")
    run("--attack", "burst", "--seed", "2")
    assert Response.objects.count() == 580
    with pytest.raises(CommandError, match="one office"):
        call_command("simulate", "--attack", "thin", "--to", SUNDAY.isoformat())
    factories.responses(office, 1, day=FRIDAY)
    with pytest.raises(CommandError, match="real responses"):
        run("--attack", "thin")
    run("--attack", "thin", "--beside-real-data")
    assert Response.objects.count() == 871


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (["--attack", "storm"], "invalid choice"),
        (["--attack", "burst", "--responses", "10"], "not allowed with"),
        (["--responses", "10"], "need --from"),
        ([], "required"),
    ],
)
def test_what_is_to_be_simulated_is_said_clearly(
    office: Office, options: list[str], sentence: str
) -> None:
    with pytest.raises(CommandError, match=sentence):
        run(*options)
