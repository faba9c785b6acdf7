"""Accounts that nobody uses close by themselves; an administrator opens them again."""

from datetime import timedelta

from django.conf import settings
from django.db.models import Q
from django.db.models.functions import Coalesce, Greatest
from django.utils import timezone

from audit.actors import Actor
from audit.recording import record
from offices.models import AdministrativeUnit, Membership, User
from offices.rights import Action, Scope, roles_with

NIGHT = Actor("night")


def _managers() -> set[int]:
    """Who can manage accounts in the whole country: one of them always stays."""
    roles = [role for role, scope in roles_with(Action.MANAGE_ACCOUNTS) if scope == Scope.COUNTRY]
    country = AdministrativeUnit.Level.COUNTRY
    held = Membership.objects.filter(role__in=roles, unit__level=country, user__is_active=True)
    found = set(held.values_list("user_id", flat=True))
    found.update(
        User.objects.filter(is_active=True, is_superuser=True).values_list("pk", flat=True)
    )
    return found


def close_unused() -> int:
    """Closes the accounts that nobody has used for ACCOUNT_IDLE_DAYS; how many.

    An account counts from its last sign-in, else from when it was made or opened again. The last
    one that manages accounts in the whole country is never closed.
    """
    if not settings.ACCOUNT_IDLE_DAYS:
        return 0
    before = timezone.now() - timedelta(days=settings.ACCOUNT_IDLE_DAYS)
    used = Greatest("date_joined", Coalesce("last_login", "date_joined"))
    seen = User.objects.filter(is_active=True).annotate(used=used)
    unused = seen.filter(used__lt=before).exclude(
        # opened again meanwhile, or waiting in an envelope
        Q(opening__at__gte=before) | Q(emergency_code__isnull=False)
    )
    managers, closed = _managers(), 0
    for user in unused.order_by("used"):
        if managers == {user.pk}:
            continue
        user.is_active = False
        user.save(update_fields=["is_active"])
        managers.discard(user.pk)
        record("account.closed", subject=user.username, details={"why": "unused"}, by=NIGHT)
        closed += 1
    return closed
