"""Who was asked from above to see to it that more forms come in, and what became of the mail."""

from typing import ClassVar

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from offices.models import AdministrativeUnit, Office, User
from reports.models.rule import ProofRule
from reports.models.score import Period
from surveys.models import Instrument


class Reminder(models.Model):
    """A mail to one head of an office about one period. It holds no address and no number.

    unit: whose officer asked. One that is taken is handed over once; one that stays taken may have
    been, and is not sent again. returned: what the mail server said where it did not take it.
    """

    class State(models.TextChoices):
        """Where the mail is."""

        ASKED = "asked", _("is to be sent")
        TAKEN = "taken", _("is being sent")
        SENT = "sent", _("sent")
        RETURNED = "returned", _("not sent")

    office = models.ForeignKey(Office, on_delete=models.CASCADE, related_name="reminders")
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    unit = models.ForeignKey(AdministrativeUnit, on_delete=models.CASCADE, related_name="+")
    asked_by = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    asked_at = models.DateTimeField(db_default=Now())
    instrument = models.ForeignKey(Instrument, on_delete=models.PROTECT, related_name="+")
    period = models.CharField(max_length=7, choices=Period)
    start = models.DateField()
    state = models.CharField(max_length=8, choices=State, default=State.ASKED)
    returned = models.CharField(max_length=200, blank=True, default="", db_default="")

    proof: ClassVar[ProofRule] = ProofRule(
        left=dict.fromkeys(
            (
                *("id", "office", "user", "unit", "asked_by", "asked_at", "instrument", "period"),
                *("start", "state", "returned"),
            ),
            "says who was written to, and no figure",
        )
    )

    class Meta:
        verbose_name = _("reminder")
        verbose_name_plural = _("reminders")
        ordering = ["-pk"]
        indexes = [
            models.Index("office", "asked_at", name="reminder_office_asked"),
            models.Index("id", name="reminder_to_be_sent", condition=models.Q(state="asked")),
        ]

    def __str__(self) -> str:
        return f"{self.office_id}: {self.period} {self.start}"
