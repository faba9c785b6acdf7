"""How far an office or unit has come in a period: finished dossiers, the target, the answers.

The answers are the people of a shown figure, never counted here: a count of responses
would say what the figure still holds back.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any  # of rows with columns of many kinds

from django.contrib.postgres.aggregates import BoolOr
from django.db.models import Max, Q, Sum

from offices.lists import Asked, Row
from offices.models import DossierChange, DossierCount, DossierSource
from reports.counting.periods import Span
from reports.showing.figures import Figure
from reports.sipas.index import percentages
from reports.sipas.samples import sampling


@dataclass(frozen=True, slots=True)
class Finished:
    """Finished dossiers of a period; `through` is the last day that has a count.

    own: whether the office tells any of it itself, which is measured against it.
    """

    dossiers: int
    through: date
    simulated: bool
    own: bool = False


def finished_in(span: Span, offices: Iterable[int] | None = None) -> dict[int, Finished]:
    """By office, what was finished in `span`; offices without counts are left out.

    offices: only these keys; all by default.
    """
    return {row["office"]: _finished(row, row["through"]) for row in finished_asked(span, offices)}


def finished_asked(span: Span, offices: Iterable[int] | None = None) -> Asked:
    """What `finished_in` reads, for whoever reads it along with something else."""
    counts = DossierCount.objects.between(span.first, span.last)
    if offices is not None:
        counts = counts.filter(office__in=offices)
    asked = counts.values("office").annotate(
        dossiers=Sum("finished"),
        through=Max("day"),
        made_up=BoolOr("simulated"),
        own=BoolOr(Q(source=DossierSource.OWN)),
    )
    return asked.order_by()


def finished_of(rows: Iterable[Row]) -> dict[int, Finished]:
    """As `finished_in`, of rows that `read_lists` read."""
    return {row["office"]: _finished(row, date.fromisoformat(row["through"])) for row in rows}


def _finished(row: Mapping[str, Any], through: date) -> Finished:
    return Finished(row["dossiers"], through, row["made_up"], row["own"])


@dataclass(frozen=True, slots=True)
class Told:
    """Who told the newest number of dossiers of a period, and when.

    system: of another system; by: the name of who brought a file; both empty where neither is
    known.
    """

    source: DossierSource
    at: datetime
    system: str
    by: str


def told_in(span: Span, offices: Iterable[int]) -> dict[int, Told]:
    """By office who told its newest number of this period, by the ledger."""
    days = (span.first, span.last)
    rows = DossierChange.objects.filter(office__in=list(offices), day__range=days)
    newest = rows.order_by("office_id", "-pk").distinct("office_id").select_related("by")
    return {
        one.office_id: Told(
            DossierSource(one.source),
            one.at,
            one.system,
            (one.by.get_full_name() or one.by.get_username()) if one.by else "",
        )
        for one in newest
    }


def together(parts: Iterable[Finished | None]) -> Finished | None:
    """The sum of those that are known; None if none is."""
    known = [part for part in parts if part is not None]
    if not known:
        return None
    return Finished(
        sum(part.dossiers for part in known),
        max(part.through for part in known),
        any(part.simulated for part in known),
        any(part.own for part in known),
    )


@dataclass(frozen=True, slots=True)
class Progress:
    """What a page shows of one office or unit; None is what is not known or not shown.

    finished: None without dossier counts; people: None if they are too few to be shown.
    whole: whether the dossiers of everybody in `people` are counted, so that a rate has a sense.
    """

    finished: Finished | None
    people: int | None
    whole: bool = True

    @property
    def target(self) -> int | None:
        """The forms that CV 1159 asks for."""
        return None if self.finished is None else sampling.target(self.finished.dossiers)

    @property
    def reached(self) -> int | None:
        """How much of the target is there, in whole percent, rounded down; more than 100 as well.

        None if dossiers are missing, because the target is then too low.
        """
        if self.people is None or not self.target or not self.whole:
            return None
        return 100 * self.people // self.target

    @property
    def _rate(self) -> sampling.ResponseRate | None:
        if self.people is None or self.finished is None or not self.whole:
            return None
        return sampling.response_rate(self.people, self.finished.dossiers)

    @property
    def rate(self) -> Decimal | None:
        """Answers per hundred finished dossiers, one decimal; None if it is impossible."""
        rate = self._rate
        return None if rate is None or rate.impossible else percentages.percent(rate.share, 1)

    @property
    def impossible(self) -> bool:
        """More answers than dossiers: one of the counts is wrong."""
        rate = self._rate
        return rate is not None and rate.impossible

    @property
    def margin(self) -> float | None:
        """What a random sample of so many people would leave open, in points, at 50 %."""
        if self.people is None or self._rate is None or self.impossible or self.finished is None:
            return None
        return sampling.margin_of_error(self.people, self.finished.dossiers)


@dataclass(frozen=True, slots=True)
class Stratum:
    """One office or province of an allocation: its dossiers and what is shown of it."""

    name: str
    dossiers: int
    figure: Figure


@dataclass(frozen=True, slots=True)
class AllocatedShare:
    """The forms of a stratum; `borrowed`: its spread is the whole's, its own is not shown."""

    name: str
    dossiers: int
    deviation: float
    borrowed: bool
    proportional: int
    neyman: int


WIDEST = 0.5  # S where not even the whole has a shown figure: no answer can spread more


def allocate(
    total: int, strata: Sequence[Stratum], whole: Figure, minimum: int
) -> list[AllocatedShare]:
    """`total` forms divided among `strata` in the two ways of `reports.sipas.samples.sampling`.

    whole: the figure that lends its spread to strata without a shown one. Raises ValueError where
    the total does not fit the dossiers or the minima.
    """
    lent = WIDEST if whole.share is None else sampling.deviation(float(whole.share))
    spreads = [
        lent if stratum.figure.share is None else sampling.deviation(float(stratum.figure.share))
        for stratum in strata
    ]
    sizes = [stratum.dossiers for stratum in strata]
    rows = zip(
        strata,
        spreads,
        sampling.proportional(total, sizes, minimum),
        sampling.neyman(total, sizes, spreads, minimum),
        strict=True,
    )
    return [
        AllocatedShare(
            stratum.name, stratum.dossiers, spread, stratum.figure.share is None, by_size, by_spread
        )
        for stratum, spread, by_size, by_spread in rows
    ]


def by_group(
    finished: Mapping[int, Finished], groups: Mapping[int, int | None]
) -> dict[int | None, Finished]:
    """Finished dossiers by the group that each office counts with."""
    parts: dict[int | None, list[Finished]] = defaultdict(list)
    for office, part in finished.items():
        if office in groups:
            parts[groups[office]].append(part)
    return {group: whole for group, found in parts.items() if (whole := together(found))}
