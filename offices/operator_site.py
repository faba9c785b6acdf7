"""Django's admin, for operators only: whoever runs the system, and changes no figure by it."""

from typing import Any

from django.contrib.admin import AdminSite
from django.db.models import Model, QuerySet
from django.http import HttpRequest

from audit.actors import official
from audit.recording import record
from offices.access import memberships_of
from offices.models import User
from offices.names import plain
from offices.rights import Role, allowed, scope_of


class OperatorSite(AdminSite):
    """Opens for staff who are superusers or hold the role of an operator."""

    def has_permission(self, request: HttpRequest) -> bool:
        """Whether this account comes in at all; each page asks its own permission besides.

        An operator of anything but the country is none: such a role gives nothing.
        """
        user = request.user
        if not (isinstance(user, User) and user.is_active and user.is_staff):
            return False
        held = [one for one in memberships_of(user) if one.role == Role.OPERATOR]
        return user.is_superuser or any(allowed(one.role, scope_of(one)) for one in held)


class Plainly:
    """What is searched is found without diacritics: ha tien. For models with a `search_key`."""

    def get_search_results(
        self, request: HttpRequest, queryset: "QuerySet[Any]", search_term: str
    ) -> tuple["QuerySet[Any]", bool]:  # Any: rows of the model
        """As Django's, for the plain letters of what was typed."""
        found: tuple[QuerySet[Any], bool] = super().get_search_results(  # type: ignore[misc]
            request, queryset, plain(search_term)
        )
        return found


class Recorded:
    """Every change in the admin stands in the audit: what was changed, old and new values."""

    def save_model(self, request: HttpRequest, obj: Model, form: Any, change: bool) -> None:
        """Saves, and records the fields that differ."""  # Any: a form of Django's
        super().save_model(request, obj, form, change)  # type: ignore[misc]
        told = [name for name in form.changed_data if "password" not in name]
        was = {name: _said(form.initial.get(name)) for name in told} if change else None
        now = {name: _said(form.cleaned_data.get(name)) for name in told}
        _record(request, "changed" if change else "made", obj, {"was": was, "now": now})

    def delete_model(self, request: HttpRequest, obj: Model) -> None:
        """Deletes, and records what is gone."""
        _record(request, "deleted", obj, {})
        super().delete_model(request, obj)  # type: ignore[misc]

    def delete_queryset(self, request: HttpRequest, queryset: "QuerySet[Any]") -> None:
        """The same for several."""  # Any: rows of the model
        for obj in queryset:
            _record(request, "deleted", obj, {})
        super().delete_queryset(request, queryset)  # type: ignore[misc]


def _record(request: HttpRequest, what: str, obj: Model, details: dict[str, object]) -> None:
    assert isinstance(request.user, User)  # noqa: S101 - only operators come here
    record(
        f"{obj._meta.model_name}.{what}",
        subject=str(obj),
        details={"key": obj.pk, "in": "admin", **details},
        by=official(request.user),
    )


def _said(value: object) -> object:
    """A value as JSON: rows by their names, several sorted."""
    if isinstance(value, QuerySet | list | tuple | set):
        return sorted(str(one) for one in value)
    return value if value is None or isinstance(value, bool | int) else str(value)
