"""Offices, counters, procedures, accounts in Django's admin; units are read there, never edited."""

from collections.abc import Iterable
from http import HTTPStatus
from typing import Any

from django import forms
from django.apps import apps
from django.contrib import admin, messages
from django.contrib.admin.templatetags import admin_list
from django.contrib.admin.utils import unquote
from django.contrib.auth.admin import GroupAdmin, UserAdmin
from django.contrib.auth.forms import AdminPasswordChangeForm, SetUnusablePasswordMixin
from django.contrib.auth.models import Group, Permission
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.db.models import Field as Column
from django.db.models import Model
from django.http import HttpRequest
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import capfirst, format_lazy
from django.utils.translation import gettext_lazy as _

from audit.actors import official
from audit.recording import record
from offices.giving import (
    NotGiven,
    give,
    obstacle_to_acting_on,
    obstacle_to_giving,
    place_of,
    take,
)
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
from offices.operator_site import Plainly, Recorded
from offices.rights import Role

admin.site.site_title = admin.site.site_header = _("Administration of Hài Lòng")
admin.site.index_title = _("What can be administered")


def _yes_or_no(value: bool | None) -> SafeString:
    """Django's picture for a truth, which it names "True" and "False" in every language."""
    names = {True: ("yes", _("Yes")), False: ("no", _("No")), None: ("unknown", _("Unknown"))}
    picture, name = names[value]
    return format_html('<img src="{}" alt="{}">', static(f"admin/img/icon-{picture}.svg"), name)


admin_list._boolean_icon = _yes_or_no  # type: ignore[attr-defined]


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
    fields = readonly_fields = ("became", "relation", "effective_on", "legal_basis")
    extra = 0

    @admin.display(description=_("successor"))
    def became(self, succession: Succession) -> str:
        """The unit that it became, or went into."""
        return succession.successor.full_name


@admin.register(AdministrativeUnit)
class AdministrativeUnitAdmin(ReadOnly, Plainly, admin.ModelAdmin):
    """The registry."""

    list_display = ("called", "level", "code", "valid_from", "valid_to")
    list_filter = ("level", "valid_from")
    search_fields = ("search_key", "parent__search_key")
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


class WithoutLinks:
    """Deleting tells of all that goes with it, but for rows that only join two others.

    Django makes their names of the columns', and there are no other words for them.
    """

    def get_deleted_objects(
        self, objs: Any, request: HttpRequest
    ) -> tuple[list[Any], dict[str, int], set[str], list[Any]]:  # Any: lists of texts in lists
        """As Django's, without the joining rows."""
        everything, counts, needed, kept = super().get_deleted_objects(objs, request)  # type: ignore[misc]
        links = {
            model._meta
            for model in apps.get_models(include_auto_created=True)
            if model._meta.auto_created
        }
        told = tuple(f"{capfirst(str(link.verbose_name))}:" for link in links)
        plurals = {str(link.verbose_name_plural) for link in links}
        counted = {name: count for name, count in counts.items() if str(name) not in plurals}
        return _without(everything, told), counted, needed, kept


def _without(told: Iterable[Any], beginnings: tuple[str, ...]) -> list[Any]:  # Any: as above
    """Texts, in lists of lists, that begin with none of these."""
    return [
        _without(one, beginnings) if isinstance(one, list) else one
        for one in told
        if isinstance(one, list) or not str(one).startswith(beginnings)
    ]


