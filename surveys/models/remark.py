"""Free text that a citizen left, followed until it is answered."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from offices.models import Office


class Remark(models.Model):
    """What a person wrote with a response. Keyed as the response is, so a repeat adds nothing."""

    class State(models.IntegerChoices):
        """Where the remark stands."""

        NEW = 0, _("new")
        ASSIGNED = 1, _("assigned")
        ANSWERED = 2, _("answered")
        PUBLISHED = 3, _("published")
        CLOSED = 4, _("closed")

    pk = models.CompositePrimaryKey("office_id", "response_id")
    office = models.ForeignKey(Office, on_delete=models.PROTECT, related_name="remarks")
    response_id = models.UUIDField()
    day = models.DateField(_("day"))
    text = models.TextField(_("text"))
    state = models.PositiveSmallIntegerField(_("state"), choices=State, default=State.NEW)
    simulated = models.BooleanField(default=False)

    class Meta:
        verbose_name = _("remark")
        verbose_name_plural = _("remarks")
        indexes = [models.Index("office", "day", name="remark_office_day")]

    def __str__(self) -> str:
        return self.text[:40]
