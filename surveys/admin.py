"""Questionnaires in the admin, to read: they come from files and are immutable once answered.

Responses are nowhere in the admin, and remarks have pages of their own.
"""

from django.contrib import admin
from django.utils.html import format_html
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from offices.admin import ReadOnly
from surveys.models import Criterion, Factor, Instrument
from surveys.questionnaires.catalogue import text_in
from surveys.questionnaires.questionnaire import Texts


def _said(texts: Texts) -> str:
    """A text of a questionnaire in the reader's language."""
    return text_in(texts, get_language() or "vi")


class FactorsInline(ReadOnly, admin.TabularInline):
    model = Factor
    fields = readonly_fields = ("code", "said")
    extra = 0

    @admin.display(description=_("title"))
    def said(self, factor: Factor) -> str:
        """The title in the reader's language."""
        return _said(factor.title)


class CriteriaInline(ReadOnly, admin.TabularInline):
    model = Criterion
    fields = readonly_fields = ("code", "said", "scale", "confirmed")
    extra = 0

    @admin.display(description=_("text"))
    def said(self, criterion: Criterion) -> str:
        """The text in the reader's language."""
        return _said(criterion.text)


@admin.register(Instrument)
class InstrumentAdmin(ReadOnly, admin.ModelAdmin):
    """The versions of each questionnaire."""

    list_display = ("__str__", "called", "official", "is_default", "offered")
    # Source and notes are for whoever keeps the files, and in English.
    fields = readonly_fields = (
        *("called", "introduces", "method", "minimum_answered", "satisfied", "valid"),
        *("official", "is_default", "offered", "was_offered", "content_hash"),
    )
    inlines = (FactorsInline, CriteriaInline)

    @admin.display(description=_("short name"), ordering="slug")
    def called(self, instrument: Instrument) -> str:
        """The name by which files and addresses know it: a code, the same in every language."""
        return format_html("<code>{}.{}</code>", instrument.slug, instrument.version)

    @admin.display(description=_("introduction"))
    def introduces(self, instrument: Instrument) -> str:
        """The introduction in the reader's language."""
        return _said(instrument.introduction)
