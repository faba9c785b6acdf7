"""What browsers hold people to is what the server holds them to; each is said once a side."""

import re
from collections import defaultdict
from datetime import timedelta
from math import prod

import pytest
from django.utils.translation import override

from surveys.devices.wording import TEXTS
from surveys.intake.blinding import LAST_STEP
from surveys.intake.settling import LEFT_ALONE
from surveys.intake.submit import LONGEST_REMARK
from surveys.questionnaires.catalogue import DONT_KNOW
from tests.test_house import ROOT

HALF_AN_HOUR = LEFT_ALONE // timedelta(milliseconds=1)
CONSTANT = re.compile(r"^(?:export )?const ([A-Z_]+) = ([\d_]+(?: \* [\d_]+)*);", re.M)


def in_scripts() -> dict[str, list[tuple[str, int]]]:
    """Where our scripts give a name a number, and which; products are worked out."""
    found = defaultdict(list)
    for path in sorted((ROOT / "static" / "js").glob("*.js")):
        for name, said in CONSTANT.findall(path.read_text("utf-8")):
            number = prod(int(factor.replace("_", "")) for factor in said.split(" * "))
            found[name].append((path.stem, number))
    return found


@pytest.mark.parametrize(
    ("name", "places"),
    [
        ("DONT_KNOW", [("definition", DONT_KNOW)]),
        ("LONGEST_REMARK", [("definition", LONGEST_REMARK)]),
        # citizen.js is one file, because each one more is a wait more on a slow network
        ("LAST_STEP", [("citizen", LAST_STEP), ("definition", LAST_STEP)]),
        ("LASTS", [("citizen", HALF_AN_HOUR)]),
        ("LEFT_ALONE", [("outbox", HALF_AN_HOUR)]),
    ],
)
def test_scripts_know_the_servers_numbers(name: str, places: list[tuple[str, int]]) -> None:
    assert in_scripts()[name] == places


def test_what_people_read_is_that_time_too() -> None:
    minutes = f"{LEFT_ALONE // timedelta(minutes=1)} minutes"
    parts = ROOT / "templates" / "surveys" / "citizen" / "parts"
    page = (parts / "unfinished.html").read_text("utf-8")
    assert page.count(minutes) == 2
    with override("en"):
        for name in ("unfinished_if_yours", "unfinished_if_not"):
            assert minutes in str(TEXTS[name])
