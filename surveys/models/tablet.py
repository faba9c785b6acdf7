"""A tablet on a counter, paired once with an office."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from offices.models import Counter, Office, Proposal


class Tablet(models.Model):
    """A device that takes answers for one office, and mostly for one counter.

    Consented to, waiting for its code to be typed, paired, or revoked; see
    `surveys.devices.tablets`. No response says which tablet it came from. What the tablet tells of
    itself comes at fixed times that have nothing to do with answers, and is kept to five minutes.
    battery, charging: as last told, None where its browser does not tell. waits_long: whether an
    answer of the day before yesterday or earlier waits on it; it turns at midnight alone, and so
    dates no answer.
    """

    office = models.ForeignKey(Office, on_delete=models.PROTECT, related_name="tablets")
    counter = models.ForeignKey(
        Counter, on_delete=models.SET_NULL, null=True, blank=True, verbose_name=_("counter")
    )
    # By which somebody of the unit above consented; null for those of the time before that.
    consent = models.OneToOneField(
        Proposal, on_delete=models.PROTECT, null=True, editable=False, related_name="+"
    )
    name = models.CharField(_("name"), max_length=60)
    # The short name of the questionnaire it asks.
    form = models.CharField(_("form"), max_length=60)
    # A keyed hash of the code that pairs, erased when it is used, and until when it may be.
    code = models.BinaryField(null=True, unique=True)
    code_until = models.DateTimeField(null=True)
    # A hash of the secret that the tablet keeps.
    secret = models.BinaryField(null=True, unique=True)
    # The public half of a key that its browser tells nobody; null where the browser has none.
    public_key = models.BinaryField(null=True, max_length=65)
    paired_on = models.DateField(_("paired on"), null=True)
    revoked_on = models.DateField(_("revoked on"), null=True)
    heard_at = models.DateTimeField(_("last contact"), null=True)
    waiting = models.PositiveIntegerField(_("answers not sent yet"), null=True)
    skew_minutes = models.IntegerField(_("minutes its clock is ahead"), null=True)
    battery = models.PositiveSmallIntegerField(_("battery, in percent"), null=True)
    charging = models.BooleanField(_("charging"), null=True)
    waits_long = models.BooleanField(_("answers wait for over a day"), null=True)

    class Meta:
        verbose_name = _("tablet")
        verbose_name_plural = _("tablets")
        ordering = ["office", "name", "pk"]

    def __str__(self) -> str:
        return self.name


class TabletDay(models.Model):
    """A day on which a tablet was heard, and so given a session."""

    tablet = models.ForeignKey(Tablet, on_delete=models.CASCADE, related_name="days")
    day = models.DateField()

    class Meta:
        verbose_name = _("day of a tablet")
        verbose_name_plural = _("days of tablets")
        constraints = [models.UniqueConstraint("tablet", "day", name="tablet_heard_once_a_day")]

    def __str__(self) -> str:
        return f"{self.tablet_id}: {self.day}"
