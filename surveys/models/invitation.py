"""How many invitations went out, and which days' keys are gone. No row stands for an invitation."""

from datetime import date
from typing import Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from offices.models import Field, Office


class InvitationCountQuerySet(models.QuerySet["InvitationCount"]):
    """Questions about invitations."""

    def between(self, first: date, last: date) -> Self:
        """Those for dossiers that were finished on these days, both included."""
        return self.filter(day__range=(first, last))


class InvitationCount(models.Model):
    """For how many dossiers, finished on one day in one field, a link was asked for.

    A dossier counts once, however often its link is asked for. A null `field` means that the
    procedure was not told or is not known here.
    """

    office = models.ForeignKey(
        Office, on_delete=models.CASCADE, related_name="invitation_counts", verbose_name=_("office")
    )
    day = models.DateField(_("day"))
    field = models.ForeignKey(
        Field, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("field")
    )
    issued = models.PositiveIntegerField(_("invitations issued"))

    objects = InvitationCountQuerySet.as_manager()

    class Meta:
        verbose_name = _("invitations issued")
        verbose_name_plural = _("invitations issued")
        ordering = ["-day", "office"]
        constraints = [
            models.UniqueConstraint(
                "office", "day", "field", name="invitation_count_cell", nulls_distinct=False
            )
        ]

    def __str__(self) -> str:
        return f"{self.office_id} {self.day}: {self.issued}"


class DestroyedKey(models.Model):
    """A day whose key is destroyed: no answer can be joined to a dossier of that day any more."""

    day = models.DateField(_("day"), primary_key=True)
    destroyed_on = models.DateField(_("destroyed on"))

    class Meta:
        verbose_name = _("destroyed key")
        verbose_name_plural = _("destroyed keys")
        ordering = ["-day"]

    def __str__(self) -> str:
        return f"{self.day}: {self.destroyed_on}"
