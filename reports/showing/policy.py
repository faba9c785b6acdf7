"""Who needs more people behind a figure than the policy asks of everybody."""

from typing import Any

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.core import checks

from offices.access import memberships_with
from offices.models import User
from offices.rights import Action, Role
from reports.counting.policy import POLICY
from reports.sipas.hiding.suppression import Policy


def policy_of(user: User | AnonymousUser) -> Policy:
    """The policy for this reader: that of the role with the smallest minimum, never a weaker one.

    Minimums by role stand in the setting MINIMUM_PEOPLE; a role that it does not name has the
    policy's own. A role that is held where it may not be held does not count, and a superuser has
    that of an operator.
    """
    by_role = settings.MINIMUM_PEOPLE
    if not by_role:
        return POLICY
    roles = {membership.role for membership in memberships_with(user, Action.SEE_FIGURES)}
    return POLICY.stricter(min((by_role.get(role, 0) for role in roles), default=0))


def roles_are_known(**_given: Any) -> list[checks.CheckMessage]:  # Any: Django's own options
    """An error for each name in MINIMUM_PEOPLE that is no role: nobody would be held to it."""
    return [
        checks.Error(
            f"MINIMUM_PEOPLE names {name!r}, which is no role.",
            hint=f"The roles are {', '.join(Role.values)}.",
            id="reports.E001",
        )
        for name in settings.MINIMUM_PEOPLE
        if name not in Role.values
    ]
