"""Dossiers that somebody told us of: one dossier is one response, whatever day is claimed."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from offices.models import Field, Office


class Teller(models.IntegerChoices):
    """Who told us of a dossier. Only a system with a key from above makes it known."""

    OFFICE = 0, _("list of the office")
    KEY = 1, _("request for a link")
    FEED = 2, _("list of the portal")


class Sending(models.IntegerChoices):
    """Where the message with the link of a known dossier is. One that is taken is handed over once.

    One that stays taken may have been handed over: nobody knows, so it is not sent again.
    """

    NOWHERE = 0, _("no contact")
    WAITING = 1, _("waits to be sent")
    ASKED = 2, _("is to be sent")
    TAKEN = 3, _("is being sent")
    SENT = 4, _("sent")
    FAILED = 5, _("not sent")


class Failure(models.TextChoices):
    """Why a message was not sent; whatever else a gateway says may name its address."""

    NO_SMS = "no_sms", _("text messages are not set up")
    NO_MAIL = "no_mail", _("mail is not set up")
    GATEWAY = "gateway", _("the gateway of text messages did not take it")
    MAIL = "mail", _("the mail server did not take it")
    REFUSED = "refused", _("the mail server refuses this address")
    ADDRESS = "address", _("neither a mobile number nor an e-mail address")
    TOO_LATE = "too_late", _("the dossier was finished too long ago, or the office has ended")
    UNREADABLE = "unreadable", _("the contact cannot be read")
    BEFORE = "before", _("the dossier has its message already, or the portal told where to send it")


class ToldDossier(models.Model):
    """A dossier and the day on which it was finished, as first told: its links are of that day.

    `seen` is made of the dossier's code with the key of the code's year, which lies outside the
    database and is destroyed together with the rows (`surveys.invitations.told`). Of what no system
    with a key told, it is made with the office too, so that none occupies another's. Nothing here
    leads to a response: links and ids are made with the keys of days.
    """

    seen = models.BinaryField(primary_key=True, editable=False)
    # Of the code, so that rows go with their key.
    year = models.PositiveSmallIntegerField(_("year"))
    office = models.ForeignKey(
        Office, on_delete=models.CASCADE, related_name="+", verbose_name=_("office")
    )
    finished_on = models.DateField(_("finished on"))
    field = models.ForeignKey(
        Field, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("field")
    )
    teller = models.PositiveSmallIntegerField(_("told by"), choices=Teller.choices)
    sending = models.PositiveSmallIntegerField(
        _("message"),
        choices=Sending.choices,
        default=Sending.NOWHERE,
        db_default=Sending.NOWHERE,
    )

    class Meta:
        verbose_name = _("dossier told of")
        verbose_name_plural = _("dossiers told of")
        indexes = [
            models.Index("office", "finished_on", name="told_dossier_office_day"),
            models.Index("year", name="told_dossier_year"),
            models.Index(
                "office", name="told_dossier_asked", condition=models.Q(sending=Sending.ASKED)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.office_id} {self.finished_on}"


class WaitingInvitation(models.Model):
    """Where to send the link of a known dossier, until it is sent. `seen`: of its ToldDossier.

    `sealed` holds the contact and what the link needs to know; nothing of it stands in clear, and
    it goes when the message is handed over. `contact_hash` is made with the key of the day on which
    it was told, so that many dossiers of one contact are noticed; the row goes with the night.
    """

    seen = models.BinaryField(primary_key=True, editable=False)
    office = models.ForeignKey(Office, on_delete=models.CASCADE, related_name="+")
    sealed = models.BinaryField(null=True)
    contact_hash = models.BinaryField()
    # More dossiers of one contact in a day than a person has: the link proves nothing.
    is_one_of_many = models.BooleanField(_("one of many"))
    failure = models.CharField(_("not sent because"), max_length=10, choices=Failure.choices)
    delete_on = models.DateField(_("deleted on"))

    class Meta:
        verbose_name = _("invitation that waits")
        verbose_name_plural = _("invitations that wait")
        indexes = [
            models.Index("contact_hash", name="waiting_invitation_contact"),
            models.Index("office", "failure", name="waiting_invitation_failure"),
        ]

    def __str__(self) -> str:
        return f"{self.office_id} {self.delete_on}"
