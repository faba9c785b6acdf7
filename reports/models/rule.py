"""How a derived table says, beside its columns, by what each of them is proved."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from django.db import models
from django.utils.translation import gettext_lazy as _


class Part(models.TextChoices):
    """What of the derived data a proof computes again, in this order."""

    BATCHES = "batches", _("batches")
    CLOSED_MONTHS = "months", _("closed months")
    OPENINGS = "openings", _("what is shown beside headlines")
    OFFICES = "offices", _("figures of offices")
    UNITS = "units", _("figures of units")
    TABLES = "tables", _("tables by field, channel and quality")
    RELEASES = "releases", _("releases")


@dataclass(frozen=True, slots=True)
class ProofRule:
    """By what the columns of one table are proved; each column stands in exactly one of the four.

    keys: what says whose and which row it is. A wrong one shows as a row that is missing and one
    too many; proved: by part, the columns that it computes again; inputs: what the proof starts
    from. A wrong one shows in what comes of it; left: columns that are not proved, each with the
    reason.
    """

    keys: tuple[str, ...] = ()
    proved: Mapping[Part, tuple[str, ...]] = field(default_factory=dict)
    inputs: tuple[str, ...] = ()
    left: Mapping[str, str] = field(default_factory=dict)

    @property
    def columns(self) -> list[str]:
        """All columns that the rule speaks of; those that two parts prove stand once."""
        proved = {column for columns in self.proved.values() for column in columns}
        return sorted([*self.keys, *proved, *self.inputs, *self.left])
