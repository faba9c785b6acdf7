"""Which blocks stay together for good, and what has opened of their answers beside the headline.

The rule is in `reports.sipas.hiding.opening`. Written when months are closed, never taken back: a
second decision would tell by its difference what neither tells alone.
"""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from offices.models import Office
from reports.models.rule import Part, ProofRule
from reports.models.score import Period
from surveys.models import Instrument

COLUMN = 16  # letters of a column, see `reports.sipas.hiding.columns`


class BlockRow(models.Model):
    """Blocks of one office and questionnaire that stay together: those of a closed month, or a
    block that small months or late answers made.

    `number` is its newest block's; period and start: the shortest month, quarter or year that holds
    it; `closed`: the factors that too few people answered, with their partner; `partition`: the
    number of the `Partition` that tells its people apart, null while it waits for one;
    `moved`: whether somebody left it or came back after it was formed: nothing more opens then.
    """

    office = models.ForeignKey(Office, on_delete=models.CASCADE, related_name="+")
    instrument = models.ForeignKey(Instrument, on_delete=models.PROTECT, related_name="+")
    number = models.PositiveIntegerField()
    period = models.CharField(max_length=7, choices=Period)
    start = models.DateField()
    blocks = ArrayField(models.IntegerField())
    closed = ArrayField(models.CharField(max_length=COLUMN))
    partition = models.PositiveIntegerField(null=True)
    moved = models.BooleanField(default=False, db_default=False)
    formed_at = models.DateTimeField()

    proof: ClassVar[ProofRule] = ProofRule(
        keys=("office", "instrument", "number", "start"),
        proved={Part.OPENINGS: ("period", "blocks", "closed"), Part.TABLES: ("partition",)},
        left={"id": "a number of the row", "formed_at": "when it was written"}
        | {"moved": "history; opened columns are proved by whoever stands"},
    )

    class Meta:
        verbose_name = _("row of blocks")
        verbose_name_plural = _("rows of blocks")
        constraints = [models.UniqueConstraint("office", "instrument", "number", name="block_row")]

    def __str__(self) -> str:
        return f"{self.office_id}/{self.number}"


class Opening(models.Model):
    """Columns that are shown of one row, or of several together, and their sums as they are now.

    `rows`: their numbers; `columns`: what opened; `sums`: deflated
    `reports.sipas.hiding.columns.Opened`; period and start: the shortest period that holds the rows
    wholly. Figures of this period and of longer ones are sums of openings.
    """

    office = models.ForeignKey(Office, on_delete=models.CASCADE, related_name="+")
    instrument = models.ForeignKey(Instrument, on_delete=models.PROTECT, related_name="+")
    rows = ArrayField(models.IntegerField())
    columns = ArrayField(models.CharField(max_length=COLUMN))
    period = models.CharField(max_length=7, choices=Period)
    start = models.DateField()
    sums = models.BinaryField()
    opened_at = models.DateTimeField()

    proof: ClassVar[ProofRule] = ProofRule(
        keys=("office", "instrument", "rows", "columns", "start"),
        proved={Part.OPENINGS: ("period", "sums")},
        left={"id": "a number of the row", "opened_at": "when it was written"},
    )

    class Meta:
        verbose_name = _("opening")
        verbose_name_plural = _("openings")
        indexes = [models.Index("office", "instrument", "start", name="opening_office_start")]
        constraints = [
            models.UniqueConstraint("office", "instrument", "rows", "columns", name="opening_rows")
        ]

    def __str__(self) -> str:
        return f"{self.office_id}: {self.rows}"
