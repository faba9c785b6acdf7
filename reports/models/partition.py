"""The people of rows told apart by field, quality and channel: what all tables are sums of.

The rule is in `reports.sipas.hiding.partition`. Written when a month, quarter or year is closed and
never divided otherwise: a second division would tell by its difference what neither tells alone.
"""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from offices.models import Office
from reports.models.rule import Part, ProofRule
from reports.models.score import Period
from surveys.models import Instrument

LABEL = 60


class Partition(models.Model):
    """Rows of one office and questionnaire whose people are told apart together.

    `number` is that of its newest row; period and start: the shortest month, quarter or year that
    holds the rows; `procedures`: by the key of a procedure, the field that it was in then.
    """

    office = models.ForeignKey(Office, on_delete=models.CASCADE, related_name="+")
    instrument = models.ForeignKey(Instrument, on_delete=models.PROTECT, related_name="+")
    number = models.PositiveIntegerField()
    rows = ArrayField(models.IntegerField())
    period = models.CharField(max_length=7, choices=Period)
    start = models.DateField()
    procedures = models.JSONField()
    formed_at = models.DateTimeField()

    proof: ClassVar[ProofRule] = ProofRule(
        keys=("office", "instrument", "number", "start"),
        proved={Part.TABLES: ("rows", "period")},
        inputs=("procedures",),
        left={"id": "a number of the row", "formed_at": "when it was written"},
    )

    class Meta:
        verbose_name = _("partition of rows")
        verbose_name_plural = _("partitions of rows")
        indexes = [models.Index("office", "instrument", "start", name="partition_office_start")]
        constraints = [
            models.UniqueConstraint("office", "instrument", "number", name="partition_number")
        ]

    def __str__(self) -> str:
        return f"{self.office_id}/{self.number}"


class Cell(models.Model):
    """Who stands together in every table: at least k people, and their headline.

    `labels`: field, quality and channel, "*" where people of several stand together; `members`:
    the labels of its people; `moments`: Σy, Σm, Σy², Σm², Σym of the headline, as they are now.
    """

    partition = models.ForeignKey(Partition, on_delete=models.CASCADE, related_name="cells")
    place = models.PositiveSmallIntegerField()
    labels = ArrayField(models.CharField(max_length=LABEL))
    members = models.JSONField()
    people = models.PositiveIntegerField()
    moments = ArrayField(models.BigIntegerField(), size=5)

    proof: ClassVar[ProofRule] = ProofRule(
        keys=("partition", "place"),
        proved={Part.TABLES: ("labels", "members", "people", "moments")},
        left={"id": "a number of the row"},
    )

    class Meta:
        verbose_name = _("cell of a partition")
        verbose_name_plural = _("cells of partitions")
        constraints = [models.UniqueConstraint("partition", "place", name="partition_cell")]

    def __str__(self) -> str:
        return f"{self.partition_id}: {self.labels}"
