"""Who asked for mail: after each night, or when a period of a place closes; what they were told."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from offices.models import AdministrativeUnit, Office, User
from reports.models.release import Release
from reports.models.rule import ProofRule
from reports.models.score import Period
from surveys.models import Instrument


class Subscription(models.Model):
    """One row a person who gets mail. It holds no address: a letter goes to that of the account.

    nightly: whether they asked for a letter after each night; else only for news of closed periods
    (`Following`). sent_for: the day of the newest night whose letter was begun, so that none is
    sent twice. returned: what the mail server said of the newest letter where it did not take it,
    else empty.
    """

    user = models.OneToOneField(User, on_delete=models.CASCADE, related_name="subscription")
    since = models.DateTimeField(db_default=Now())
    nightly = models.BooleanField(default=True, db_default=True)
    sent_for = models.DateField(null=True)
    returned = models.CharField(max_length=200, blank=True, default="", db_default="")

    proof: ClassVar[ProofRule] = ProofRule(
        left=dict.fromkeys(
            ("id", "user", "since", "nightly", "sent_for", "returned"),
            "says who gets a letter, and no figure",
        )
    )

    class Meta:
        verbose_name = _("subscription")
        verbose_name_plural = _("subscriptions")

    def __str__(self) -> str:
        return str(self.user_id)


class Following(models.Model):
    """A place whose closed periods somebody wants to hear of.

    through: the last closed day of which nothing is told, because that was closed before they
    asked, or while they held no role over the place; None where nothing had been closed. since:
    releases made before are not told.
    """

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="followings")
    office = models.ForeignKey(Office, on_delete=models.CASCADE, null=True, related_name="+")
    unit = models.ForeignKey(
        AdministrativeUnit, on_delete=models.CASCADE, null=True, related_name="+"
    )
    since = models.DateTimeField(default=timezone.now)
    through = models.DateField(null=True)

    proof: ClassVar[ProofRule] = ProofRule(
        left=dict.fromkeys(
            ("id", "user", "office", "unit", "since", "through"),
            "says who hears of which place, and no figure",
        )
    )

    class Meta:
        verbose_name = _("place somebody hears of")
        verbose_name_plural = _("places somebody hears of")
        constraints = [
            models.UniqueConstraint(
                "user", "office", "unit", name="following", nulls_distinct=False
            ),
            models.CheckConstraint(
                condition=Q(office=None, unit__isnull=False) | Q(office__isnull=False, unit=None),
                name="following_of_an_office_or_a_unit",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id}: {self.office_id or self.unit_id}"

    @property
    def place(self) -> Office | AdministrativeUnit:
        """The office or unit."""
        place = self.office or self.unit
        assert place is not None  # noqa: S101 - a constraint says so
        return place


class ToldClosing(models.Model):
    """What somebody was last told of a closed period of a place, so that it is told once.

    shown: the figure and its people as they were written, empty where none was shown. release: the
    newest revised release that was told with it.
    """

    following = models.ForeignKey(Following, on_delete=models.CASCADE, related_name="told")
    period = models.CharField(max_length=7, choices=Period)
    start = models.DateField()
    instrument = models.ForeignKey(Instrument, on_delete=models.PROTECT, related_name="+")
    shown = models.CharField(max_length=40, blank=True)
    release = models.ForeignKey(Release, on_delete=models.PROTECT, null=True, related_name="+")

    proof: ClassVar[ProofRule] = ProofRule(
        left=dict.fromkeys(
            ("id", "following", "period", "start", "instrument", "shown", "release"),
            "repeats what a page showed, so that a mail tells it once; no page reads it",
        )
    )

    class Meta:
        verbose_name = _("closing that was told")
        verbose_name_plural = _("closings that were told")
        constraints = [models.UniqueConstraint("following", "period", "start", name="told_closing")]

    def __str__(self) -> str:
        return f"{self.following_id}: {self.period} {self.start}"
