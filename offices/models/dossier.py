"""How many dossiers an office has finished: what response rates are computed from."""

from datetime import date
from typing import Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from offices.models.office import Office
from offices.models.procedure import Field


class DossierCountQuerySet(models.QuerySet["DossierCount"]):
    """Questions about finished dossiers."""

    def between(self, first: date, last: date) -> Self:
        """The counts of these days, both included."""
        return self.filter(day__range=(first, last))


class DossierCount(models.Model):
    """Dossiers whose result an office gave out on one day, in one field of administration.

    Cells add up. A null `field` means that the source did not tell it, never "all fields".
    `simulated` marks what the demonstration made up; an import puts real counts in its place.
    """

    office = models.ForeignKey(
        Office,
        on_delete=models.CASCADE,
        related_name="dossier_counts",
        verbose_name=_("office"),
    )
    day = models.DateField(_("day"))
    field = models.ForeignKey(
        Field,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("field"),
    )
    finished = models.PositiveIntegerField(_("finished dossiers"))
    simulated = models.BooleanField(_("simulated"), default=False)

    objects = DossierCountQuerySet.as_manager()

    class Meta:
        verbose_name = _("finished dossiers")
        verbose_name_plural = _("finished dossiers")
        ordering = ["-day", "office"]
        constraints = [
            models.UniqueConstraint(
                "office", "day", "field", name="dossier_count_cell", nulls_distinct=False
            )
        ]

    def __str__(self) -> str:
        return f"{self.office_id} {self.day}: {self.finished}"
