"""The table of rights as it stands in the code: actions by roles, and where each role is held."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from offices.access import may, require
from offices.rights import ACTION_NAMES, GIVES, TABLE, Action, Role, Scope
from officials.routes import LOOKING

# As short as a cell of the table needs it.
MARKS: dict[Scope, str | Promise] = {
    Scope.COUNTRY: _("country"),
    Scope.PROVINCE: _("province"),
    Scope.UNIT: _("commune"),
    Scope.OFFICE: _("one-stop shop"),
}


@dataclass(frozen=True, slots=True)
class Cell:
    """A role and the marks of where it gives the action; no marks: nowhere."""

    role: str | Promise
    marks: list[str | Promise]


@login_required
@require_safe
def rights_table(request: HttpRequest) -> HttpResponse:
    """The table; whoever has any role reads what roles are for."""
    require(request.user, Action.SEE_FIGURES)
    context = {
        "roles": [role.label for role in Role],
        "rows": [(name, list(_cells(action))) for action, name in ACTION_NAMES.items()],
        "giving": [
            (role.label, [one.label for one in Role if one in GIVES[role]]) for role in GIVES
        ],
        "looks": any(may(request.user, action) for action in LOOKING),
    }
    return render(request, "officials/administration/rights.html", context)


def _cells(action: Action) -> Iterator[Cell]:
    for role in Role:
        held = TABLE[role]
        yield Cell(role.label, [MARKS[scope] for scope in held if action in held[scope]])
