"""What every night forgets of signing in."""

from importlib import import_module

from django.conf import settings
from django.utils import timezone

from accounts.drafts import forget_drafts
from accounts.models import OneTimeLink
from accounts.throttle import forget_attempts


def clean() -> dict[str, int]:
    """Forgets sessions, attempts, unsent forms and links that are over; how many of each."""
    import_module(settings.SESSION_ENGINE).SessionStore.clear_expired()
    over = OneTimeLink.objects.filter(ends_at__lt=timezone.now())
    return {
        "attempts": forget_attempts(),
        "drafts": forget_drafts(),
        "links": over.delete()[0],
    }
