"""The tables of who did what, and of the chain that holds them together."""

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _


class Entry(models.Model):
    """One act. Never changed, never deleted; holds no answer, no text of a citizen, no token.

    `office_id` and `unit_id` are keys of the directory without a foreign key, because an entry
    outlives what it is about, and say whose auditors read it. The database itself writes `at`,
    `transaction`, `begun` and `role`, whatever was sent; entries of one transaction belong
    together.
    """

    class Outcome(models.TextChoices):
        """How it ended."""

        DONE = "done", _("done")
        REFUSED = "refused", _("refused")
        FAILED = "failed", _("failed")

    at = models.DateTimeField(_("time"), db_default=Now())
    action = models.CharField(_("act"), max_length=60)
    outcome = models.CharField(_("outcome"), max_length=10, choices=Outcome)
    account_id = models.BigIntegerField(null=True)
    account = models.CharField(_("account"), max_length=150, blank=True)
    source = models.GenericIPAddressField(_("address"), null=True)
    subject = models.CharField(_("subject"), max_length=200, blank=True)
    office_id = models.BigIntegerField(null=True)
    unit_id = models.BigIntegerField(null=True)
    details = models.JSONField(_("details"), default=dict)
    # Number and first moment of the database's transaction; who is signed in at the database.
    transaction = models.BigIntegerField(null=True)
    begun = models.DateTimeField(null=True)
    role = models.CharField(max_length=63, blank=True, db_default="")

    class Meta:
        verbose_name = _("entry of the audit")
        verbose_name_plural = _("entries of the audit")
        ordering = ["-pk"]
        indexes = [
            models.Index("at", name="audit_entry_at"),
            models.Index("account", "id", name="audit_entry_account"),
            models.Index("action", "id", name="audit_entry_action"),
            models.Index("office_id", "id", name="audit_entry_office"),
            models.Index("unit_id", "id", name="audit_entry_unit"),
            models.Index("transaction", name="audit_entry_transaction"),
        ]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.account} {self.action}"


class Link(models.Model):
    """An entry's place in the chain: `hash` is made of the entry and of the link before it.

    `seq` has no gaps. No two links have one before them in common, so the chain cannot fork.
    """

    seq = models.BigIntegerField(primary_key=True)
    entry = models.OneToOneField(Entry, on_delete=models.PROTECT, related_name="link")
    at = models.DateTimeField()
    previous = models.BinaryField(unique=True)
    hash = models.BinaryField()

    class Meta:
        verbose_name = _("link of the audit's chain")
        verbose_name_plural = _("links of the audit's chain")
        ordering = ["seq"]

    def __str__(self) -> str:
        return str(self.seq)


class Waiting(models.Model):
    """An entry without a link. The database puts it here; whoever seals takes it away."""

    entry_id = models.BigIntegerField(primary_key=True)

    class Meta:
        verbose_name = _("entry that waits for its link")
        verbose_name_plural = _("entries that wait for their links")

    def __str__(self) -> str:
        return str(self.entry_id)


class Recurrence(models.Model):
    """How often something was done on a day that has no entry each time, until its night."""

    day = models.DateField()
    action = models.CharField(max_length=60)
    outcome = models.CharField(max_length=10, choices=Entry.Outcome)
    account_id = models.BigIntegerField(null=True)
    account = models.CharField(max_length=150)
    subject = models.CharField(max_length=200)
    office_id = models.BigIntegerField(null=True)
    unit_id = models.BigIntegerField(null=True)
    size = models.BigIntegerField(default=1)

    class Meta:
        verbose_name = _("what is counted instead of noted each time")
        verbose_name_plural = _("what is counted instead of noted each time")
        constraints = [
            models.UniqueConstraint(
                *("day", "action", "outcome", "account", "subject", "office_id", "unit_id"),
                name="audit_recurrence_once",
                nulls_distinct=False,
            )
        ]

    def __str__(self) -> str:
        return f"{self.day} {self.action}: {self.size}"
