"""Free text that a citizen left, followed until it is answered."""

from django.contrib.postgres.functions import RandomUUID
from django.db import models
from django.utils.translation import gettext_lazy as _

from offices.models import Office, User


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

    class Meta:
        verbose_name = _("remark")
        verbose_name_plural = _("remarks")
        indexes = [
            models.Index("office", "day", name="remark_office_day"),
            models.Index("receipt", name="remark_receipt"),
            models.Index("office", "key", name="remark_key"),
            models.Index("office", name="remark_unreleased", condition=models.Q(released_on=None)),
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
