"""Which figures of units are behind the figures they are the sum of."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from offices.models import Office
from reports.models.rule import ProofRule
from reports.models.score import Period


class Stale(models.Model):
    """Append-only. A period whose scores must be summed again.

    Of all units that `office` counts in up to its provinces; of the country where `office` is
    null. Written in the transaction that changes what is summed, deleted in the one that has
    summed: whoever is killed in between leaves it to the next run.
    """

    office = models.ForeignKey(Office, on_delete=models.CASCADE, null=True, related_name="+")
    period = models.CharField(max_length=7, choices=Period)
    start = models.DateField()

    proof: ClassVar[ProofRule] = ProofRule(
        left=dict.fromkeys(
            ("id", "office", "period", "start"),
            "what is to be done; whatever it names is left out of the proof until then",
        )
    )

    class Meta:
        verbose_name = _("stale figures")
        verbose_name_plural = _("stale figures")
        indexes = [models.Index("office", name="stale_office")]

    def __str__(self) -> str:
        return f"{self.office_id}: {self.period} {self.start}"