@admin.register(Office)
class OfficeAdmin(Plainly, Recorded, WithoutLinks, Sorted, admin.ModelAdmin):
    """One-stop shops with their counters.

    Short name and days are changed on the pages of ours, which ask what it would break; where an
    office stands and who takes over from it, by a merger, which wants two persons.
    """

    decided_elsewhere = (
        *("slug", "valid_from", "valid_to"),
        *("unit", "today_unit", "heir", "predecessors"),
    )

    list_display = ("called", "kind", "unit", "valid_from", "valid_to")
    list_filter = ("kind",)
    list_select_related = ("unit",)
    search_fields = ("search_key", "unit__search_key", "unit__parent__search_key")
    autocomplete_fields = ("unit", "today_unit", "heir", "predecessors")
    inlines = (CountersInline,)

    def get_readonly_fields(self, request: HttpRequest, obj: Office | None = None) -> list[str]:
        """Of an office that is there: what it has pages or two persons for."""
        return [*self.decided_elsewhere] if obj is not None else []


@admin.register(Field)
class FieldAdmin(Recorded, admin.ModelAdmin):
    """Fields of administration."""

    search_fields = ("name",)
    prepopulated_fields = {"slug": ("name",)}


@admin.register(Procedure)
class ProcedureAdmin(Recorded, Sorted, admin.ModelAdmin):
    """Procedures, by their national code."""

    list_display = ("code", "called", "field", "handled", "confirmed", "valid_from", "valid_to")
    list_filter = ("field", "confirmed")
    list_select_related = ("field",)
    search_fields = ("code", "name")

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Never: forms of closed months name it where no foreign key sees it (decision 0038)."""
        return False

    @admin.display(description=_("levels"), ordering="levels")
    def handled(self, procedure: Procedure) -> str:
        """The levels whose offices handle it, by their names."""
        names = dict(AdministrativeUnit.Level.choices)
        return ", ".join(str(names.get(level, level)) for level in procedure.levels.split(","))


@admin.register(DossierCount)
class DossierCountAdmin(ReadOnly, Plainly, admin.ModelAdmin):
    """Finished dossiers; they come from files (`offices.dossiers.store`)."""

    list_display = ("office", "day", "field", "finished", "simulated")
    list_filter = ("simulated", "field")
    list_select_related = ("office", "field")
    date_hierarchy = "day"
    search_fields = ("office__search_key",)


class MembershipForm(forms.ModelForm):
    """A role for the account of the page; an error says why it is not given."""

    giver: User

    def clean(self) -> dict[str, Any]:  # Any: as Django's
        """Asks the same rules as the page of people."""
        cleaned: dict[str, Any] = super().clean() or {}
        unit, office = cleaned.get("unit"), cleaned.get("office")
        place, role = unit or office, cleaned.get("role")
        if place is not None and role and not (unit and office):
            to = self.instance.user if self.instance.user_id else None
            if obstacle_to_giving(self.giver, Role(role), place, to) is not None:
                raise ValidationError(NOT_GIVEN)
        return cleaned


NOT_GIVEN = _(
    "You do not give this role there: nobody gives a role to themselves, and each role is held "
    "only where the table of rights says so."
)


class MembershipsInline(admin.TabularInline):
    """Roles are given and taken away, never changed into others."""

    model = Membership
    form = MembershipForm
    extra = 0
    autocomplete_fields = ("unit", "office")

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Not on one's own page."""
        return super().has_delete_permission(request, obj) and obj != request.user

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Not on one's own page."""
        return super().has_add_permission(request, obj) and obj != request.user

    def get_formset(self, request: HttpRequest, obj: Any = None, **given: Any) -> Any:
        # Any: Django's own options and class
        given["form"] = type("GiversForm", (MembershipForm,), {"giver": request.user})
        return super().get_formset(request, obj, **given)


ACTIONS = {
    "add": _("may add"),
    "change": _("may change"),
    "delete": _("may delete"),
    "view": _("may view"),
}


class PermissionsField(forms.ModelMultipleChoiceField):
    """What may be done in the admin. Django keeps the names in the database, in English."""

    def label_from_instance(self, obj: Model) -> str:
        """The kind of thing, and what may be done with it."""
        assert isinstance(obj, Permission)  # noqa: S101 - for the type checker
        action = ACTIONS.get(obj.codename.partition("_")[0], obj.name)
        return f"{obj.content_type}: {action}"


