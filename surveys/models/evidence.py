"""Which evidence counts at an office in a year, and how many forms came with each."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from offices.models import Office, User
from surveys.models.exclusion import LONGEST_REASON
from surveys.models.response import Evidence


class EvidenceLevel(models.Model):
    """Which forms an office's figures of a year are made of; without a row: of all (C).

    Set from above and never by whoever is measured (`surveys.floods.levels`); a year that begins
    takes over the level of the one before. Figures of different levels are not compared.
    """

    class Level(models.IntegerChoices):
        """The weakest `Evidence` that counts."""

        A = Evidence.INVITED.value, _("A: only forms invited by the portal")
        B = Evidence.PAPER.value, _("B: invited forms, slips, tablets and paper")
        C = Evidence.OPEN.value, _("C: open forms too, whoever sent them")

    office = models.ForeignKey(Office, on_delete=models.CASCADE, related_name="evidence_levels")
    year = models.PositiveSmallIntegerField(_("year"))
    level = models.PositiveSmallIntegerField(_("which forms count"), choices=Level)
    reason = models.CharField(_("reason"), max_length=LONGEST_REASON, blank=True)
    set_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    set_at = models.DateTimeField()

    class Meta:
        verbose_name = _("level of evidence")
        verbose_name_plural = _("levels of evidence")
        constraints = [models.UniqueConstraint("office", "year", name="evidence_level")]

    def __str__(self) -> str:
        return f"{self.office_id} {self.year}: {self.Level(self.level).name}"


class EvidenceCount(models.Model):
    """How many forms of a closed month came with this evidence; what an office's past is.

    forms: those that stood in no hold, or in one that was accepted, when the month was written
    down; days: the same by day, until a newer month is written down; held: the others. Zeros are
    written too: then the month has been counted.
    """

    office = models.ForeignKey(Office, on_delete=models.CASCADE, related_name="+")
    month = models.DateField()
    evidence = models.PositiveSmallIntegerField(choices=Evidence)
    days = ArrayField(models.PositiveIntegerField())
    forms = models.PositiveIntegerField()
    held = models.PositiveIntegerField()

    class Meta:
        verbose_name = _("count by evidence")
        verbose_name_plural = _("counts by evidence")
        constraints = [
            models.UniqueConstraint("office", "month", "evidence", name="evidence_count"),
            models.CheckConstraint(
                condition=Q(evidence__gt=Evidence.FROM_BEFORE), name="evidence_count_class"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.office_id} {self.month:%Y-%m}: {self.evidence}"
