"""The batches in which open figures are shown: what all figures are the sum of."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from offices.models import Office
from reports.models.rule import Part, ProofRule
from surveys.models import Instrument


class Batch(models.Model):
    """One day's share of a batch (block): at least k people of one office and questionnaire.

    Figures are sums of whole batches; `number` grows from night to night. A batch may reach over
    several days, one row each, because answers arrive late and offices are small.
    """

    office = models.ForeignKey(Office, on_delete=models.CASCADE, related_name="batches")
    instrument = models.ForeignKey(Instrument, on_delete=models.PROTECT, related_name="+")
    number = models.PositiveIntegerField()
    day = models.DateField()
    people = models.PositiveIntegerField()
    sums = models.BinaryField()
    # Σy, Σm, Σy², Σm², Σym of the headline, as in `reports.sipas.counts.sums`: days and weeks are
    # summed from them when they are read.
    moments = ArrayField(models.BigIntegerField(), size=5, db_default=[0, 0, 0, 0, 0])
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


class Turn(models.TextChoices):
    """How often the open figures of an office move: `reports.sipas.hiding.blocks.Rhythm`."""

    NIGHT = "night", _("every night")
    WEEK = "week", _("every week")
    MONTH = "month", _("when the month is closed")


class OfficeRhythm(models.Model):
    """How often an office's open figures move in a year, chosen from the year before and fixed."""

    office = models.ForeignKey(Office, on_delete=models.CASCADE, related_name="+")
    instrument = models.ForeignKey(Instrument, on_delete=models.PROTECT, related_name="+")
    year = models.PositiveSmallIntegerField()
    turn = models.CharField(max_length=5, choices=Turn)

    proof: ClassVar[ProofRule] = ProofRule(
        left=dict.fromkeys(
            ("id", "office", "instrument", "year", "turn"),
            "chosen from what was known then; it says when figures move and not what they are",
        )
    )

    class Meta:
        verbose_name = _("rhythm of an office")
        verbose_name_plural = _("rhythms of offices")
        constraints = [
            models.UniqueConstraint("office", "instrument", "year", name="office_rhythm")
        ]

    def __str__(self) -> str:
        return f"{self.office_id} {self.year}: {self.turn}"
