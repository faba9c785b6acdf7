"""Questionnaires that somebody brought as a file and that are not asked yet, or not any more."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from offices.models import User


class QuestionnaireDraft(models.Model):
    """The text of one file as it was brought, checked, and what became of it.

    Never a half-loaded `Instrument`: that is made when the draft goes live, from this very text.
    """

    class State(models.TextChoices):
        """`replaced`: another file of the same version came before this one went live."""

        DRAFT = "draft", _("draft")
        LIVE = "live", _("live")
        RETIRED = "retired", _("retired")
        REPLACED = "replaced", _("replaced")

    slug = models.SlugField(_("short name"), max_length=40)
    version = models.PositiveSmallIntegerField(_("version"))
    title = models.JSONField(_("title"))
    file_name = models.CharField(_("file"), max_length=200)
    text = models.TextField(_("text of the file"))
    # SHA-256 (hex) of the text, and of what answers to it would mean (`Questionnaire`).
    text_hash = models.CharField(_("hash of the file"), max_length=64)
    content_hash = models.CharField(_("hash of the content"), max_length=64)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.DRAFT)
    uploaded_by = models.ForeignKey(
        User, on_delete=models.PROTECT, related_name="+", verbose_name=_("brought by")
    )
    uploaded_at = models.DateTimeField(_("brought at"), auto_now_add=True)
    live_on = models.DateField(_("live since"), null=True)
    retired_on = models.DateField(_("retired on"), null=True)

    class Meta:
        verbose_name = _("draft of a questionnaire")
        verbose_name_plural = _("drafts of questionnaires")
        ordering = ["slug", "-version", "-pk"]
        constraints = [
            models.UniqueConstraint(
                "slug",
                "version",
                condition=models.Q(state="draft"),
                name="one_draft_of_a_version",
            )
        ]

    def __str__(self) -> str:
        return f"{self.slug} v{self.version}"
