"""Closed figures of offices broken down by another dimension, as they once were made.

Nothing is written here any more (decision 0037): tables are sums of cells, see `partition`.
"""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from offices.models import AdministrativeUnit, Office
from reports.models.rule import ProofRule
from reports.models.score import Period
from surveys.models import Instrument

FORMER = "made by the former method, shown as such; the page says that no proof computes it again"


class Dimension(models.TextChoices):
    """By what people are told apart."""

    FIELD = "field", _("field")
    CHANNEL = "channel", _("channel")
    QUALITY = "quality", _("quality of the forms")


class Breakdown(models.Model):
    """One table: the offices of a province of its time, by one dimension, in one closed period.

    Was written once, when the period closed, and never changed. `columns` are the keys of the
    dimension in order; the cells that may be shown are `BreakdownCell`. `procedures`: by the key of
    a procedure, the field it was in then, null where nobody kept it (before 0.5.0); whoever stood
    in it is in `BreakdownMembership`.
    """

    unit = models.ForeignKey(
        AdministrativeUnit, on_delete=models.CASCADE, related_name="breakdowns"
    )
    instrument = models.ForeignKey(Instrument, on_delete=models.PROTECT, related_name="+")
    dimension = models.CharField(max_length=8, choices=Dimension)
    period = models.CharField(max_length=7, choices=Period)
    start = models.DateField()
    columns = models.JSONField()
    procedures = models.JSONField(null=True)
    simulated = models.BooleanField(default=False)
    computed_at = models.DateTimeField()

    proof: ClassVar[ProofRule] = ProofRule(
        left=dict.fromkeys(
            (
                "id",
                "unit",
                "instrument",
                "dimension",
                "period",
                "start",
                "columns",
                "procedures",
                "simulated",
                "computed_at",
            ),
            FORMER,
        )
    )

    class Meta:
        db_table = "reports_cut"  # its name until 0.1.0; statements of others may use it
        verbose_name = _("breakdown")
        verbose_name_plural = _("breakdowns")
        constraints = [
            models.UniqueConstraint(
                "unit", "instrument", "dimension", "period", "start", name="cut_table"
            )
        ]

    def __str__(self) -> str:
        return f"{self.unit_id}: {self.dimension} {self.start}"


class BreakdownMembership(models.Model):
    """Which responses of an office a breakdown is made of: its batches without the `withdrawn`.

    people and digest: how many responses these are, and their `reports.models.closing.SEAL`.
    """

    breakdown = models.ForeignKey(Breakdown, on_delete=models.CASCADE, related_name="memberships")
    office = models.ForeignKey(Office, on_delete=models.CASCADE, related_name="+")
    batches = ArrayField(models.IntegerField())
    withdrawn = ArrayField(models.UUIDField())
    people = models.PositiveIntegerField(db_default=0)
    digest = models.CharField(max_length=64, db_default="")

    proof: ClassVar[ProofRule] = ProofRule(
        left=dict.fromkeys(
            ("id", "breakdown", "office", "batches", "withdrawn", "people", "digest"),
            FORMER,
        )
    )

    class Meta:
        verbose_name = _("membership of a breakdown")
        verbose_name_plural = _("memberships of breakdowns")
        constraints = [models.UniqueConstraint("breakdown", "office", name="breakdown_membership")]

    def __str__(self) -> str:
        return f"{self.breakdown_id}/{self.office_id}"


class BreakdownCell(models.Model):
    """A cell that is shown: an office's, or the whole province's where `office` is null."""

    breakdown = models.ForeignKey(
        Breakdown, on_delete=models.CASCADE, related_name="cells", db_column="cut_id"
    )
    office = models.ForeignKey(Office, on_delete=models.CASCADE, null=True, related_name="+")
    key = models.CharField(max_length=60)
    people = models.PositiveIntegerField()
    satisfied = models.BigIntegerField()
    answered = models.BigIntegerField()
    low = models.FloatField(null=True)
    high = models.FloatField(null=True)
    # Σy, Σm, Σy², Σm², Σym of the headline, as in `reports.sipas.counts.sums`: what a comparison
    # needs.
    moments = ArrayField(models.BigIntegerField(), size=5)

    proof: ClassVar[ProofRule] = ProofRule(
        left=dict.fromkeys(
            (
                "id",
                "breakdown",
                "office",
                "key",
                "people",
                "satisfied",
                "answered",
                "low",
                "high",
                "moments",
            ),
            FORMER,
        )
    )

    class Meta:
        db_table = "reports_cutcell"
        verbose_name = _("cell of a breakdown")
        verbose_name_plural = _("cells of breakdowns")
        constraints = [
            models.UniqueConstraint(
                "breakdown", "office", "key", name="cut_cell", nulls_distinct=False
            )
        ]

    def __str__(self) -> str:
        return f"{self.breakdown_id}/{self.office_id}: {self.key}"
