"""Reports made beforehand: which ones, what became of each, and their files as long as kept."""

import zlib
from typing import ClassVar

from django.db import models
from django.db.models.functions import Now
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from offices.models import AdministrativeUnit, Office
from reports.models.night import Night
from reports.models.rule import ProofRule
from reports.models.score import Period, TerritoryMap
from surveys.models import Instrument


class Paper(models.Model):
    """The report of an office, or of a unit on a map, about one closed period and questionnaire.

    night: the one that asked for it last. computed_at: when its figure was computed. attempts: how
    many processes took it up since it was asked for; lease_until: as long as it is one's.
    """

    class State(models.TextChoices):
        """Whether it is made; its files are whole in every state."""

        WAITING = "waiting", _("waiting")
        MADE = "made", pgettext_lazy("report", "made")
        FAILED = "failed", _("failed")

    class Reason(models.TextChoices):
        """At what it failed; the log says more, a page nothing that an error may hold."""

        FIGURES = "figures", _("its figures could not be gathered")
        PDF = "pdf", _("the PDF could not be written")
        XLSX = "xlsx", _("the XLSX could not be written")
        ENDED = "ended", _("the process ended while it was made")

    office = models.ForeignKey(Office, on_delete=models.CASCADE, null=True, related_name="+")
    unit = models.ForeignKey(
        AdministrativeUnit, on_delete=models.CASCADE, null=True, related_name="+"
    )
    map = models.CharField(max_length=5, choices=TerritoryMap, blank=True, default="")
    period = models.CharField(max_length=7, choices=Period)
    start = models.DateField()
    instrument = models.ForeignKey(Instrument, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=7, choices=State, default=State.WAITING)
    reason = models.CharField(max_length=7, choices=Reason, blank=True, default="")
    night = models.ForeignKey(Night, on_delete=models.SET_NULL, null=True, related_name="papers")
    attempts = models.PositiveSmallIntegerField(default=0)
    lease_until = models.DateTimeField(null=True)
    computed_at = models.DateTimeField(null=True)
    made_at = models.DateTimeField(null=True)

    proof: ClassVar[ProofRule] = ProofRule(
        left=dict.fromkeys(
            (
                *("id", "office", "unit", "map", "period", "start", "instrument", "state"),
                *("reason", "night", "attempts", "lease_until", "computed_at", "made_at"),
            ),
            "says which reports are made beforehand, and no figure",
        )
    )

    class Meta:
        verbose_name = _("report made beforehand")
        verbose_name_plural = _("reports made beforehand")
        indexes = [
            models.Index("attempts", "id", condition=models.Q(state="waiting"), name="paper_waits")
        ]
        constraints = [
            models.UniqueConstraint(
                *("office", "unit", "map", "period", "start", "instrument"),
                name="paper",
                nulls_distinct=False,
            ),
            models.CheckConstraint(
                condition=models.Q(office__isnull=False, unit=None, map="")
                | models.Q(models.Q(office=None, unit__isnull=False), ~models.Q(map="")),
                name="paper_of_an_office_or_a_unit",
            ),
            models.CheckConstraint(
                condition=models.Q(models.Q(state="failed"), ~models.Q(reason=""))
                | models.Q(~models.Q(state="failed"), reason=""),
                name="paper_failed_has_its_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.office_id or ''}{self.unit_id or ''} {self.period} {self.start}"


class PaperFile(models.Model):
    """A file of a report, by how its name ends.

    fingerprint: of all that it says and what wrote it; a page hands it out only where what it would
    write now has the same. seal, size: of the file. content: the file compressed by zlib, which
    halves a PDF; None once its time has come.
    """

    paper = models.ForeignKey(Paper, on_delete=models.CASCADE, related_name="files")
    ending = models.CharField(max_length=4)
    fingerprint = models.CharField(max_length=64)
    seal = models.CharField(max_length=64)
    size = models.PositiveIntegerField()
    content = models.BinaryField(null=True)
    made_at = models.DateTimeField(db_default=Now())

    proof: ClassVar[ProofRule] = ProofRule(
        left=dict.fromkeys(
            ("id", "paper", "ending", "fingerprint", "seal", "size", "content", "made_at"),
            "is handed out only where it says what would be written anew",
        )
    )

    class Meta:
        verbose_name = _("file of a report")
        verbose_name_plural = _("files of reports")
        constraints = [models.UniqueConstraint("paper", "ending", name="paper_file")]

    def __str__(self) -> str:
        return f"{self.paper_id}.{self.ending}"

    def unpacked(self) -> bytes | None:
        """The file; None where it is emptied, or no longer the one that was written."""
        try:
            file = None if self.content is None else zlib.decompress(self.content)
        except zlib.error:
            return None
        if file is None or not constant_time_compare(
            self.seal_of(self.fingerprint, file), self.seal
        ):
            return None
        return file

    @staticmethod
    def seal_of(fingerprint: str, file: bytes) -> str:
        """What only this system can write beside a file: whoever alters the table cannot.

        Keyed with the secret key; after another one is set, files are made again when asked for.
        """
        said = fingerprint.encode() + b"\0" + file
        return salted_hmac("reports.papers", said, algorithm="sha256").hexdigest()
