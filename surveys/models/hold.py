"""Forms that may be a flood: they stand beside the figures until somebody above decides."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from offices.models import Counter, Office, User
from surveys.models.exclusion import LONGEST_REASON
from surveys.models.response import Evidence


class Hold(models.Model):
    """A whole cell of forms of one office and evidence: never a list of forms, never their answers.

    `Response.hold` is its key. What the night found stays as it was written; `forms` grows while
    more come into the cell. by_arrival: whether its days are those of arrival, else those that the
    forms claim. hours: of the day, none for all; counter: none for all of them.
    """

    class Rule(models.TextChoices):
        """What was exceeded (`surveys.floods.bounds`)."""

        HOUR = "hour", _("far more in an hour than this office ever had")
        COUNTER = "counter", _("more in an hour than one counter serves")
        OUTSIDE = "outside", _("on a tablet while the office was closed")
        ARRIVALS = "arrivals", _("far more came on a day than this office ever had")
        STARTLESS = "startless", _("sent without our page having been opened")
        UNFINISHED = "unfinished", _("many that nobody finished")
        DAY = "day", _("far more for a day than this office ever had")
        DAYS_5 = "days_5", _("far more in five days")
        DAYS_21 = "days_21", _("far more in 21 days")
        YEAR = "year", _("far more since the year began")
        DOSSIERS = "dossiers", _("more for each dossier than the year before")

    class State(models.TextChoices):
        """late: accepted after its month had closed, with too few people to be counted alone."""

        WAITING = "waiting", _("waits for a decision")
        ACCEPTED = "accepted", _("accepted: counts")
        LATE = "late", _("accepted too late: counts in no figure")
        REFUSED = "refused", _("refused: never counts")

    office = models.ForeignKey(Office, on_delete=models.PROTECT, related_name="holds")
    evidence = models.PositiveSmallIntegerField(choices=Evidence)
    rule = models.CharField(max_length=12, choices=Rule)
    by_arrival = models.BooleanField()
    days = ArrayField(models.DateField())
    hours = ArrayField(models.PositiveSmallIntegerField(), default=list)
    counter = models.ForeignKey(Counter, on_delete=models.PROTECT, null=True, related_name="+")
    # What was there in all and what is ordinary at most; of the held cells alone: how many honest
    # people were expected, how many forms stand in them, and how many never opened our page.
    seen = models.PositiveIntegerField()
    bound = models.PositiveIntegerField()
    expected = models.PositiveIntegerField(default=0)
    forms = models.PositiveIntegerField()
    startless = models.PositiveIntegerField(default=0)
    found_on = models.DateField()
    state = models.CharField(max_length=8, choices=State, default=State.WAITING)
    decided_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    reason = models.CharField(max_length=LONGEST_REASON, blank=True)
    # When the forms of a refused one were deleted; the numbers stay.
    emptied_on = models.DateField(null=True)

    class Meta:
        verbose_name = _("hold")
        verbose_name_plural = _("holds")
        ordering = ["-found_on", "-pk"]
        indexes = [
            models.Index("office", name="hold_waits", condition=Q(state="waiting")),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(days__len__gt=0), name="hold_has_days"),
            models.CheckConstraint(
                condition=Q(state="waiting", decided_at=None, reason="")
                | ~Q(state="waiting") & Q(decided_at__isnull=False) & ~Q(reason=""),
                name="hold_is_decided_with_a_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.office_id} {self.days[0]} – {self.days[-1]}: {self.rule}"


class NewNormal(models.Model):
    """So many forms a month are ordinary at an office on these days; somebody above has said so.

    Without a last day until the year ends (mức mới); with one, an announced campaign.
    """

    office = models.ForeignKey(Office, on_delete=models.CASCADE, related_name="new_normals")
    evidence = models.PositiveSmallIntegerField(_("evidence"), choices=Evidence)
    first_day = models.DateField(_("first day"))
    last_day = models.DateField(_("last day"), null=True, blank=True)
    a_month = models.PositiveIntegerField(_("forms a month"))
    reason = models.CharField(_("reason"), max_length=LONGEST_REASON)
    set_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    set_at = models.DateTimeField()

    class Meta:
        verbose_name = _("new ordinary number")
        verbose_name_plural = _("new ordinary numbers")
        ordering = ["first_day", "pk"]

    def __str__(self) -> str:
        return f"{self.office_id} {self.first_day}: {self.a_month}"
