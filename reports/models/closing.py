"""Which months of an office are closed, and of whose answers they were made when they closed."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from offices.models import Office
from reports.models.rule import Part, ProofRule
from surveys.labels import CHANNEL, FLAGS, PROCEDURE, PROVED, RESOLVED_BY, STAGE
from surveys.models import Instrument

# One line for each counted response of a month with whatever a figure is made of, in the order of
# ids. Not with the columns that later change by right: `excluded` and `withdrawn`. The SHA-256 over
# them begins with the key of the labels: else whoever has a dump could try labels until it fits.
# OPEN_SEAL, of months that were closed before, lacks the key. All want the table as `r`, and the
# parameter `opener` (`surveys.labels`).
LINES = f"""
convert_to(coalesce(string_agg(
    concat_ws(',', r.id, r.day, r.batch, {RESOLVED_BY}, {PROCEDURE}, {CHANNEL}, {STAGE}, {FLAGS},
              r.simulated, encode(r.answers, 'hex'), nullif({PROVED}, 0)),
    ';' ORDER BY r.id), ''), 'UTF8')
"""
SEAL = f"encode(sha256(coalesce(%(opener)s::bytea, '') || {LINES}), 'hex')"
OPEN_SEAL = f"encode(sha256({LINES}), 'hex')"
# Of the row `c` of a closed month.
SEAL_OF = f"""
encode(sha256(CASE WHEN c.keyed THEN coalesce(%(opener)s::bytea, '') ELSE '' END || {LINES}), 'hex')
"""


class ClosedMonth(models.Model):
    """A month that is closed for one office and questionnaire: it never opens again.

    Written when the night closes the month, changed by nothing but a recount that an operator asks
    for. It is no sum of anything: where all derived tables are lost, this one says which months
    were shown whole. `newest`: the highest number among the batches of the month's days when it
    closed, 0 without one; `people` and `digest`: how many responses of these days stand in
    batches up to it, and their seal,
    which is `keyed` or of before.
    """

    office = models.ForeignKey(Office, on_delete=models.CASCADE, related_name="closed_months")
    instrument = models.ForeignKey(Instrument, on_delete=models.PROTECT, related_name="+")
    start = models.DateField()
    newest = models.PositiveIntegerField()
    people = models.PositiveIntegerField()
    digest = models.CharField(max_length=64)
    keyed = models.BooleanField(default=False, db_default=False)
    closed_at = models.DateTimeField()

    proof: ClassVar[ProofRule] = ProofRule(
        keys=("office", "instrument", "start"),
        proved={Part.CLOSED_MONTHS: ("newest", "people", "digest")},
        left={
            "id": "a number of the row",
            "keyed": "another one breaks the seal",
            "closed_at": "when it was written",
        },
    )

    class Meta:
        verbose_name = _("closed month")
        verbose_name_plural = _("closed months")
        constraints = [
            models.UniqueConstraint("office", "instrument", "start", name="closed_month")
        ]

    def __str__(self) -> str:
        return f"{self.office_id}: {self.start:%Y-%m}"
