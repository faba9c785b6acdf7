"""Published figures: frozen sets of scores that anyone can compute again (công bố).

Rows of all five tables are only ever added: triggers refuse to change or delete them.
"""

from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from offices.models import AdministrativeUnit, Office
from reports.models.rule import Part, ProofRule
from reports.models.score import Period, TerritoryMap
from surveys.models import Instrument


class Release(models.Model):
    """The figures of a province or the country for one closed period, as published once.

    policy: the fields of `reports.sipas.hiding.suppression.Policy`; instruments: by `slug.version`
    the hashes of its content and of its arithmetic; data_hash, figures_hash: SHA-256 in
    hexadecimal, see docs/releases.md; people: forms behind the figures.
    """

    slug = models.SlugField(max_length=60, unique=True)
    unit = models.ForeignKey(AdministrativeUnit, on_delete=models.PROTECT, related_name="releases")
    period = models.CharField(max_length=7, choices=Period)
    start = models.DateField()
    revision = models.PositiveSmallIntegerField()
    revises = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, related_name="revised_by"
    )
    reason = models.TextField(blank=True)
    made_at = models.DateTimeField()
    # Null: made by the operator's command.
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    policy = models.JSONField()
    method = models.CharField(max_length=32)
    software = models.CharField(max_length=120)
    instruments = models.JSONField()
    data_hash = models.CharField(max_length=64)
    figures_hash = models.CharField(max_length=64)
    people = models.PositiveIntegerField()
    simulated = models.BooleanField()
    # What the digests of its memberships are taken of: 1 names labels, 2 does not.
    line = models.PositiveSmallIntegerField(default=1, db_default=1)

    proof: ClassVar[ProofRule] = ProofRule(
        proved={
            Part.RELEASES: (
                *("slug", "revises", "method", "instruments", "data_hash", "figures_hash"),
                *("people", "simulated"),
            )
        },
        inputs=("unit", "period", "start", "revision", "policy", "line"),
        left={
            "id": "a number of the row",
            **dict.fromkeys(
                ("reason", "made_at", "made_by", "software"),
                "what was said then; nothing tells it again, and triggers refuse to change it",
            ),
        },
    )

    class Meta:
        verbose_name = _("release")
        verbose_name_plural = _("releases")
        ordering = ["-start", "period", "-revision"]
        constraints = [
            models.UniqueConstraint(
                "unit", "period", "start", "revision", name="release_unit_period_revision"
            ),
            models.CheckConstraint(
                condition=Q(revision=1, revises=None)
                | Q(revision__gt=1, revises__isnull=False) & ~Q(reason=""),
                name="release_revision_has_a_reason",
            ),
        ]

    def __str__(self) -> str:
        return self.slug


class ReleaseMembership(models.Model):
    """Which responses of one office and instrument a release holds: exactly these, for ever.

    All of the batches but the `withdrawn` ones. `then` and `today` are the units the office
    counted in on each map, from the lowest up; empty where it is not on that map of the release.
    people and digest: how many responses, and the SHA-256 of them; added and removed: people
    against the release that this one revises.
    """

    release = models.ForeignKey(Release, on_delete=models.PROTECT, related_name="memberships")
    office = models.ForeignKey(Office, on_delete=models.PROTECT, related_name="+")
    instrument = models.ForeignKey(Instrument, on_delete=models.PROTECT, related_name="+")
    batches = ArrayField(models.IntegerField())
    withdrawn = ArrayField(models.UUIDField())
    # What is shown of these people beside the headline: [[batches, columns], …]; null in releases
    # of the method that hid beside each other (docs/releases.md).
    openings = models.JSONField(null=True)
    then = ArrayField(models.BigIntegerField())
    today = ArrayField(models.BigIntegerField())
    people = models.PositiveIntegerField()
    added = models.PositiveIntegerField()
    removed = models.PositiveIntegerField()
    digest = models.CharField(max_length=64)

    proof: ClassVar[ProofRule] = ProofRule(
        proved={Part.RELEASES: ("people", "added", "removed", "digest", "batches", "withdrawn")},
        inputs=("release", "office", "instrument", "openings", "then", "today"),
        left={"id": "a number of the row"},
    )

    class Meta:
        db_table = "reports_releasecut"
        verbose_name = _("membership of a release")
        verbose_name_plural = _("memberships of releases")
        constraints = [
            models.UniqueConstraint("release", "office", "instrument", name="release_cut")
        ]

    def __str__(self) -> str:
        return f"{self.release_id}: {self.office_id}"


