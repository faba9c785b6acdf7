"""Who has a second factor."""

from collections.abc import Iterable

from django.apps import apps


def with_second_factor(users: Iterable[int]) -> set[int]:
    """Those of these accounts (by key) that have a second factor."""
    if not apps.is_installed("allauth.mfa"):
        return set()
    factors = apps.get_app_config("mfa").get_model("Authenticator")
    found = factors._default_manager.filter(user__in=list(users))
    return set(found.exclude(type="recovery_codes").values_list("user_id", flat=True))
