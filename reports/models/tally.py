"""Mergeable counts, and the batches in which open figures are shown."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from offices.models import Field, Office
from reports.models.rule import Part, ProofRule
from surveys.models import Channel, Instrument, Stage


def no_moments() -> list[int]:
    """The moments of nobody."""
    return [0, 0, 0, 0, 0]


class Tally(models.Model):
    """Counts of one cell: everything that pages filter by, for one office and day.

    `sums` is `reports.sipas.counts.sums.Sums.to_bytes()`, deflated. Cells add up; instruments never
    do.
    """

    office = models.ForeignKey(Office, on_delete=models.CASCADE, related_name="tallies")
    day = models.DateField()
    instrument = models.ForeignKey(Instrument, on_delete=models.PROTECT, related_name="+")
    authority = models.ForeignKey(Office, on_delete=models.PROTECT, related_name="+")
    channel = models.PositiveSmallIntegerField(choices=Channel)
    stage = models.PositiveSmallIntegerField(choices=Stage)
    field = models.ForeignKey(Field, on_delete=models.PROTECT, null=True, related_name="+")
    simulated = models.BooleanField(default=False)
    people = models.PositiveIntegerField()
    sums = models.BinaryField()

    proof: ClassVar[ProofRule] = ProofRule(
        left=dict.fromkeys(
            (
                *("id", "office", "day", "instrument", "authority", "channel", "stage", "field"),
                *("simulated", "people", "sums"),
            ),
            "no page reads it",
        )
    )

    class Meta:
        verbose_name = _("tally")
        verbose_name_plural = _("tallies")
        indexes = [models.Index("office", "day", name="tally_office_day")]
        constraints = [
            models.UniqueConstraint(
                "office",
                "day",
                "instrument",
                "authority",
                "channel",
                "stage",
                "field",
                "simulated",
                name="tally_cell",
                nulls_distinct=False,
            )
        ]

    def __str__(self) -> str:
        return f"{self.office_id} {self.day}: {self.people}"


class Batch(models.Model):
    """One day's share of a batch: at least k responses of one office and instrument.

    Open figures are shown in whole batches; `number` grows in the order of arrival. A batch may
    reach over several days, one row each, because answers arrive late and offices are small.
    """

    office = models.ForeignKey(Office, on_delete=models.CASCADE, related_name="batches")
    instrument = models.ForeignKey(Instrument, on_delete=models.PROTECT, related_name="+")
    number = models.PositiveIntegerField()
    day = models.DateField()
    people = models.PositiveIntegerField()
    sums = models.BinaryField()
    # Σy, Σm, Σy², Σm², Σym of the headline, as in `reports.sipas.counts.sums`: days and weeks are
    # summed from them when they are read.
    moments = ArrayField(
        models.BigIntegerField(), size=5, default=no_moments, db_default=[0, 0, 0, 0, 0]
    )
    # Of those people, who has left the figures of months and longer; null for nobody.
    withdrawn = models.BinaryField(null=True)

    proof: ClassVar[ProofRule] = ProofRule(
        keys=("office", "instrument", "number", "day"),
        proved={Part.BATCHES: ("people", "sums", "moments", "withdrawn")},
        left={"id": "a number of the row"},
    )

    class Meta:
        verbose_name = _("batch")
        verbose_name_plural = _("batches")
        indexes = [models.Index("office", "day", name="batch_office_day")]
        constraints = [
            models.UniqueConstraint(
                "office", "instrument", "number", "day", name="batch_number_day"
            )
        ]

    def __str__(self) -> str:
        return f"{self.office_id}/{self.number}"
