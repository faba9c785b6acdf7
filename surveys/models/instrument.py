"""Questionnaires: one row per version, loaded from a file, immutable once answered."""

from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _


def satisfied_answers() -> list[int]:
    """The answers that count as satisfied unless an instrument says otherwise."""
    return [4, 5]


def valid_answers() -> list[int]:
    """The answers that count at all unless an instrument says otherwise."""
    return [1, 2, 3, 4, 5]


class Instrument(models.Model):
    """One version of a questionnaire. Texts are `{"vi": …, "en": …, "km": …}`."""

    class Method(models.TextChoices):
        """How criteria become a factor, a component and the overall index."""

        POOLED = "pooled", _("all answers together")
        MEAN_OF_CRITERIA = "mean_of_criteria", _("mean of the criteria")
        MEAN_OF_FACTORS = "mean_of_factors", _("mean of the factors")

    slug = models.SlugField(_("short name"), max_length=40)
    version = models.PositiveSmallIntegerField(_("version"))
    title = models.JSONField(_("title"))
    introduction = models.JSONField(_("introduction"), default=dict)
    # `[{"code": "II", "title": {...}}, …]`: the sections of the form
    parts = models.JSONField(_("parts"), default=list, blank=True)
    # By placeholder, such as {office}: `[{"from": "2025-07-01"|null, "to": …, "text": {...}}, …]`
    labels = models.JSONField(_("local labels"), default=dict, blank=True)
    draft_languages = models.JSONField(_("languages in draft"), default=list)
    source = models.TextField(_("source"))
    notes = models.TextField(_("notes"), blank=True)
    minimum_answered = models.FloatField(_("share of criteria a valid form answers"), default=0.5)
    method = models.CharField(
        _("how criteria are put together"),
        max_length=16,
        choices=Method,
        default=Method.POOLED,
        db_default=Method.POOLED,
    )
    # Bytes of satisfaction items, ascending; `satisfied` are some of `valid`.
    satisfied = models.JSONField(
        _("answers that count as satisfied"), default=satisfied_answers, db_default=[4, 5]
    )
    valid = models.JSONField(
        _("answers that count at all"), default=valid_answers, db_default=[1, 2, 3, 4, 5]
    )
    official = models.BooleanField(_("an official form"), default=True)
    is_default = models.BooleanField(_("asked unless another is chosen"), default=False)
    offered = models.BooleanField(_("citizens can answer it"), default=True)
    # Answers to it may still wait on devices without network.
    was_offered = models.BooleanField(
        _("citizens could answer it at some time"), default=False, db_default=False
    )
    content_hash = models.CharField(_("hash of the content"), max_length=64)
    # Phones show one question a screen from this day on; None: a page for each factor. Another way
    # of asking may bring other answers, so lines of figures bear a mark on this day.
    one_by_one_since = models.DateField(
        _("phones ask one question a screen since"), null=True, blank=True, editable=False
    )
    # From this day on people are asked how far their dossier is before they are asked about its
    # result, and whoever still waits is not asked that at all; None: the stage is asked last.
    stage_first_since = models.DateField(
        _("the stage is asked first since"), null=True, blank=True, editable=False
    )
    # Since people decided whether it is asked; no file of the software decides it any more.
    decided_on = models.DateField(_("decided by people on"), null=True, editable=False)

    class Meta:
        verbose_name = _("instrument")
        verbose_name_plural = _("instruments")
        ordering = ["slug", "version"]
        constraints = [
            models.UniqueConstraint("slug", "version", name="instrument_slug_version"),
            models.UniqueConstraint(
                "is_default", condition=models.Q(is_default=True), name="one_default_instrument"
            ),
        ]

    def __str__(self) -> str:
        return (
            f"{self.title.get(get_language() or 'vi') or self.title.get('vi', '')} ({self.version})"
        )


class Factor(models.Model):
    """A group of criteria of one component (yếu tố)."""

    instrument = models.ForeignKey(Instrument, on_delete=models.CASCADE, related_name="factors")
    position = models.PositiveSmallIntegerField()
    code = models.CharField(_("code"), max_length=8)
    component = models.CharField(_("component"), max_length=16)
    title = models.JSONField(_("title"))

    class Meta:
        verbose_name = _("factor")
        verbose_name_plural = _("factors")
        ordering = ["instrument", "position"]
        constraints = [models.UniqueConstraint("instrument", "code", name="factor_instrument_code")]

    def __str__(self) -> str:
        return self.code


class Criterion(models.Model):
    """One item: a question with one byte of answer, at `position` of the packed answers."""

    class Scale(models.TextChoices):
        """Which bytes are answers: 1–5, 1–4, 1–7, 0/1, 1/2; of a reason: given or not, 1/2."""

        SATISFACTION = "satisfaction", _("five levels of satisfaction")
        LEVEL4 = "level4", _("four levels")
        CHOICE = "choice", _("one of several")
        BOX = "box", _("one box of several")
        YESNO = "yesno", _("yes or no")
        REASON = "reason", _("a reason for a low answer")

    instrument = models.ForeignKey(Instrument, on_delete=models.CASCADE, related_name="criteria")
    factor = models.ForeignKey(
        Factor, on_delete=models.CASCADE, related_name="criteria", null=True, blank=True
    )
    position = models.PositiveSmallIntegerField()
    code = models.CharField(_("code"), max_length=8)
    scale = models.CharField(_("scale"), max_length=12, choices=Scale)
    part = models.CharField(_("part"), max_length=8, blank=True)
    # Items that stand under one question share its group code and question text.
    group = models.CharField(_("group"), max_length=16, blank=True)
    question = models.JSONField(_("question of the group"), default=dict, blank=True)
    text = models.JSONField(_("text"))
    hint = models.JSONField(_("explanation"), default=dict, blank=True)
    # `[{"value": 1, "text": {...}}, …]`
    options = models.JSONField(_("answers"), default=list)
    confirmed = models.BooleanField(_("wording confirmed"), default=True)
    # Whoever still waits for the result has nothing to say to it (`Instrument.stage_first_since`).
    about_result = models.BooleanField(_("about the result"), default=False, db_default=False)
    # The text for whoever was refused; empty where the usual one is kept.
    if_refused = models.JSONField(_("text if refused"), default=dict, db_default={}, blank=True)

    class Meta:
        verbose_name = _("criterion")
        verbose_name_plural = _("criteria")
        ordering = ["instrument", "position"]
        constraints = [
            models.UniqueConstraint("instrument", "position", name="criterion_position"),
            models.UniqueConstraint("instrument", "code", name="criterion_code"),
        ]

    def __str__(self) -> str:
        return self.code
