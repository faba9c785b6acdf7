"""The lines of Thu phiếu: the offices of a unit, or the provinces of the country."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone

from offices import directory
from offices.access import memberships_with, offices_where
from offices.calendar import NO_EXCEPTIONS
from offices.models import AdministrativeUnit, Office
from offices.names import short
from offices.rights import Action
from offices.validity import Days
from officials.access import Reader
from officials.checking import Checking
from officials.figures.choice import Choice
from officials.figures.rows import checked_rows, rows_of_country, rows_of_unit
from reports.counting.closing import closed_through, closing_day, is_closed
from reports.counting.periods import previous
from reports.models import Score
from reports.showing.collecting import (
    Before,
    Collecting,
    Pace,
    aims_in,
    days_together,
    own_days,
    pace_of,
    turns_in,
)
from reports.showing.figures import HIDDEN, Figure
from reports.showing.parts import (
    dissolved,
    groups_of,
    office_names,
    offices_of,
    parts_of,
    unit_names,
)
from reports.showing.progress import Finished, Progress, Told, by_group, finished_in, told_in
from reports.showing.subjects import Subjects


@dataclass(frozen=True, slots=True)
class ProgressLine:
    """One office or province of the table; `address` is empty for a row without a page.

    office: None for provinces, and for what cannot be traced to one. told: who told the newest
    number of its dossiers; ledger: the address of all of them, where the reader may read it.
    """

    name: str
    address: str
    figure: Figure
    progress: Progress
    state: Collecting
    office: Office | None = None
    told: Told | None = None
    ledger: str = ""


def lines_of_unit(
    user: Reader,
    shown: AdministrativeUnit,
    choice: Choice,
    parts: Sequence[Score],
    proof: Checking,
) -> list[ProgressLine]:
    """The offices that worked in the period or were asked about, each with what it inherited.

    parts: see `reports.showing.parts.parts_of`.
    """
    offices = offices_of(shown, choice.territory)
    groups = groups_of(offices, choice.territory)
    rows = {
        row.key: row
        for row in checked_rows(rows_of_unit(shown, choice, parts), shown, choice, proof)
    }
    finished = by_group(finished_in(choice.span, offices), groups)
    working = {groups[key] for key, office in offices.items() if office.days.touch(choice.span)}
    keys = working | rows.keys() | finished.keys()
    names = short_names(office_names(offices[key] for key in keys if key is not None))
    states = _States(shown, choice, parts, offices, groups)
    ledgers = _ledgers(user, shown, choice)
    lines = []
    for key in keys:
        office = offices[key] if key is not None else None
        figure = rows[key].figure if key in rows else HIDDEN
        lines.append(
            ProgressLine(
                names[office.pk] if office else dissolved(),
                _page("office_progress", office.slug, choice) if office else "",
                figure,
                Progress(finished.get(key), figure.people),
                states.of(key, figure, finished.get(key)),
                office,
                states.told.get(office.pk) if office else None,
                ledgers(office) if office else "",
            )
        )
    return lines


def _ledgers(user: Reader, shown: AdministrativeUnit, choice: Choice) -> Callable[[Office], str]:
    """The address of an office's ledger of dossiers; empty where the reader may not read it."""
    rights = (Action.IMPORT_DOSSIERS, Action.READ_AUDIT)
    above = {unit.pk for unit in shown.chain()}
    held = [one for right in rights for one in memberships_with(user, right)]
    all_of_them = any(one.unit_id in above for one in held)
    reads: set[int] = set()
    if held and not all_of_them:
        within = Office.objects.within(shown, choice.territory.column).values("pk")
        found = offices_where(user, rights[0]) | offices_where(user, rights[1])
        reads = set(found.filter(pk__in=within).values_list("pk", flat=True))

    def ledger(office: Office) -> str:
        if not all_of_them and office.pk not in reads:
            return ""
        return reverse("officials:dossier_changes", args=[office.slug])

    return ledger