class ReleaseFigure(models.Model):
    """One published figure; a hidden one stores no number at all.

    The value is `satisfied` of `answered` valid answers, exactly; `percent` is that rounded half
    up to two decimals, `low` and `high` the limits of the 95 % interval in percent.
    """

    class Kind(models.TextChoices):
        """What the figure is of; the headline has no code."""

        HEADLINE = "headline", _("headline")
        FACTOR = "factor", _("factor")
        CRITERION = "criterion", _("criterion")

    release = models.ForeignKey(Release, on_delete=models.PROTECT, related_name="figures")
    office = models.ForeignKey(Office, on_delete=models.PROTECT, null=True, related_name="+")
    unit = models.ForeignKey(
        AdministrativeUnit, on_delete=models.PROTECT, null=True, related_name="+"
    )
    map = models.CharField(max_length=5, choices=TerritoryMap, blank=True)
    instrument = models.ForeignKey(Instrument, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=9, choices=Kind)
    code = models.CharField(max_length=8, blank=True)
    hidden = models.BooleanField()
    people = models.PositiveIntegerField(null=True)
    satisfied = models.BigIntegerField(null=True)
    answered = models.BigIntegerField(null=True)
    percent = models.DecimalField(max_digits=5, decimal_places=2, null=True)
    low = models.DecimalField(max_digits=7, decimal_places=4, null=True)
    high = models.DecimalField(max_digits=7, decimal_places=4, null=True)

    proof: ClassVar[ProofRule] = ProofRule(
        keys=("release", "office", "unit", "map", "instrument", "kind", "code"),
        proved={
            Part.RELEASES: (
                *("hidden", "people", "satisfied", "answered", "percent", "low", "high"),
            )
        },
        left={"id": "a number of the row"},
    )

    class Meta:
        verbose_name = _("figure of a release")
        verbose_name_plural = _("figures of releases")
        constraints = [
            models.UniqueConstraint(
                *("release", "office", "unit", "map", "instrument", "kind", "code"),
                name="release_figure",
                nulls_distinct=False,
            ),
            models.CheckConstraint(
                condition=Q(unit=None, office__isnull=False, map="")
                | Q(unit__isnull=False, office=None) & ~Q(map=""),
                name="release_figure_is_of_an_office_or_a_unit",
            ),
            models.CheckConstraint(
                condition=Q(
                    hidden=True,
                    people=None,
                    satisfied=None,
                    answered=None,
                    percent=None,
                    low=None,
                    high=None,
                )
                | Q(
                    hidden=False,
                    people__isnull=False,
                    satisfied__isnull=False,
                    answered__isnull=False,
                ),
                name="release_figure_hidden_has_no_number",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.release_id}: {self.kind} {self.code}"


class PublicRelease(models.Model):
    """A release that everybody may read, from that moment and for ever (công khai).

    Made by two persons (`reports.release.opening_up`); triggers refuse to take it back.
    """

    release = models.OneToOneField(Release, on_delete=models.PROTECT, related_name="public")
    made_at = models.DateTimeField()
    # Null: approved on the machine, by the operator's command.
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )

    proof: ClassVar[ProofRule] = ProofRule(
        left=dict.fromkeys(
            ("id", "release", "made_at", "made_by"), "who let everybody read it is no figure"
        )
    )

    class Meta:
        verbose_name = _("public release")
        verbose_name_plural = _("public releases")
        ordering = ["-made_at"]

    def __str__(self) -> str:
        return f"{self.release_id}"


class ReleaseCheck(models.Model):
    """One attempt to compute a release again: how many figures, and what differed."""

    release = models.ForeignKey(Release, on_delete=models.PROTECT, related_name="checks")
    made_at = models.DateTimeField()
    software = models.CharField(max_length=120)
    figures = models.PositiveIntegerField()
    differences = models.PositiveIntegerField()
    # The first hundred, one sentence each.
    details = models.JSONField(default=list)

    proof: ClassVar[ProofRule] = ProofRule(
        left=dict.fromkeys(
            ("id", "release", "made_at", "software", "figures", "differences", "details"),
            "the history of checks is no figure",
        )
    )

    class Meta:
        verbose_name = _("check of a release")
        verbose_name_plural = _("checks of releases")
        ordering = ["-made_at"]

    def __str__(self) -> str:
        return f"{self.release_id}: {self.differences}"
