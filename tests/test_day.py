"""A suite stays on one day, whenever it starts and however long it takes."""

import subprocess
import sys
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from django.utils import timezone

from tests import day

MODULE = timezone.localdate()  # read long before the test runs


def at(text: str) -> datetime:
    """This moment in Việt Nam."""
    return datetime.fromisoformat(text).replace(tzinfo=day.VIETNAM)


def test_what_a_module_reads_of_the_clock_holds_for_its_tests(today: date) -> None:
    assert today == MODULE == timezone.localdate()


def test_every_test_begins_anew_at_the_same_moment(pytestconfig: pytest.Config) -> None:
    # the day was fixed when this module was read: since then a midnight may have passed
    asked = pytestconfig.getoption("--today") or f"{MODULE}T{day.MORNING}"
    began = timezone.localtime() - day.moment(asked)
    assert timedelta() <= began < timedelta(seconds=40)


@pytest.mark.worker
def test_what_shares_its_clock_with_a_worker_has_the_real_one() -> None:
    assert abs(datetime.now(day.VIETNAM) - day.real_now()) < timedelta(seconds=1)


@pytest.mark.parametrize(
    ("now", "seconds"),
    [
        ("2026-12-31T23:59:15", 45),
        ("2026-12-31T23:57:00", 180),
        ("2026-12-31T23:56:59", 0),
        ("2027-01-01T00:00:00", 0),
    ],
)
def test_a_test_with_the_real_clock_waits_for_a_midnight_that_is_near(
    now: str, seconds: float
) -> None:
    assert day.until_tomorrow(at(now)) == seconds


def test_the_moment_is_chosen_in_vietnamese_time() -> None:
    assert day.moment("2026-12-31T23:59") == at("2026-12-31T23:59:00")
    usual = day.moment(None)
    assert (usual.hour, usual.minute) == (10, 0)
    assert abs(usual - day.real_now()) < timedelta(hours=15)


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    """A pytest of its own on this file, without a database."""
    return subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *arguments],
        cwd=Path(__file__).parents[1],
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_day_that_is_none_is_told_in_one_line() -> None:
    done = run("--today", "tomorrow", "tests/test_day.py", "-k", "holds")
    assert done.returncode == 4
    assert "--today takes a moment such as 2026-12-31T23:59." in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("moment", ["2026-05-14T23:59:15", "2026-12-31T23:59", "2027-03-31T23:59"])
def test_a_chosen_moment_is_the_one_of_modules_and_tests(moment: str) -> None:
    done = run("--today", moment, "tests/test_day.py", "-k", "holds or anew")
    assert "2 passed" in done.stdout
