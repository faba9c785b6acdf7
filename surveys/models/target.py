"""What an office or unit is to reach in a year; never changed: the newest row holds."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from offices.models import AdministrativeUnit, Office, User


class Target(models.Model):
    """So many forms and so many satisfied of a hundred; both empty: no target any more."""

    unit = models.ForeignKey(
        AdministrativeUnit, on_delete=models.PROTECT, null=True, related_name="targets"
    )
    office = models.ForeignKey(Office, on_delete=models.PROTECT, null=True, related_name="targets")
    year = models.PositiveSmallIntegerField(_("year"))
    forms = models.PositiveIntegerField(_("forms"), null=True)
    satisfied = models.DecimalField(
        _("satisfied, in percent"), max_digits=4, decimal_places=1, null=True
    )
    reason = models.CharField(_("reason"), max_length=300)
    set_by = models.ForeignKey(
        User, on_delete=models.PROTECT, related_name="+", verbose_name=_("set by")
    )
    set_at = models.DateTimeField(_("set at"), auto_now_add=True)

    class Meta:
        verbose_name = _("target")
        verbose_name_plural = _("targets")
        ordering = ["-year", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(unit=None, office__isnull=False) | Q(unit__isnull=False, office=None),
                name="target_is_of_a_unit_or_an_office",
            ),
            models.CheckConstraint(
                condition=Q(satisfied=None) | Q(satisfied__gte=0, satisfied__lte=100),
                name="target_is_a_percentage",
            ),
        ]

    def __str__(self) -> str:
        return str(self.year)

    @property
    def is_set(self) -> bool:
        """Whether anything is to be reached."""
        return self.forms is not None or self.satisfied is not None
