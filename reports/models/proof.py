"""What was proved and when, which shown numbers differ from the responses, what was counted again.

Rows are added and ended, never deleted or changed otherwise: they are a history.
"""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from offices.models import AdministrativeUnit, Office
from reports.models.rule import Part, ProofRule
from reports.models.score import Period, TerritoryMap
from surveys.models import Instrument

# Of `Difference.column`: the row as such, which is missing or one too many.
ROW = "row"


class Proof(models.Model):
    """One run over what one province of today's map shows.

    Without a province: the country, what lies in no province of today, and releases. `whole`: of
    all days, else of the periods that are not closed; `offices` names those that an operator
    chose, empty for all. `parts`: by part, how many figures were computed again. `unproved`: how
    many rows nothing is known of that they could be computed from; `behind`: how many rows wait to
    be counted, and were left out.
    """

    province = models.ForeignKey(
        AdministrativeUnit, on_delete=models.CASCADE, null=True, related_name="+"
    )
    whole = models.BooleanField()
    offices = models.JSONField(default=list)
    began_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    responses = models.BigIntegerField(default=0)
    figures = models.BigIntegerField(default=0)
    differences = models.PositiveIntegerField(default=0)
    unproved = models.PositiveIntegerField(default=0)
    behind = models.PositiveIntegerField(default=0)
    parts = models.JSONField(default=dict)

    proof: ClassVar[ProofRule] = ProofRule(
        left=dict.fromkeys(
            (
                *("id", "province", "whole", "offices", "began_at", "ended_at", "responses"),
                *("figures", "differences", "unproved", "behind", "parts"),
            ),
            "the history of proofs is no figure",
        )
    )

    class Meta:
        verbose_name = _("proof")
        verbose_name_plural = _("proofs")
        indexes = [models.Index(fields=["province", "-ended_at"], name="proof_province_ended")]

    def __str__(self) -> str:
        return f"{self.province_id}: {self.began_at}"


class Difference(models.Model):
    """A stored number that is not what the responses give; it stands until `ended_at`.

    Where it is: `table` and `column` (ROW: the row is missing or one too many), whose (`office` or
    `unit` on `map`), `instrument`, the days `first` to `last` that it concerns, and `key`, which
    says in words which row. `shown` and `proved` are numbers of what is shown, never an answer of
    one person. Found again it is not noted again; a later proof that no longer finds it ends it.
    """

    class End(models.TextChoices):
        """Why it no longer stands."""

        PROVED = "proved", _("a later proof no longer finds it")
        RECOUNTED = "recounted", _("it was counted again")

    part = models.CharField(max_length=8, choices=Part)
    table = models.CharField(max_length=63)
    column = models.CharField(max_length=63)
    office = models.ForeignKey(Office, on_delete=models.CASCADE, null=True, related_name="+")
    unit = models.ForeignKey(
        AdministrativeUnit, on_delete=models.CASCADE, null=True, related_name="+"
    )
    map = models.CharField(max_length=5, choices=TerritoryMap, blank=True)
    instrument = models.ForeignKey(
        Instrument, on_delete=models.CASCADE, null=True, related_name="+"
    )
    period = models.CharField(max_length=7, choices=Period, blank=True)
    first = models.DateField()
    last = models.DateField()
    key = models.CharField(max_length=200, blank=True)
    shown = models.CharField(max_length=200)
    proved = models.CharField(max_length=200)
    found_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    ended_how = models.CharField(max_length=9, choices=End, blank=True)

    proof: ClassVar[ProofRule] = ProofRule(
        left=dict.fromkeys(
            (
                *("id", "part", "table", "column", "office", "unit", "map", "instrument"),
                *("period", "first", "last", "key", "shown", "proved", "found_at", "ended_at"),
                "ended_how",
            ),
            "the history of proofs is no figure",
        )
    )

    class Meta:
        verbose_name = _("difference")
        verbose_name_plural = _("differences")
        indexes = [
            models.Index("office", name="difference_office", condition=Q(ended_at=None)),
        ]
        constraints = [
            models.UniqueConstraint(
                *("table", "column", "office", "unit", "map", "instrument", "period"),
                *("first", "last", "key"),
                name="difference_stands_once",
                condition=Q(ended_at=None),
                nulls_distinct=False,
            ),
            models.CheckConstraint(
                condition=Q(ended_at=None, ended_how="")
                | Q(ended_at__isnull=False) & ~Q(ended_how=""),
                name="difference_ends_with_a_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.table}.{self.column} {self.key}"


class Repair(models.Model):
    """An operator had days of an office counted again, and why. Its scores followed.

    `made_by` says in words who asked. `accepted`: responses of closed months were no longer what
    they had been, and this was accepted; by month and questionnaire, `before` and `after` hold
    people and digest of the closed months then.
    """

    office = models.ForeignKey(Office, on_delete=models.CASCADE, related_name="repairs")
    first = models.DateField()
    last = models.DateField()
    reason = models.CharField(max_length=500)
    made_at = models.DateTimeField()
    made_by = models.CharField(max_length=150)
    accepted = models.BooleanField()
    before = models.JSONField(default=list)
    after = models.JSONField(default=list)
    ended = models.PositiveIntegerField()
    standing = models.PositiveIntegerField()

    proof: ClassVar[ProofRule] = ProofRule(
        left=dict.fromkeys(
            (
                *("id", "office", "first", "last", "reason", "made_at", "made_by", "accepted"),
                *("before", "after", "ended", "standing"),
            ),
            "the history of repairs is no figure",
        )
    )

    class Meta:
        verbose_name = _("repair")
        verbose_name_plural = _("repairs")
        ordering = ["-made_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.office_id}: {self.first} – {self.last}"
