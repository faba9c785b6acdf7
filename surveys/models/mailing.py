"""Messages of a list that an office brings: a row each, sealed, until it is handed over.

Both tables are for sending only and in no backup (docs/operations.md): a restored row would be sent
a second time.
"""

from django.db import models
from django.utils.translation import gettext_lazy as _

from offices.models import Office
from surveys.models.dossier import Failure


class Mailing(models.Model):
    """A list that is being sent, and how many of its messages went out. Gone after some days.

    `key` is drawn by the page on which the list was checked: sent from there twice it is one.
    """

    key = models.UUIDField(primary_key=True, editable=False)
    office = models.ForeignKey(
        Office, on_delete=models.CASCADE, related_name="+", verbose_name=_("office")
    )
    size = models.PositiveIntegerField(_("lines of the list"))
    nowhere = models.PositiveIntegerField(_("lines without a contact"))
    sent = models.PositiveIntegerField(_("messages sent"), default=0, db_default=0)
    delete_on = models.DateField(_("deleted on"))

    class Meta:
        verbose_name = _("list that is being sent")
        verbose_name_plural = _("lists that are being sent")

    def __str__(self) -> str:
        return f"{self.office_id} {self.delete_on}"


class MailingMessage(models.Model):
    """A message that is not sent yet, or could not be. The row goes when it is handed over.

    `sealed` holds the contact and what the link needs to know; the link is made when it is sent. A
    row that stays taken may have been handed over: nobody knows, so it is not sent again.
    """

    class State(models.IntegerChoices):
        """Where it is."""

        ASKED = 0, _("is to be sent")
        TAKEN = 1, _("is being sent")
        FAILED = 2, _("not sent")

    mailing = models.ForeignKey(Mailing, on_delete=models.CASCADE, related_name="messages")
    line = models.PositiveIntegerField(_("line of the list"))
    sealed = models.BinaryField()
    state = models.PositiveSmallIntegerField(_("message"), choices=State.choices)
    failure = models.CharField(
        _("not sent because"), max_length=10, choices=Failure.choices, blank=True
    )

    class Meta:
        verbose_name = _("message of a list")
        verbose_name_plural = _("messages of lists")
        indexes = [
            # of State.ASKED
            models.Index("id", name="mailing_message_asked", condition=models.Q(state=0)),
        ]

    def __str__(self) -> str:
        return f"{self.mailing_id} {self.line}"
