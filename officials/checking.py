"""What pages say of the proof: a line at their foot, and which of their figures it did not prove.

A figure that differs is neither hidden nor corrected; it bears "being checked". As long as nothing
differs, the line's own statement is the only one.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from django.contrib.auth.models import AnonymousUser

from offices.access import may
from offices.models import User
from offices.rights import Action
from reports.counting.periods import Span
from reports.models import TerritoryMap
from reports.proof import doubts, standing
from reports.proof.doubts import Doubted as Doubted
from reports.proof.standing import BeingChecked, ProofSummary
from reports.showing.figures import all_marked as all_marked
from reports.showing.figures import marked as marked
from reports.showing.subjects import Subjects


@dataclass(frozen=True, slots=True)
class Checking:
    """The proof as one request sees it."""

    summary: ProofSummary
    may_look: bool

    @property
    def context(self) -> dict[str, object]:
        """What the line at the foot of a page needs."""
        return {"proof": self.summary, "may_see_proofs": self.may_look}

    def of_office(self, office: int, instrument: int) -> Collection[Doubted]:
        """What stands of one office, of whatever period."""
        return doubts.of_office(office, instrument) if self.summary.differences else ()

    def of_unit(
        self, unit: int, subject: Subjects, territory: TerritoryMap, instrument: int
    ) -> Collection[Doubted]:
        """What stands of a unit on a map: of its offices, of itself, of units within it."""
        if not self.summary.differences:
            return ()
        return doubts.of_unit(unit, subject, territory, instrument)

    def listed(
        self,
        span: Span,
        instrument: int,
        territory: TerritoryMap,
        *,
        offices: Iterable[int] = (),
        units: Iterable[int] = (),
    ) -> BeingChecked:
        """Those of these offices and units, by key, whose figure of the period is being checked."""
        if not self.summary.differences:
            return BeingChecked()
        return standing.being_checked(
            span, instrument, territory, offices=list(offices), units=list(units)
        )


def checking(user: User | AnonymousUser) -> Checking:
    """What this reader is told of the proof."""
    return Checking(standing.summary(), may(user, Action.SEE_PROOFS))
