"""The page of one's own account, its sessions, its password."""

from dataclasses import dataclass

from allauth.mfa.models import Authenticator
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.functional import Promise
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import throttle
from accounts.drafts import unsent_of
from accounts.forms import NOT_YOURS, ChangePasswordForm
from accounts.models import Device, SignInSession
from accounts.sealing import hashed
from accounts.sessions import end_sessions, open_sessions
from accounts.signing_in import too_soon
from accounts.sources import actor_of
from accounts.throttle import Kind
from audit.models import Entry
from audit.recording import record
from offices.models import Membership, User
from offices.rights import ACTION_NAMES, allowed, scope_of

SIGN_INS = ("signin.done", "signin.failed", "second_factor.failed", "signin.delayed")
SHOWN = 10


@dataclass(frozen=True, slots=True)
class Held:
    """A role in words: what it is called, where it is held, what it gives."""

    role: str
    place: str
    actions: tuple[str | Promise, ...]


def held_by(user: User) -> list[Held]:
    """The roles of an account, in words."""
    memberships = user.memberships.select_related("unit", "office").order_by("pk")
    return [_in_words(one) for one in memberships]


def _in_words(membership: Membership) -> Held:
    place = membership.unit.full_name if membership.unit else getattr(membership.office, "name", "")
    given = allowed(membership.role, scope_of(membership))
    actions = tuple(name for action, name in ACTION_NAMES.items() if action in given)
    return Held(membership.get_role_display(), place, actions)


def _user(request: HttpRequest) -> User:
    assert isinstance(request.user, User)  # noqa: S101 -- login_required came first
    return request.user


@login_required
@never_cache
@require_safe
def account(request: HttpRequest) -> HttpResponse:
    """Who one is here, how one signs in, and where one is signed in."""
    user = _user(request)
    own = list(Authenticator.objects.filter(user=user).order_by("created_at"))
    codes = next((one for one in own if one.type == Authenticator.Type.RECOVERY_CODES), None)
    context = {
        "roles": held_by(user),
        "apps": [one for one in own if one.type == Authenticator.Type.TOTP],
        "passkeys": [one for one in own if one.type == Authenticator.Type.WEBAUTHN],
        "codes_left": len(codes.wrap().get_unused_codes()) if codes else None,
        "sessions": open_sessions(user),
        "this": hashed(request.session.session_key or ""),
        "devices": Device.objects.filter(user=user).order_by("-last_at"),
        "sign_ins": Entry.objects.filter(account_id=user.pk, action__in=SIGN_INS)[:SHOWN],
        "unsent": len(unsent_of(user)),
    }
    return render(request, "accounts/account.html", context)


@login_required
@require_POST
def end_session(request: HttpRequest, pk: int) -> HttpResponse:
    """Ends one of one's own sessions; the others go on."""
    user = _user(request)
    found = get_object_or_404(open_sessions(user), pk=pk)
    if found.key_hash == hashed(request.session.session_key or ""):
        return redirect("account")
    with transaction.atomic():
        _end_one(found)
        record("session.ended", subject=user.username, by=actor_of(request))
    return redirect("account")


def _end_one(session: SignInSession) -> None:
    SignInSession.objects.filter(pk=session.pk).update(ended_at=timezone.now(), data="")


@login_required
@require_POST
def end_others(request: HttpRequest) -> HttpResponse:
    """Ends all of one's sessions but this one, and forgets the other devices."""
    user = _user(request)
    with transaction.atomic():
        ended = end_sessions(user, but=request.session.session_key)
        throttle.forget_devices(user, but=request)
        said = {"size": ended}
        record("session.ended", subject=user.username, details=said, by=actor_of(request))
    return redirect("account")


@sensitive_post_parameters("password", "new_password", "repeated")
@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def password(request: HttpRequest) -> HttpResponse:
    """A new password; all other sessions end."""
    user = _user(request)
    form = ChangePasswordForm(user, request.POST or None)
    if request.method == "POST" and form.is_valid():
        attempt = throttle.begin(request, Kind.PASSWORD, user)
        if attempt.wait:
            return too_soon(request, attempt)
        shown = form.cleaned_data["password"]
        if user.check_password(shown):
            attempt.succeeded()
            if _set_password(request, user, shown, form.cleaned_data["new_password"]):
                return render(request, "accounts/password_changed.html")
            return redirect("login")
        attempt.failed("confirmation.failed")
        form.add_error("password", NOT_YOURS)
        update_session_auth_hash(request, user)
    return render(request, "accounts/password.html", {"form": form})


def _set_password(request: HttpRequest, user: User, shown: str, new: str) -> bool:
    """Gives one's own account a new password; this session goes on under a new key.

    False where it has another password by now than when `shown` was found right: whoever had it
    changed meanwhile, it may be because this very session was somebody else's.
    """
    with transaction.atomic():
        now = User.objects.select_for_update().get(pk=user.pk)
        if not now.is_active or not now.check_password(shown):
            return False
        user.set_password(new)
        user.save(update_fields=["password"])  # ends all sessions
        request.session.reopen()  # type: ignore[attr-defined]
        update_session_auth_hash(request, user)
        record("password.changed", subject=user.username, by=actor_of(request, user))
    return True
