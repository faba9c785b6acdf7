"""When an office's remarks were last handed over, and how many people were shown by then."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from offices.models import Office
from reports.models.rule import ProofRule


class Handover(models.Model):
    """One row an office. `people`: all who stood in shown batches at the last handing over."""

    office = models.OneToOneField(
        Office, on_delete=models.CASCADE, primary_key=True, related_name="+"
    )
    people = models.PositiveIntegerField(default=0)

    proof: ClassVar[ProofRule] = ProofRule(
        left={
            "office": "whose remarks are next is no figure",
            "people": "of a moment that is gone: who is shown has grown since by whole batches",
        }
    )

    class Meta:
        db_table = "reports_remarkrelease"
        verbose_name = _("handover of remarks")
        verbose_name_plural = _("handovers of remarks")

    def __str__(self) -> str:
        return f"{self.office_id}: {self.people}"
