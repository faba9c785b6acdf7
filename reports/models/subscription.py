"""Who asked for a letter after each night, and what became of the last one."""

from typing import ClassVar

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from offices.models import User
from reports.models.rule import ProofRule


class Subscription(models.Model):
    """One row a person. It holds no address: the letter goes to that of the account.

    sent_for: the day of the newest night whose letter was begun, so that none is sent twice.
    returned: what the mail server said of the newest letter where it did not take it, else empty.
    """

    user = models.OneToOneField(User, on_delete=models.CASCADE, related_name="subscription")
    since = models.DateTimeField(db_default=Now())
    sent_for = models.DateField(null=True)
    returned = models.CharField(max_length=200, blank=True, default="", db_default="")

    proof: ClassVar[ProofRule] = ProofRule(
        left=dict.fromkeys(
            ("id", "user", "since", "sent_for", "returned"), "says who gets a letter, and no figure"
        )
    )

    class Meta:
        verbose_name = _("subscription")
        verbose_name_plural = _("subscriptions")

    def __str__(self) -> str:
        return str(self.user_id)
