"""The table of who did what."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Entry(models.Model):
    """One act. Never changed, never deleted; holds no answer, no text of a citizen, no token.

    `office_id` and `unit_id` are keys of the directory without a foreign key, because an entry
    outlives what it is about, and say whose auditors read it.
    """

    class Outcome(models.TextChoices):
        """How it ended."""

        DONE = "done", _("done")
        REFUSED = "refused", _("refused")
        FAILED = "failed", _("failed")

    at = models.DateTimeField(_("time"), auto_now_add=True)
    action = models.CharField(_("act"), max_length=60)
    outcome = models.CharField(_("outcome"), max_length=10, choices=Outcome)
    account_id = models.BigIntegerField(null=True)
    account = models.CharField(_("account"), max_length=150, blank=True)
    source = models.GenericIPAddressField(_("address"), null=True)
    subject = models.CharField(_("subject"), max_length=200, blank=True)
    office_id = models.BigIntegerField(null=True)
    unit_id = models.BigIntegerField(null=True)
    details = models.JSONField(_("details"), default=dict)

    class Meta:
        verbose_name = _("entry of the audit")
        verbose_name_plural = _("entries of the audit")
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.account} {self.action}"
