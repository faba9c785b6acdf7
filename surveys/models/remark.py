"""Free text that a citizen left, followed until it is answered."""

from django.contrib.postgres.functions import RandomUUID
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from offices.models import Office, User


class Tone(models.IntegerChoices):
    """How a remark speaks of the office; a person says so, no machine."""

    PRAISE = 1, _("praise")
    CRITICISM = 2, _("criticism")
    SUGGESTION = 3, _("suggestion")


class Theme(models.IntegerChoices):
    """What a remark is about; a person says so, no machine. The numbers are stored."""

    WAITING = 1, pgettext_lazy("theme", "waiting time")
    CONDUCT = 2, pgettext_lazy("theme", "conduct of staff")
    PAPERS = 3, pgettext_lazy("theme", "papers and procedure")
    FEES = 4, pgettext_lazy("theme", "fees")
    PLACE = 5, pgettext_lazy("theme", "rooms and equipment")
    ONLINE = 6, pgettext_lazy("theme", "online services")
    RESULT = 7, pgettext_lazy("theme", "result")
    OTHER = 8, pgettext_lazy("theme", "other")


class Remark(models.Model):
    """What a person wrote with a response. Keyed as the response is, so a repeat adds nothing.

    `response_id` is on no page and in no address: the receipt's code is made of it. Pages call a
    remark by its `key`, which is drawn at random and says nothing.
    """

    class State(models.IntegerChoices):
        """Where the remark stands; `surveys.remarks.steps` says which steps lead to another."""

        NEW = 0, _("new")
        ASSIGNED = 1, _("assigned")
        ANSWERED = 2, _("answered")
        PUBLISHED = 3, _("published")
        DONE = 4, _("closed")
        REOPENED = 5, _("opened again")

    pk = models.CompositePrimaryKey("office_id", "response_id")
    office = models.ForeignKey(Office, on_delete=models.PROTECT, related_name="remarks")
    response_id = models.UUIDField()
    key = models.UUIDField(db_default=RandomUUID(), editable=False)
    day = models.DateField(_("day"))
    # Masked: see `surveys.remarks.masking`.
    text = models.TextField(_("text"))
    state = models.PositiveSmallIntegerField(_("state"), choices=State, default=State.NEW)
    simulated = models.BooleanField(default=False)
    # A keyed hash of the receipt's code, with which the person reads the reply; null where nobody
    # ever got one. The code itself is stored nowhere.
    receipt = models.BinaryField(null=True)
    # The day on which officials could first read it, and by when they should have answered: both
    # say nothing about the day on which it was written.
    released_on = models.DateField(_("handed to the office on"), null=True)
    due_on = models.DateField(_("to be answered by"), null=True)
    assigned_to = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("assigned to")
    )
    reply = models.TextField(_("reply"), blank=True, default="", db_default="")
    tone = models.PositiveSmallIntegerField(_("tone"), choices=Tone, null=True)
    theme = models.PositiveSmallIntegerField(_("theme"), choices=Theme, null=True)
    # Has words of `surveys.remarks.urgent`.
    urgent = models.BooleanField(_("to be read first"), default=False, db_default=False)
    # Whether the person said that the reply answered it; null where they have not said. No page of
    # officials may read it before the night, which makes it known by `first_reply`: the reply of
    # which it was said.
    helped = models.BooleanField(null=True)
    # The day of the night that made known that it did not; and when that reply was due. Raised:
    # those above the office answer now.
    reopened_on = models.DateField(_("opened again on"), null=True)
    first_reply = models.TextField(blank=True, default="", db_default="")
    first_due_on = models.DateField(null=True)
    raised = models.BooleanField(default=False, db_default=False)
    # Asked by whoever holds the receipt's code; the night does it, and then nothing of it is left.
    to_be_erased = models.BooleanField(default=False, db_default=False)
    erased_on = models.DateField(_("erased on"), null=True)
    # The day on which a letter reminded whoever it is assigned to.
    reminded_on = models.DateField(null=True)

    class Meta:
        verbose_name = _("remark")
        verbose_name_plural = _("remarks")
        indexes = [
            models.Index("office", "day", name="remark_office_day"),
            models.Index("receipt", name="remark_receipt"),
            models.Index("office", "key", name="remark_key"),
            models.Index("office", name="remark_unreleased", condition=models.Q(released_on=None)),
            # The states are `surveys.remarks.steps.WAITING`: few of many years' remarks.
            models.Index(
                "office", "due_on", name="remark_waiting", condition=models.Q(state__in=[0, 1, 5])
            ),
        ]

    def __str__(self) -> str:
        return str(self.key)


class RemarkStep(models.Model):
    """One step in the history of a remark: who led it from which state to which, and when."""

    office = models.ForeignKey(Office, on_delete=models.PROTECT, related_name="+")
    remark_key = models.UUIDField()
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    before = models.PositiveSmallIntegerField(choices=Remark.State)
    after = models.PositiveSmallIntegerField(choices=Remark.State)
    # To whom it was given, where it was.
    assigned_to = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = _("step of a remark")
        verbose_name_plural = _("steps of remarks")
        ordering = ["at", "pk"]
        indexes = [models.Index("office", "remark_key", name="remark_step_key")]

    def __str__(self) -> str:
        return f"{self.remark_key} {self.before} → {self.after}"
