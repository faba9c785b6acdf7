"""Whom to tell, once, that there is a reply: sealed, apart, for sending only and in no backup."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from offices.models import Office


class ReplyNews(models.Model):
    """A message that waits for the reply to a remark. The row goes when it is handed over.

    As with `Contact`, the key is made of the remark's and our secret, and what is in `sealed` says
    `surveys.remarks.telling`. A row that stays taken may have been handed over: nobody knows, so it
    is not sent again, and the night deletes it.
    """

    class State(models.IntegerChoices):
        """Where it is."""

        ASKED = 0, _("is to be sent")
        TAKEN = 1, _("is being sent")

    key = models.UUIDField(primary_key=True)
    office = models.ForeignKey(Office, on_delete=models.PROTECT, related_name="+")
    sealed = models.BinaryField()
    state = models.PositiveSmallIntegerField(
        _("message"), choices=State.choices, default=State.ASKED, db_default=State.ASKED
    )
    delete_on = models.DateField(_("deleted on"))

    class Meta:
        verbose_name = _("message about a reply")
        verbose_name_plural = _("messages about replies")
        indexes = [models.Index("delete_on", name="reply_news_delete_on")]

    def __str__(self) -> str:
        return str(self.key)
