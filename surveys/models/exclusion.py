"""Rules by which an auditor leaves forms out of the count, each with its reason."""

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Length
from django.db.models.lookups import GreaterThanOrEqual
from django.utils.translation import gettext_lazy as _

from offices.models import Counter, Office, User
from surveys.models.response import Channel

# A sentence, not "x": whoever reads the history must be able to follow it.
SHORTEST_REASON = 10
LONGEST_REASON = 500


class Exclusion(models.Model):
    """A rule, never a list of forms: nobody picks single answers.

    It matches the forms of its days, both included, that have ANY of its flags (no flag: whatever
    flags they have), came through its channel and from its counter, where these are named. A rule
    is never changed or deleted; it is lifted, and stays to be read.
    """

    office = models.ForeignKey(Office, on_delete=models.PROTECT, related_name="exclusions")
    first_day = models.DateField(_("first day"))
    last_day = models.DateField(_("last day"))
    # The sum of `surveys.flags.rules.Flag`
    flags = models.PositiveIntegerField(_("with any of these marks"), default=0)
    channel = models.PositiveSmallIntegerField(_("channel"), choices=Channel, null=True, blank=True)
    counter = models.ForeignKey(
        Counter,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("counter"),
    )
    reason = models.CharField(_("reason"), max_length=LONGEST_REASON)
    made_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    lifted_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    lifted_at = models.DateTimeField(null=True)
    lifting_reason = models.CharField(max_length=LONGEST_REASON, blank=True)

    class Meta:
        verbose_name = _("exclusion")
        verbose_name_plural = _("exclusions")
        ordering = ["-made_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(last_day__gte=F("first_day")), name="exclusion_ends_after_it_begins"
            ),
            models.CheckConstraint(
                condition=GreaterThanOrEqual(Length("reason"), SHORTEST_REASON),
                name="exclusion_has_a_reason",
            ),
            models.CheckConstraint(
                condition=Q(lifted_at=None, lifted_by=None, lifting_reason="")
                | Q(lifted_at__isnull=False, lifted_by__isnull=False) & ~Q(lifting_reason=""),
                name="exclusion_is_lifted_with_a_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.office_id} {self.first_day} – {self.last_day}"
