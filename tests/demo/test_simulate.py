"""`manage.py simulate`: where, when, how many, and one clear sentence for what cannot be."""

from datetime import date, timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from surveys.models import Instrument, Response, State
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def form() -> Instrument:
    """Three criteria in two factors."""
    return factories.instrument()


def run(*options: str) -> str:
    """What the command says."""
    out = StringIO()
    call_command("simulate", "--responses", "200", *options, stdout=out)
    return out.getvalue()


def test_the_command_simulates_a_province_by_its_code_on_both_sides_of_the_change() -> None:
    end = date(2025, 6, 30)
    old = factories.province(code="91", valid_to=end)
    new = factories.province(code="91", valid_from=end + timedelta(days=1))
    before = factories.office(factories.unit("district", old, valid_to=end), valid_to=end)
    after = factories.office(factories.unit(parent=new), valid_from=end + timedelta(days=1))
    elsewhere = factories.office()
    said = run("--from", "2025-01-01", "--to", "2025-12-31", "--province", "91")
    assert said.startswith("200 simulated responses")
    assert set(Response.objects.values_list("office", flat=True)) == {before.pk, after.pk}
    assert not Response.objects.filter(office=elsewhere).exists()


def test_the_command_simulates_named_offices() -> None:
    office = factories.office(slug="phuong-ha-tien")
    factories.office()
    run("--from", "2026-01-01", "--offices", "phuong-ha-tien", "--level", "0.9")
    assert set(Response.objects.values_list("office", flat=True)) == {office.pk}


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (["--from", "2026-02-01", "--to", "2026-01-01"], "is after"),
        (["--from", "2026-01-01", "--to", "2999-01-01"], "not over"),
        (["--from", "2026-02-17", "--to", "2026-02-17"], "no working day"),
        (["--from", "1990-01-01", "--to", "1990-02-01"], "not in 1990"),
        (["--from", "gestern"], "is not a day"),
        (["--from", "2026-01-01", "--province", "99"], "No province has the code 99"),
        (["--from", "2026-01-01", "--offices", "nowhere"], "no office nowhere"),
        (["--from", "2026-01-01", "--level", "1.5"], "is not between"),
        (["--from", "2026-01-01", "--instrument", "none"], "no questionnaire none"),
        (["--from", "2026-01-01", "--responses", "0"], "at least 1"),
        (["--from", "2026-01-01", "--seed", "-1"], "not be negative"),
    ],
)
def test_what_cannot_be_simulated_is_said_in_one_sentence(
    options: list[str], sentence: str
) -> None:
    factories.office()
    with pytest.raises(CommandError, match=sentence):
        run(*options)
    assert not Response.objects.exists()


def test_today_is_not_simulated() -> None:
    factories.office()
    with pytest.raises(CommandError, match="yesterday"):
        run("--from", "2026-01-01", "--to", timezone.localdate().isoformat())


def test_without_offices_or_questionnaire_the_command_says_what_to_load() -> None:
    with pytest.raises(CommandError, match="load_registry"):
        run("--from", "2026-01-01")
    factories.office()
    Instrument.objects.all().delete()
    with pytest.raises(CommandError, match="load_instruments"):
        run("--from", "2026-01-01")


def test_a_form_of_one_factor_is_never_left_halfway() -> None:
    factories.instrument({"A": 1}, slug="one", default=False)
    office = factories.office()
    run("--from", "2026-01-01", "--offices", office.slug, "--instrument", "one")
    assert set(Response.objects.values_list("state", flat=True)) == {State.FINISHED}
