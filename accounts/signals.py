"""Ends sessions and links when what they were made with has changed; the audit of factors."""

from typing import Any

from allauth.mfa import signals as factors
from allauth.mfa.models import Authenticator
from django.db.models.signals import post_delete, post_save, pre_save
from django.dispatch import receiver
from django.http import HttpRequest
from django.utils import timezone

from accounts.adapters import PRIMARY
from accounts.links import end_links
from accounts.models import OneTimeLink, Opening
from accounts.second_factors import note_as_proved
from accounts.sessions import end_sessions
from accounts.sources import actor_of
from audit.recording import record
from offices.models import Membership, User

# Sessions end when one of these is another one.
WATCHED = ("is_active", "is_staff", "is_superuser")
# One-time links end then: they were made for somebody else, or may be in wrong hands.
OF_LINKS = ("is_active", "email")
OF_PASSWORDS = (OneTimeLink.Purpose.INVITE, OneTimeLink.Purpose.RESET_PASSWORD)


@receiver(pre_save, sender=User)
def _look_before(
    instance: User, update_fields: frozenset[str] | None = None, **_signal: Any
) -> None:  # Any: what Django sends along
    if instance.pk is None:
        return
    watched = [
        name for name in {*WATCHED, *OF_LINKS} if update_fields is None or name in update_fields
    ]
    old = User.objects.filter(pk=instance.pk).values(*watched).first() if watched else {}
    differ = {name for name, value in (old or {}).items() if value != getattr(instance, name)}
    changed = bool(differ & set(WATCHED))
    instance._ends_links = bool(differ & set(OF_LINKS))  # type: ignore[attr-defined]
    instance._ends_password_links = instance._password is not None  # type: ignore[attr-defined]
    instance._is_opened = instance.is_active and (old or {}).get("is_active") is False  # type: ignore[attr-defined]
    # Django keeps the new password here until it is stored; a new hash of the old one is no change
    instance._ends_sessions = changed or instance._password is not None  # type: ignore[attr-defined]


@receiver(post_save, sender=User)
def _end_after(instance: User, **_signal: Any) -> None:  # Any: as above
    if getattr(instance, "_ends_sessions", False):
        end_sessions(instance)
    if getattr(instance, "_ends_links", False):
        end_links(instance)
    elif getattr(instance, "_ends_password_links", False):
        end_links(instance, *OF_PASSWORDS)
    if getattr(instance, "_is_opened", False):
        Opening.objects.update_or_create(user=instance, defaults={"at": timezone.now()})


@receiver(post_save, sender=Membership)
@receiver(post_delete, sender=Membership)
def _role_changed(instance: Membership, **_signal: Any) -> None:  # Any: as above
    end_sessions(instance.user)


@receiver(factors.authenticator_added)
def _added(
    request: HttpRequest, user: User, authenticator: Authenticator, **_signal: Any
) -> None:  # Any: as above
    if authenticator.type in PRIMARY:
        note_as_proved(request, user, authenticator)
        end_links(user, OneTimeLink.Purpose.RESET_SECOND_FACTOR)
        end_sessions(user, but=request.session.session_key)
    _record(request, user, authenticator, "second_factor.added")


@receiver(factors.authenticator_removed)
def _removed(
    request: HttpRequest, user: User, authenticator: Authenticator, **_signal: Any
) -> None:  # Any: as above
    end_sessions(user, but=request.session.session_key)
    _record(request, user, authenticator, "second_factor.removed")


@receiver(factors.authenticator_reset)
def _reset(
    request: HttpRequest, user: User, authenticator: Authenticator, **_signal: Any
) -> None:  # Any: as above
    _record(request, user, authenticator, "recovery_codes.renewed")


def _record(request: HttpRequest, user: User, authenticator: Authenticator, action: str) -> None:
    details = {"what": str(authenticator.type)}
    record(action, subject=user.username, details=details, by=actor_of(request, user))
