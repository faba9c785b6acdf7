"""Percentages ready to be read: what pages and reports show."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from offices.models import AdministrativeUnit, Office
from reports.models.rule import Part, ProofRule
from surveys.models import Instrument


class Period(models.TextChoices):
    """The grid of time on which figures are published."""

    DAY = "day", _("day")
    WEEK = "week", _("week")
    MONTH = "month", _("month")
    QUARTER = "quarter", _("quarter")
    YEAR = "year", _("year")


class TerritoryMap(models.TextChoices):
    """Which map a unit's figures are drawn on."""

    THEN = "then", _("as of then")
    TODAY = "today", _("today's map")

    @property
    def column(self) -> str:
        """Which unit of an office is meant on this map: a field of `Office`."""
        return "unit" if self is TerritoryMap.THEN else "today_unit"


class Score(models.Model):
    """What is shown of one office or unit, for one period and instrument.

    `sums` (deflated `Sums`) is of everybody in the headline, `opened` what is shown of factors,
    criteria and other questions; the plain columns serve lists and trends: `satisfied` of
    `answered` valid answers of the services component, the limits of the 95 % interval in percent.
    An office has no map. Kept for months, quarters and years: days and weeks are summed from
    batches when they are read (`reports.showing.summed`).
    """

    office = models.ForeignKey(
        Office, on_delete=models.CASCADE, null=True, blank=True, related_name="scores"
    )
    unit = models.ForeignKey(
        AdministrativeUnit, on_delete=models.CASCADE, null=True, blank=True, related_name="scores"
    )
    map = models.CharField(max_length=5, choices=TerritoryMap, blank=True)
    instrument = models.ForeignKey(Instrument, on_delete=models.PROTECT, related_name="+")
    period = models.CharField(max_length=7, choices=Period)
    start = models.DateField()
    closed = models.BooleanField()
    people = models.PositiveIntegerField()
    answered = models.BigIntegerField()
    satisfied = models.BigIntegerField()
    low = models.FloatField(null=True)
    high = models.FloatField(null=True)
    simulated = models.BooleanField(default=False)
    sums = models.BinaryField()
    # Deflated `reports.sipas.hiding.columns.Opened`: what is shown beside the headline; empty where
    # nothing is.
    opened = models.BinaryField(default=b"", db_default=b"")
    method = models.CharField(max_length=32)
    computed_at = models.DateTimeField()

    proof: ClassVar[ProofRule] = ProofRule(
        keys=("office", "unit", "map", "instrument", "period", "start"),
        proved=dict.fromkeys(
            (Part.OFFICES, Part.UNITS),
            (
                *("closed", "people", "answered", "satisfied", "low", "high", "simulated"),
                *("sums", "opened", "method"),
            ),
        ),
        left={"id": "a number of the row", "computed_at": "when it was written"},
    )

    class Meta:
        verbose_name = _("score")
        verbose_name_plural = _("scores")
        indexes = [models.Index("period", "start", "instrument", name="score_period_start")]
        constraints = [
            models.UniqueConstraint(
                "office",
                "instrument",
                "period",
                "start",
                name="score_office",
                condition=Q(office__isnull=False),
            ),
            models.UniqueConstraint(
                "unit",
                "map",
                "instrument",
                "period",
                "start",
                name="score_unit",
                condition=Q(unit__isnull=False),
            ),
            models.CheckConstraint(
                condition=Q(unit=None, office__isnull=False, map="")
                | Q(unit__isnull=False, office=None) & ~Q(map=""),
                name="score_is_of_an_office_or_a_unit",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.period} {self.start}: {self.people}"