class _States:
    """What each office of a list has collected; as few statements as one needs."""

    def __init__(
        self,
        shown: AdministrativeUnit,
        choice: Choice,
        parts: Sequence[Score],
        offices: Mapping[int, Office],
        groups: Mapping[int, int | None],
    ) -> None:
        self.pace = _pace(choice, parts)
        self.members: dict[int | None, list[Office]] = defaultdict(list)
        for key, group in groups.items():
            if offices[key].days.touch(choice.span):
                self.members[group].append(offices[key])
        self.told = told_in(choice.span, offices)
        self.aims = aims_in(offices, choice.span)
        self.own = own_days(offices)
        self.turns: Mapping[int, str] = {}
        self.before: Mapping[int | None, Figure] = {}
        if self.pace.open:
            self.turns = turns_in(offices, choice.instrument.id, choice.span)
            earlier = choice.on(previous(choice.span))
            if is_closed(earlier.span, closed_through()):
                rows = rows_of_unit(shown, earlier, parts_of(shown, earlier))
                self.before = {row.key: row.figure for row in rows}

    def of(self, key: int | None, figure: Figure, finished: Finished | None) -> Collecting:
        """Of one line of the list: of all days and turns of whoever counts in it."""
        members = self.members[key]
        turns = [(one.days, self.turns[one.pk]) for one in members if one.pk in self.turns]
        return self.pace.of(
            figure.people,
            finished,
            days=days_together(one.days for one in members),
            own=self.own.get(key or 0, NO_EXCEPTIONS),
            turn=self.pace.turn_of(turns),
            aim=self.aims.get(key or 0),
            before=Before(self.before[key].people) if key in self.before else None,
        )


def lines_of_country(
    shown: AdministrativeUnit, choice: Choice, parts: Sequence[Score], proof: Checking
) -> list[ProgressLine]:
    """The provinces of the chosen map that have answers or dossiers in the period."""
    listed_rows = checked_rows(rows_of_country(choice, parts), shown, choice, proof)
    rows = {row.key: row for row in listed_rows}
    counts = finished_in(choice.span)
    provinces_of = _Provinces(choice)
    finished = by_group(counts, provinces_of.groups)
    lines = []
    known = [key for key in rows.keys() | finished.keys() if key is not None]
    pace = _pace(choice, parts)
    turns = turns_in(None, choice.instrument.id, choice.span) if pace.open else {}
    for key, name in unit_names(directory.provinces(known).values(), choice.span).items():
        figure = rows[key].figure if key in rows else HIDDEN
        worked = provinces_of.worked[key]
        whole = worked.keys() <= counts.keys()
        lines.append(
            ProgressLine(
                name,
                _page("unit_progress", key, choice),
                figure,
                Progress(finished.get(key), figure.people, whole=whole),
                pace.of(
                    figure.people,
                    finished.get(key) if whole else None,
                    days=days_together(worked.values()),
                    turn=pace.turn_of(
                        (days, turns[office]) for office, days in worked.items() if office in turns
                    ),
                ),
            )
        )
    return lines


class _Provinces:
    """By office its province on the chosen map, and by province who worked in the period, when."""

    def __init__(self, choice: Choice) -> None:
        level = AdministrativeUnit.Level.PROVINCE
        # Any: of the column that it adds
        members: QuerySet[Any, Any] = Subjects.of_level(level, choice.territory).members
        self.groups: dict[int, int | None] = {}
        self.worked: dict[int, dict[int, Days]] = defaultdict(dict)
        for office, province, first, last in members.values_list(
            "pk", "subject", "valid_from", "valid_to"
        ):
            self.groups[office] = province
            days = Days(first, last)
            if days.touch(choice.span):
                self.worked[province][office] = days


def _pace(choice: Choice, parts: Sequence[Score]) -> Pace:
    """How it stands with the period; figures that are read already say whether it is closed."""
    if any(part.closed for part in parts):
        through: date | None = closing_day(choice.span)
    else:
        through = closed_through()
    return pace_of(choice.span, timezone.localdate(), choice.policy, through)


def _page(name: str, key: str | int, choice: Choice) -> str:
    return reverse(f"officials:{name}", args=[key]) + choice.query()


def short_names(names: Mapping[int, str]) -> dict[int, str]:
    """By office its name without what it is; whole where two would be called the same."""
    found = {key: short(name) for key, name in names.items()}
    times = Counter(found.values())
    return {key: names[key] if times[name] > 1 else name for key, name in found.items()}


def kinds_of(lines: Iterable[ProgressLine]) -> list[str]:
    """What the offices of a list are, each kind once."""
    kinds = {line.office.get_kind_display() for line in lines if line.office is not None}
    return sorted(str(kind) for kind in kinds)
