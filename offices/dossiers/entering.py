"""Who enters counts, and what they are therefore called: of the portal, of above, of the office."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256

from offices.access import memberships_with, offices_served, offices_within
from offices.models import DossierSource, User
from offices.rights import Action


@dataclass(frozen=True, slots=True)
class Entering:
    """One act of entering counts.

    sources: what counts of an office are called, by its key; `usual` for all others. system: the
    name of another system, or of the machine's command. file: SHA-256 of what was sent. approved:
    the proposal by which two persons change closed months.
    """

    usual: DossierSource
    sources: Mapping[int, DossierSource]
    by: int | None = None
    system: str = ""
    file: str = ""
    reason: str = ""
    approved: int | None = None

    def source(self, office: int) -> DossierSource:
        """What this act's counts of an office are called."""
        return self.sources.get(office, self.usual)

    @property
    def said(self) -> str:
        """What the trigger that writes the ledger reads."""
        return json.dumps(
            {
                "by": self.by,
                "system": self.system[:120],
                "file": self.file,
                "reason": self.reason[:500],
                "approved": self.approved,
            }
        )


def by_official(
    user: User, content: bytes = b"", reason: str = "", approved: int | None = None
) -> Entering:
    """An official enters counts. Whoever holds a unit is above the offices in it.

    But not above one in which they hold a role as well, nor above those from which it took over:
    whoever is measured tells of themselves.
    """
    above: set[int] = set()
    for held in memberships_with(user, Action.IMPORT_DOSSIERS):
        if held.unit is not None:
            above |= set(offices_within(held.unit).values_list("pk", flat=True))
    above -= set(offices_served(user).values_list("pk", flat=True))
    return Entering(
        DossierSource.OWN,
        dict.fromkeys(above, DossierSource.ABOVE),
        by=user.pk,
        file=sha256(content).hexdigest() if content else "",
        reason=reason,
        approved=approved,
    )


def by_machine(account: str, content: bytes) -> Entering:
    """The operator's command, started by this account of the operating system."""
    return Entering(
        DossierSource.ABOVE,
        {},
        system=f"manage.py import_dossiers ({account})",
        file=sha256(content).hexdigest(),
    )


def by_system(name: str, content: bytes) -> Entering:
    """The portal or another system above the offices, by its key."""
    return Entering(DossierSource.PORTAL, {}, system=name, file=sha256(content).hexdigest())
