"""Who has a second factor."""

from collections.abc import Iterable

from allauth.mfa.models import Authenticator

from accounts.adapters import PRIMARY


def with_second_factor(users: Iterable[int]) -> set[int]:
    """Those of these accounts (by key) that have one; recovery codes alone are none."""
    found = Authenticator.objects.filter(user__in=list(users), type__in=PRIMARY)
    return set(found.values_list("user_id", flat=True))
