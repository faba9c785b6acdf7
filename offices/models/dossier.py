"""How many dossiers an office has finished: what response rates are computed from."""

from datetime import date
from typing import Self

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from offices.models.access import User
from offices.models.office import Office
from offices.models.procedure import Field
from offices.models.proposal import Proposal


class DossierSource(models.TextChoices):
    """Who says how many dossiers were finished."""

    PORTAL = "portal", _("the portal")
    ABOVE = "above", _("the unit above")
    OWN = "own", _("the office itself")
    SIMULATED = "simulated", _("simulated")
    BEFORE = "before", _("from before the ledger")


class DossierCountQuerySet(models.QuerySet["DossierCount"]):
    """Questions about finished dossiers."""

    def between(self, first: date, last: date) -> Self:
        """The counts of these days, both included."""
        return self.filter(day__range=(first, last))


class DossierCount(models.Model):
    """Dossiers whose result an office gave out on one day, in one field of administration.

    Cells add up. A null `field` means that the source did not tell it, never "all fields".
    `simulated` marks what the demonstration made up; an import puts real counts in its place.
    A trigger writes every change of a row into the ledger, whoever makes it (`DossierChange`).
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
    source = models.CharField(
        _("source"),
        max_length=9,
        choices=DossierSource,
        default=DossierSource.BEFORE,
        db_default=DossierSource.BEFORE,
    )

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


class DossierChange(models.Model):
    """One change of one count. Rows are only ever added: triggers refuse anything else.

    was, now: null for "no row". by and system are both empty where somebody changed the database
    itself. file_hash: SHA-256 of the file that brought it. approved: the act of two persons that
    changed a closed month.
    """

    office = models.ForeignKey(Office, on_delete=models.PROTECT, related_name="dossier_changes")
    day = models.DateField(_("day"))
    field = models.ForeignKey(
        Field, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("field")
    )
    was = models.IntegerField(null=True)
    now = models.IntegerField(null=True)
    source = models.CharField(_("source"), max_length=9, choices=DossierSource)
    by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    system = models.CharField(max_length=120, blank=True, db_default="")
    at = models.DateTimeField(db_default=Now())
    file_hash = models.CharField(max_length=64, blank=True, db_default="")
    reason = models.CharField(_("reason"), max_length=500, blank=True, db_default="")
    approved = models.ForeignKey(
        Proposal, on_delete=models.PROTECT, null=True, related_name="dossier_changes"
    )

    class Meta:
        verbose_name = _("change of finished dossiers")
        verbose_name_plural = _("changes of finished dossiers")
        ordering = ["-pk"]
        indexes = [models.Index("office", "day", "field", name="dossier_change_cell")]

    def __str__(self) -> str:
        return f"{self.office_id} {self.day}: {self.was} → {self.now}"
