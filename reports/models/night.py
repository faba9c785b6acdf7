"""The night as rows: which day it closes, its steps, who works at them; how late counting is."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from offices.models import AdministrativeUnit
from reports.models.rule import ProofRule


class Night(models.Model):
    """One row a day that is over: whether it is closed, and what the proof found.

    `closed_at`: every office has been tried and the country is written. `ended_at`: no step is
    left. Columns keep their names of 0.1.0, which the version before still reads.
    """

    day = models.DateField(unique=True)
    began_at = models.DateTimeField(db_column="started_at")
    closed_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True, db_column="finished_at")
    responses = models.BigIntegerField(default=0)
    differences = models.BigIntegerField(default=0)
    details = models.JSONField(default=list)

    proof: ClassVar[ProofRule] = ProofRule(
        left=dict.fromkeys(
            (
                *("id", "day", "began_at", "closed_at", "ended_at", "responses", "differences"),
                "details",
            ),
            "the history of nights is no figure",
        )
    )

    class Meta:
        db_table = "reports_nightlyrun"
        verbose_name = _("night")
        verbose_name_plural = _("nights")
        ordering = ["-day"]

    def __str__(self) -> str:
        return str(self.day)


class NightStep(models.Model):
    """One step of a night. Who works at it holds a lease, which ends by the database's clock.

    `at`: the office or part at which work is going on; where a process dies it says at which.
    `again`: what the step reads has changed while it was running, so it must run once more.
    `died`: how many holders in a row let their lease end.
    """

    class Name(models.TextChoices):
        """What is done, in the order in which it is done."""

        BEGIN = "begin", _("Unfinished forms")
        PROVINCE = "province", _("Offices of a province")
        COUNTRY = "country", _("The country")
        TABLES = "tables", _("Tables by field, channel and quality")
        HANDOVER = "handover", _("Handing over remarks")
        PROOF = "proof", _("Proof of the figures")
        KEYS = "keys", _("Keys of invitations that have ended")
        CONTACTS = "contacts", _("Contacts whose time has come")
        SESSIONS = "sessions", _("Sign-ins that have ended")
        AUDIT = "audit", _("Proof of the audit")
        LETTERS = "letters", _("Mails to whoever asked for one")
        PAPERS = "papers", _("Choosing reports to make")

    class State(models.TextChoices):
        """`covered`: a later night does what was left."""

        WAITING = "waiting", _("waiting")
        RUNNING = "running", _("running")
        DONE = "done", _("done")
        FAILED = "failed", _("failed")
        COVERED = "covered", _("left to a later night")

    night = models.ForeignKey(Night, on_delete=models.CASCADE, related_name="steps")
    name = models.CharField(max_length=16, choices=Name)
    province = models.ForeignKey(
        AdministrativeUnit, on_delete=models.CASCADE, null=True, related_name="+"
    )
    position = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=8, choices=State, default=State.WAITING)
    again = models.BooleanField(default=False)
    attempts = models.PositiveIntegerField(default=0)
    died = models.PositiveIntegerField(default=0)
    lease_until = models.DateTimeField(null=True)
    holder = models.CharField(max_length=100, default="")
    at = models.CharField(max_length=100, default="")
    last_error = models.TextField(default="")
    began_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    result = models.JSONField(default=dict)

    proof: ClassVar[ProofRule] = ProofRule(
        left=dict.fromkeys(
            (
                *("id", "night", "name", "province", "position", "state", "again", "attempts"),
                *("died", "lease_until", "holder", "at", "last_error", "began_at", "ended_at"),
                "result",
            ),
            "the history of nights is no figure",
        )
    )

    class Meta:
        verbose_name = _("step of a night")
        verbose_name_plural = _("steps of nights")
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(
                "night", "name", "province", name="night_step", nulls_distinct=False
            )
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.province_id or ''}: {self.state}"


class MarkWatch(models.Model):
    """The highest number of a mark at a moment; rows of the last hour.

    Marks bear no time, which would join an answer to a web server's log. Their numbers grow, so
    one that is no higher than this was made before `at`.
    """

    at = models.DateTimeField()
    newest = models.BigIntegerField()

    proof: ClassVar[ProofRule] = ProofRule(
        left=dict.fromkeys(("id", "at", "newest"), "says how late counting is, and no figure")
    )

    class Meta:
        verbose_name = _("watch over marks")
        verbose_name_plural = _("watches over marks")

    def __str__(self) -> str:
        return f"{self.at}: {self.newest}"