class Permitting:
    """Offers permissions for what the admin has pages for; others would permit nothing."""

    def formfield_for_manytomany(
        self, db_field: Column, request: HttpRequest, **given: Any
    ) -> Any:  # Any: Django's own options and field
        """The field of a form for permissions, else Django's."""
        if db_field.related_model is Permission:
            kinds = ContentType.objects.get_for_models(*admin.site._registry).values()
            offered = Permission.objects.filter(content_type__in=kinds)
            given |= {
                "form_class": PermissionsField,
                "queryset": offered.select_related("content_type"),
            }
        return super().formfield_for_manytomany(db_field, request, **given)  # type: ignore[misc]


def _is_superuser(request: HttpRequest) -> bool:
    return isinstance(request.user, User) and request.user.is_superuser


admin.site.unregister(Group)


@admin.register(Group)
class GroupsAdmin(Recorded, Permitting, WithoutLinks, GroupAdmin):  # type: ignore[misc]
    """Groups of accounts with the same permissions in the admin; superusers alone change them.

    Whoever is in a group could else give themselves what the group may.
    """

    def has_add_permission(self, request: HttpRequest) -> bool:
        return _is_superuser(request)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return _is_superuser(request)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return _is_superuser(request)


class PasswordForm(AdminPasswordChangeForm):
    """Django's, with the warning that it has in English only."""

    usable_password_help_text = format_lazy(  # type: ignore[assignment]
        '{}<ul id="id_unusable_warning" class="messagelist"><li class="warning">{}</li></ul>',
        SetUnusablePasswordMixin.usable_password_help_text,
        _("If signing in by password is switched off, the present password is lost."),
    )


@admin.register(User)
class OfficialAdmin(Plainly, Recorded, Permitting, WithoutLinks, UserAdmin):
    """Officials' accounts and what they hold; they are closed on the page of people, not here."""

    change_password_form = PasswordForm
    inlines = (MembershipsInline,)
    search_fields = ("search_key", "email")
    readonly_fields = ("last_login", "date_joined", "is_active")
    mighty = ("is_staff", "is_superuser", "groups", "user_permissions")

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """What makes an account mighty is given by superusers, and by nobody to themselves."""
        user = request.user
        mine = obj is not None and obj.pk == user.pk
        mightier = isinstance(user, User) and user.is_superuser and not mine
        return self.readonly_fields if mightier else (*self.readonly_fields, *self.mighty)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """An account that acted is closed, and its name stays."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Only whoever gives all roles of an account changes it; one's own may be looked at."""
        user = request.user
        if not super().has_change_permission(request, obj) or not isinstance(user, User):
            return False
        return obj is None or obstacle_to_acting_on(user, obj) is None

    def user_change_password(self, request: HttpRequest, id: str, form_url: str = "") -> Any:
        # Any: as Django's; it asks has_change_permission and records nothing that we keep
        response = super().user_change_password(request, id, form_url)
        if request.method == "POST" and response.status_code == HTTPStatus.FOUND:
            set_by_hand(request, self.get_object(request, unquote(id)))
        return response

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: bool) -> None:
        """Gives and takes through `offices.giving`, which locks, asks once more and records."""
        assert isinstance(request.user, User)  # noqa: S101 - only operators come here
        formset.save(commit=False)
        try:
            for gone in formset.deleted_objects:
                take(request.user, gone.pk)
            for made in formset.new_objects:
                give(request.user, form.instance, Role(made.role), place_of(made))
        except NotGiven:
            self.message_user(request, NOT_GIVEN, messages.ERROR)


def set_by_hand(request: HttpRequest, changed: Any) -> None:
    """Writes down that an operator set somebody's password. Any: an account."""
    assert isinstance(request.user, User)  # noqa: S101 - only operators come here
    by = official(request.user)
    record("account.password_set", subject=changed.get_username(), details={"in": "admin"}, by=by)
