"""What an office means to do about a weak criterion, and what a later period then showed."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from offices.models import Office
from reports.models.rule import ProofRule
from reports.models.score import Period
from surveys.models import Instrument

LONGEST_PLAN = 2_000
_RESULT = ("measured_start", "was", "now", "low", "high", "verdict", "obstacle", "measured_on")


class Plan(models.Model):
    """One row a plan. Its result is written once, by a night, and never again.

    period, start: the closed period whose figure the plan was made from; done_on: null unless done.
    The result is of the period of the same kind that begins on measured_start: was, now: percent as
    both periods showed them; low, high: limits of their difference in points; verdict: -1, 0 or 1,
    whether it is real and which way, or obstacle: why the two are not compared. All of it is null
    until it is measured.
    """

    class State(models.TextChoices):
        OPEN = "open", pgettext_lazy("plan", "open")
        DONE = "done", pgettext_lazy("plan", "done")
        GIVEN_UP = "given_up", pgettext_lazy("plan", "given up")

    class Obstacle(models.TextChoices):
        """Why nothing is compared."""

        LEVEL = "level", _("another level of evidence holds since then")
        METHOD = "method", _("figures are counted by another method since then")
        INSTRUMENT = "instrument", _("another version of the questionnaire is asked since then")
        HIDDEN = "hidden", _("the figure of the plan's period is not shown any more")

    office = models.ForeignKey(Office, on_delete=models.PROTECT, related_name="plans")
    instrument = models.ForeignKey(Instrument, on_delete=models.PROTECT, related_name="+")
    code = models.CharField(max_length=8)
    period = models.CharField(max_length=7, choices=Period)
    start = models.DateField()
    text = models.TextField(max_length=LONGEST_PLAN)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="plans"
    )
    due_on = models.DateField()
    state = models.CharField(max_length=8, choices=State, default=State.OPEN)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    made_on = models.DateField()
    done_on = models.DateField(null=True)
    measured_start = models.DateField(null=True)
    was = models.DecimalField(max_digits=5, decimal_places=2, null=True)
    now = models.DecimalField(max_digits=5, decimal_places=2, null=True)
    low = models.FloatField(null=True)
    high = models.FloatField(null=True)
    verdict = models.SmallIntegerField(null=True)
    obstacle = models.CharField(max_length=12, choices=Obstacle, blank=True, default="")
    measured_on = models.DateField(null=True)

    proof: ClassVar[ProofRule] = ProofRule(
        left={
            "id": "a number of the row",
            **dict.fromkeys(
                ("office", "instrument", "code", "period", "start", "text", "owner", "due_on"),
                "what people mean to do is no figure",
            ),
            **dict.fromkeys(("state", "made_by", "made_on", "done_on"), "what people said of it"),
            **dict.fromkeys(
                _RESULT, "told once, of two shown figures that are proved where they stand"
            ),
        }
    )

    class Meta:
        verbose_name = _("plan")
        verbose_name_plural = _("plans")
        indexes = [
            models.Index("due_on", name="plan_to_measure", condition=Q(measured_on__isnull=True))
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(state="done", done_on__isnull=False)
                | Q(done_on=None) & ~Q(state="done"),
                name="plan_done_has_its_day",
            ),
            models.CheckConstraint(
                condition=Q(measured_on=None, measured_start=None, verdict=None, obstacle="")
                | Q(measured_on__isnull=False, measured_start__isnull=False)
                & (
                    Q(verdict=None, was=None, now=None, low=None, high=None) & ~Q(obstacle="")
                    | Q(
                        verdict__range=(-1, 1),
                        obstacle="",
                        was__isnull=False,
                        now__isnull=False,
                        low__isnull=False,
                        high__isnull=False,
                    )
                ),
                name="plan_result_is_whole",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.period} {self.start}"
