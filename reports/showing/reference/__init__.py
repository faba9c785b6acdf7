"""Figures that others have published, shown beside ours with their address and never mixed in."""

import csv
import re
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from pathlib import Path
from urllib.parse import urlsplit

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

TITLES = {
    "sipas_overall": _lazy("SIPAS, overall index"),
    "policy_component": _lazy("Policy component"),
    "service_component": _lazy("Service component"),
    "factor_access": _lazy("Factor: access"),
    "factor_procedures": _lazy("Factor: procedures"),
    "factor_civil_servants": _lazy("Factor: civil servants"),
    "factor_results": _lazy("Factor: results"),
    "factor_feedback": _lazy("Factor: feedback"),
}
FILE = Path(__file__).parent / "published.csv"
# How the file says that a figure or a rank is the sum or difference of two that were published.
DERIVED = re.compile(
    r"derived(?: =)?"
    r"(?: (?P<value>\d+\.\d+)(?P<step>[-+])(?P<change>\d+\.\d+);?)?"
    r"(?: rank (?P<rank>\d+)(?P<rank_step>[-+])(?P<places>\d+))?"
    r"(?: misprint for (?P<right>\d+\.\d+))?"
)
COMPUTED = re.compile(
    r"computed from the five published factors and their numbers of criteria; "
    r"contradicts (?P<other>\d+\.\d+)"
)
SIGNS = {"-": "\N{MINUS SIGN}", "+": "+"}


@dataclass(frozen=True)
class Reference:
    """One published figure. `value` is in percent as published, `rank` of so many provinces."""

    year: int
    level: str
    code: str
    metric: str
    value: str
    rank: str
    status: str
    source: str

    @property
    def percent(self) -> Decimal | None:
        """The value with the decimals it was published with; None if only a rank was."""
        return Decimal(self.value) if self.value else None

    @property
    def title(self) -> str:
        """What was measured."""
        return str(TITLES[self.metric])

    @property
    def host(self) -> str:
        """Who published it."""
        return urlsplit(self.source).hostname or self.source

    @property
    def certainty(self) -> str:
        """What to know about the figure; empty where the source simply says it."""
        if found := DERIVED.fullmatch(self.status):
            return _derived(found)
        if found := COMPUTED.fullmatch(self.status):
            return _(
                "computed from the five published factors and their numbers of criteria; "
                "%(other)s was published as well"
            ) % {"other": number_format(Decimal(found["other"]))}
        if "list order" in self.status:
            return _("read off the order of a list")
        return ""


def _derived(found: re.Match[str]) -> str:
    """What was added or subtracted, as the reader writes numbers."""
    said = []
    if found["value"]:
        value, change = (number_format(Decimal(found[name])) for name in ("value", "change"))
        sum_of = f"{value} {SIGNS[found['step']]} {change}"
        said.append(_("computed from published figures: %(sum)s") % {"sum": sum_of})
    if found["rank"]:
        sum_of = f"{found['rank']} {SIGNS[found['rank_step']]} {found['places']}"
        said.append(_("rank computed from published ranks: %(sum)s") % {"sum": sum_of})
    if found["right"]:
        right = number_format(Decimal(found["right"]))
        said.append(
            _("we read it as a misprint, for the five published factors give %(right)s")
            % {"right": right}
        )
    return "; ".join(said)


@cache
def _published() -> tuple[Reference, ...]:
    with FILE.open(encoding="utf-8", newline="") as lines:
        return tuple(
            Reference(
                int(row["year"]),
                row["level"],
                row["code"],
                row["metric"],
                row["value_pct"],
                row["rank_of_63"],
                row["status"],
                row["source"],
            )
            for row in csv.DictReader(lines)
        )


def reference_figures(level: str, code: str, of_today: bool) -> list[Reference]:
    """What was published about the country, or about a province of the map that ended in 2025.

    All of it was measured before 2025-07-01, so a code means the province of that time.
    """
    if level == "province" and of_today:
        return []
    return [r for r in _published() if r.level == level and (level == "country" or r.code == code)]
