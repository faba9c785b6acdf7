"""The demonstration: loaded once, with figures, and with passwords that only its owner reads."""

import os
import stat
import subprocess
import sys
from datetime import date, timedelta
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from demo import responses
from demo.plans import load_plans
from demo.simulation.attacks import FEW
from offices import directory
from offices.access import visible_offices, visible_units
from offices.models import DossierCount, Membership, Office, User
from offices.rights import Role, scope_of, scopes_of
from reports.models import Night, NightStep, Plan, Proof, PublicRelease, Release, Score
from reports.night import steps
from surveys.models import Hold, Mark, Remark, RemarkStep, Response
from surveys.questionnaires import catalogue
from tests import factories

pytestmark = pytest.mark.django_db
ROOT = Path(__file__).parents[2]
END = date(2025, 6, 30)
BEGIN = date(2025, 7, 1)


@pytest.fixture
def accounts(settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A small Hà Tiên, two months of it, and the file that the passwords go to."""
    monkeypatch.setattr(responses, "BEGIN", timezone.localdate() - timedelta(days=60))
    monkeypatch.setattr(responses, "RESPONSES", 900)
    file = tmp_path / "private" / "accounts.txt"
    monkeypatch.setenv("DEMO_ACCOUNTS_FILE", str(file))
    factories.instrument({"A": 2, "B": 1})
    factories.procedure("1.012783", "Đất đai")
    old = factories.province("Kiên Giang", code="91", valid_to=END)
    new = factories.province("An Giang", code="91", valid_from=BEGIN)
    city = factories.unit("district", old, code="900", valid_to=END)
    factories.office(city, valid_to=END, today_unit=new, kind=Office.Kind.DISTRICT_DESK)
    for code in ("30769", "30766", "30781"):
        factories.office(factories.unit(parent=new, code=code, valid_from=BEGIN), valid_from=BEGIN)
    factories.office(factories.unit(parent=new, valid_from=BEGIN), valid_from=BEGIN)
    factories.office(new, kind=Office.Kind.PROVINCIAL_CENTRE, valid_from=BEGIN)
    factories.office()
    directory.current()
    catalogue.current()
    settings.DIRECTORY_CHECK_SECONDS = 60  # nothing changes any more, and the night asks often
    return file


def load() -> str:
    """What the command says."""
    out = StringIO()
    call_command("load_demo", stdout=out)
    return out.getvalue()


def passwords(file: Path) -> dict[str, str]:
    """Password by account, as the table has them."""
    return dict(line.split()[-2:] for line in file.read_text("utf-8").splitlines()[1:])


def test_everything_is_loaded_and_counted(accounts: Path) -> None:
    load()
    assert Response.objects.filter(simulated=True).count() == 900 + FEW
    assert not Response.objects.filter(simulated=False).exists()
    assert not Response.objects.filter(day__gte=timezone.localdate()).exists()
    assert not Mark.objects.exists()
    run = Night.objects.latest("day")
    assert (run.differences, run.closed_at is not None) == (0, True)
    assert Score.objects.filter(simulated=True).exists()
    assert not Score.objects.filter(simulated=False).exists()


def test_what_the_first_night_left_the_second_did_for_all_days(accounts: Path) -> None:
    load()
    first, second = Night.objects.order_by("day")
    done = set(first.steps.filter(state=NightStep.State.DONE).values_list("name", flat=True))
    assert done == {"begin", "province", "country"}
    assert first.closed_at is not None
    left = first.steps.exclude(name__in=done)
    assert set(left.values_list("state", flat=True)) == {NightStep.State.COVERED}
    assert set(second.steps.values_list("state", flat=True)) == {NightStep.State.DONE}
    assert Proof.objects.exists()
    assert not Proof.objects.filter(whole=False).exists()


def test_heads_have_worked_through_a_part_of_their_queues(
    accounts: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(responses, "BEGIN", timezone.localdate() - timedelta(days=150))
    monkeypatch.setattr(responses, "RESPONSES", 2500)
    load()
    handed = Remark.objects.filter(office__unit__code="30769", released_on__isnull=False)
    assert handed.filter(tone=None).exists()
    assert handed.exclude(tone=None).exclude(theme=None).exists()
    assert handed.filter(state=Remark.State.ANSWERED).exclude(reply="").exists()
    reopened = handed.get(state=Remark.State.REOPENED)
    assert (reopened.raised, bool(reopened.first_reply)) == (True, True)
    noted = RemarkStep.objects.count()
    assert load() == ""
    assert RemarkStep.objects.count() == noted


def test_the_last_day_may_be_named(accounts: Path) -> None:
    last = factories.last_month_end()
    call_command("load_demo", f"--until={last}", stdout=StringIO())
    assert Response.objects.count() == 900 + FEW
    assert not Response.objects.filter(day__gt=last).exists()
    assert Night.objects.latest("day").day == last


def test_releases_are_public(accounts: Path) -> None:
    load()
    opened = PublicRelease.objects.select_related("release__made_by", "made_by")
    assert opened.count() == Release.objects.count() > 0
    assert {one.made_by and one.made_by.username for one in opened} == {"duyet"}
    assert all(one.release.simulated for one in opened)
    assert "released" not in load()
    slug = opened[0].release.slug
    assert "mô phỏng" in Client().get(f"/ket-qua/{slug}/").content.decode()


def test_a_flood_waits_for_the_auditor(accounts: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The office has a past by which it is judged, as in the demonstration itself."""
    begin = timezone.localdate().replace(month=1, day=1) - timedelta(days=200)
    monkeypatch.setattr(responses, "BEGIN", begin)
    monkeypatch.setattr(responses, "RESPONSES", 8000)
    load()
    waits = Hold.objects.get(forms__gte=FEW)
    assert waits.state == Hold.State.WAITING
    assert waits.office.unit.code == responses.FLOODED
    aside = Response.objects.filter(hold=waits.pk, excluded=True, batch=None)
    assert aside.count() == waits.forms


def test_a_plan_was_measured_one_is_late_and_one_to_come(
    accounts: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(responses, "BEGIN", timezone.localdate() - timedelta(days=230))
    monkeypatch.setattr(responses, "RESPONSES", 8000)
    load()
    today = timezone.localdate()
    found = Plan.objects.order_by("pk")
    assert [(one.state, one.due_on < today, one.measured_on) for one in found] == [
        ("done", True, today),
        ("open", True, None),
        ("open", False, None),
    ]
    assert load_plans(today) == 0


def test_one_office_has_something_to_find(accounts: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(responses, "BEGIN", timezone.localdate() - timedelta(days=150))
    monkeypatch.setattr(responses, "RESPONSES", 2500)
    responses.load_responses(timezone.localdate() - timedelta(days=1))
    bursts = Response.objects.extra(where=["flags & 4 <> 0"])
    staged = bursts.filter(office__unit__code="30766")
    assert staged.count() >= 20
    assert staged.count() > 5 * bursts.exclude(office__unit__code="30766").count()
    assert staged.values("day").distinct().count() < 10


def test_a_second_run_changes_nothing(accounts: Path) -> None:
    load()
    before = (accounts.read_text("utf-8"), Response.objects.count(), Score.objects.count())
    assert load() == ""
    assert (accounts.read_text("utf-8"), Response.objects.count(), Score.objects.count()) == before


def test_a_run_that_was_cut_off_is_finished_by_the_next(accounts: Path) -> None:
    responses.load_responses(timezone.localdate() - timedelta(days=1))
    assert not Night.objects.exists()
    load()
    assert Response.objects.count() == 900 + FEW
    assert Night.objects.latest("day").differences == 0


def test_dossiers_are_simulated_for_the_province_and_leave_plausible_rates(accounts: Path) -> None:
    load()
    assert not DossierCount.objects.filter(simulated=False).exists()
    counted = set(DossierCount.objects.values_list("office__unit__parent__code", flat=True))
    assert "91" in counted
    last = timezone.localdate() - timedelta(days=1)
    assert not DossierCount.objects.filter(day__gt=last).exists()
    ward = Office.objects.get(unit__code="30769")
    counts = DossierCount.objects.filter(office=ward)
    assert not counts.filter(field=None).exists()
    dossiers = sum(counts.values_list("finished", flat=True))
    forms = Response.objects.filter(office=ward).count()
    assert 0.04 < forms / dossiers < 0.35
    assert not DossierCount.objects.exclude(office__in=visible_offices(official("tinh"))).exists()


def official(name: str) -> User:
    return User.objects.get(username=name)


def test_the_passwords_are_in_the_file_only_and_the_file_is_private(accounts: Path) -> None:
    said = load()
    known = passwords(accounts)
    assert list(known)[:3] == ["hatien", "tochau", "motcua"]
    assert len(set(known.values())) == len(known) == 12
    assert stat.S_IMODE(accounts.stat().st_mode) == 0o600
    for name, password in known.items():
        assert len(password) >= 14
        assert password not in said
        assert User.objects.get(username=name).check_password(password)


def test_everybody_sees_what_they_hold(accounts: Path) -> None:
    load()
    users = {user.username: user for user in User.objects.all()}
    ward = Office.objects.get(unit__code="30769")
    assert list(visible_offices(users["hatien"])) == [ward]
    assert visible_offices(users["tinh"]).count() == 6
    assert visible_offices(users["trunguong"]).count() == 7
    assert visible_units(users["tinh"]).filter(code="900").count() == 0
    held = {(one.role, scope_of(one)) for one in Membership.objects.select_related("unit")}
    assert {role for role, _ in held} == set(Role)
    assert all(scope in scopes_of(Role(role)) for role, scope in held)
    assert users["quantri"].is_superuser
    assert not any(user.is_staff for name, user in users.items() if name != "quantri")


def test_a_lost_file_means_new_passwords(accounts: Path) -> None:
    load()
    before = passwords(accounts)
    accounts.unlink()
    load()
    after = passwords(accounts)
    assert before.keys() == after.keys()
    assert not set(before.values()) & set(after.values())
    assert User.objects.get(username="tinh").check_password(after["tinh"])


def test_a_system_without_simulation_does_not_have_it() -> None:
    """Neither the app nor its commands; what else a system needs is there."""
    environment = {name: value for name, value in os.environ.items() if name != "SIMULATION"}
    listed = subprocess.run(
        [sys.executable, "manage.py", "help", "--commands"],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.split()
    assert {"load_registry", "load_instruments", "nightly", "release"} <= set(listed)
    assert not {"load_demo", "pass_time", "simulate"} & set(listed)


def test_it_refuses_where_real_people_have_answered(accounts: Path, settings: Settings) -> None:
    settings.DIRECTORY_CHECK_SECONDS = 0
    factories.answer(factories.office(), [5, 5, 5])
    with pytest.raises(CommandError, match="real responses"):
        load()
    assert Response.objects.count() == 1
    assert not accounts.exists()


def test_it_says_what_is_missing(accounts: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    Office.objects.filter(unit__code="30781").delete()
    with pytest.raises(CommandError, match="load_registry"):
        load()
    monkeypatch.delenv("DEMO_ACCOUNTS_FILE")
    with pytest.raises(CommandError, match="DEMO_ACCOUNTS_FILE"):
        load()


def test_a_file_that_cannot_be_written_is_one_sentence(accounts: Path) -> None:
    accounts.parent.write_text("in the way", "utf-8")
    with pytest.raises(CommandError, match="cannot be written"):
        load()


def test_the_first_night_gives_nobody_the_number_of_an_earlier_batch(
    accounts: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(responses, "BEGIN", timezone.localdate() - timedelta(days=400))
    yesterday = timezone.localdate() - timedelta(days=1)
    responses.load_responses(yesterday)
    batched = Response.objects.exclude(batch=None)

    def months() -> dict[tuple[int, int | None], set[tuple[int, int]]]:
        found: dict[tuple[int, int | None], set[tuple[int, int]]] = {}
        for office, batch, day in batched.values_list("office_id", "batch", "day"):
            found.setdefault((office, batch), set()).add((day.year, day.month))
        return found

    loaded = months()
    steps.close(yesterday)
    counted = months()
    assert len(counted) > len(loaded)
    # each lay in one month, and only the rest of this month may join it
    assert {place: counted[place] for place in loaded} == loaded
