"""Offices, counters, procedures, accounts in Django's admin; units are read there, never edited."""

from typing import Any

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from offices.models import (
    AdministrativeUnit,
    Counter,
    Designation,
    DossierCount,
    Field,
    Membership,
    Office,
    Procedure,
    Succession,
    User,
)


class ReadOnly:
    """Shown and searched, never changed: the rows come from files."""

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class DesignationsInline(ReadOnly, admin.TabularInline):
    model = Designation
    extra = 0


class SuccessionsInline(ReadOnly, admin.TabularInline):
    model = Succession
    fk_name = "predecessor"
    extra = 0


@admin.register(AdministrativeUnit)
class AdministrativeUnitAdmin(ReadOnly, admin.ModelAdmin):
    """The registry."""

    list_display = ("called", "level", "code", "valid_from", "valid_to")
    list_filter = ("level", "valid_from")
    search_fields = ("name", "code")
    inlines = (DesignationsInline, SuccessionsInline)

    @admin.display(description=_("name"), ordering="name_key")
    def called(self, unit: AdministrativeUnit) -> str:
        """The name with its kind, sorted by the name."""
        return unit.full_name


class Sorted:
    """Sorted by its name as Vietnamese readers expect, also on a click at the column."""

    @admin.display(description=_("name"), ordering="name_key")
    def called(self, named: Office | Procedure) -> str:
        """The name."""
        return named.name


class CountersInline(admin.TabularInline):
    model = Counter
    extra = 0


@admin.register(Office)
class OfficeAdmin(Sorted, admin.ModelAdmin):
    """One-stop shops with their counters."""

    list_display = ("called", "kind", "unit", "valid_from", "valid_to")
    list_filter = ("kind",)
    list_select_related = ("unit",)
    search_fields = ("name", "slug")
    autocomplete_fields = ("unit", "today_unit", "heir", "predecessors")
    inlines = (CountersInline,)


@admin.register(Field)
class FieldAdmin(admin.ModelAdmin):
    """Fields of administration."""

    search_fields = ("name",)
    prepopulated_fields = {"slug": ("name",)}


@admin.register(Procedure)
class ProcedureAdmin(Sorted, admin.ModelAdmin):
    """Procedures, by their national code."""

    list_display = ("code", "called", "field", "levels", "confirmed", "valid_from", "valid_to")
    list_filter = ("field", "confirmed")
    list_select_related = ("field",)
    search_fields = ("code", "name")


@admin.register(DossierCount)
class DossierCountAdmin(ReadOnly, admin.ModelAdmin):
    """Finished dossiers; they come from files (`offices.dossiers.store`)."""

    list_display = ("office", "day", "field", "finished", "simulated")
    list_filter = ("simulated", "field")
    list_select_related = ("office", "field")
    date_hierarchy = "day"
    search_fields = ("office__name", "office__slug")


class MembershipsInline(admin.TabularInline):
    model = Membership
    extra = 0
    autocomplete_fields = ("unit", "office")


@admin.register(User)
class OfficialAdmin(UserAdmin):
    """Officials' accounts and what they hold."""

    inlines = (MembershipsInline,)
