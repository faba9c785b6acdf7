"""Questionnaires in the admin, to read: they come from files and are immutable once answered.

Responses are nowhere in the admin, and remarks have pages of their own.
"""

from django.contrib import admin

from offices.admin import ReadOnly
from surveys.models import Criterion, Factor, Instrument


class FactorsInline(ReadOnly, admin.TabularInline):
    model = Factor
    extra = 0


class CriteriaInline(ReadOnly, admin.TabularInline):
    model = Criterion
    fields = ("position", "code", "factor", "scale", "text", "confirmed")
    extra = 0


@admin.register(Instrument)
class InstrumentAdmin(ReadOnly, admin.ModelAdmin):
    """The versions of each questionnaire."""

    list_display = ("slug", "version", "official", "is_default", "offered")
    inlines = (FactorsInline, CriteriaInline)
