"""Pages on which officials set up, use once more and remove their second factors."""

from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.login import get_authentication_records, record_authentication
from allauth.account.views import ReauthenticateView
from allauth.mfa.adapter import get_adapter as get_mfa_adapter
from allauth.mfa.base.views import ReauthenticateView as CodeView
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.views import GenerateRecoveryCodesView, ViewRecoveryCodesView
from allauth.mfa.totp.views import ActivateTOTPView, DeactivateTOTPView
from allauth.mfa.webauthn.views import (
    AddWebAuthnView,
    ReauthenticateWebAuthnView,
    RemoveWebAuthnView,
)
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_safe

from accounts import throttle
from accounts.adapters import KEY_IS_WRONG, PRIMARY
from accounts.forms import (
    NOT_YOURS,
    AppForm,
    CodeAgainForm,
    KeyAgainForm,
    PasskeyForm,
    PasswordForm,
    take_code,
)
from accounts.signing_in import note_recovery_code, too_soon
from accounts.sources import needs_no_second_factor
from accounts.throttle import Attempt, Kind
from offices.models import User

# Any: Django's decorators, for classes that are untyped
signed_in: Any = [login_required, never_cache]


def has_second_factor(user: User) -> bool:
    """Whether an app or a passkey is set up; recovery codes alone are none."""
    return Authenticator.objects.filter(user=user, type__in=PRIMARY).exists()


def is_proved(request: HttpRequest, user: User) -> bool:
    """Whether a second factor was shown in this session."""
    return any(one.get("method") == "mfa" for one in get_authentication_records(request, user))


def note_as_proved(request: HttpRequest, user: User, authenticator: Authenticator) -> None:
    """Whoever has just set one up has shown it."""
    record_authentication(request, user, "mfa", id=authenticator.pk, type=authenticator.type)


def way_to_prove(request: HttpRequest) -> str | None:
    """The address at which a second factor is shown in this session; None if there is none."""
    ways = get_adapter(request).get_reauthentication_methods(request.user)
    return next((way["url"] for way in ways if way["id"].startswith("mfa")), None)


@login_required
@never_cache
@require_safe
def choose(request: HttpRequest) -> HttpResponse:
    """Which second factor one would like."""
    user = request.user
    context = {
        "has_app": Authenticator.objects.filter(user=user, type=Authenticator.Type.TOTP).exists(),
        "has_any": isinstance(user, User) and has_second_factor(user),
        "is_needed": not needs_no_second_factor(request),
    }
    return render(request, "accounts/choose_second_factor.html", context)


@method_decorator(signed_in, name="dispatch")
class SetUpApp(ActivateTOTPView):
    """An app on the telephone that shows a code."""

    template_name = "accounts/set_up_app.html"

    def get_form_class(self) -> type[AppForm]:
        """Our own."""
        return AppForm

    def form_valid(self, form: Any) -> HttpResponse:  # Any: as Django calls it
        """The app is there; the code that has shown it opens nothing any more."""
        answer: HttpResponse = super().form_valid(form)
        app = Authenticator.objects.get(user=form.user, type=Authenticator.Type.TOTP)
        take_code(app, form.cleaned_data["code"])
        return answer


@method_decorator(signed_in, name="dispatch")
class RemoveApp(DeactivateTOTPView):
    """The app is removed."""

    template_name = "accounts/remove_second_factor.html"


@method_decorator(signed_in, name="dispatch")
class SetUpPasskey(AddWebAuthnView):
    """A key on a stick, in the telephone or in the computer."""

    template_name = "accounts/set_up_passkey.html"

    def get_form_class(self) -> type[PasskeyForm]:
        """Our own."""
        return PasskeyForm


@method_decorator(signed_in, name="dispatch")
class RemovePasskey(RemoveWebAuthnView):
    """A passkey is removed."""

    template_name = "accounts/remove_second_factor.html"

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:  # Any: Django
        """Removes it, unless it is the last second factor where one is needed."""
        self.object = self.get_object()
        if not get_adapter_of_factors().can_delete_authenticator(self.object):
            said = get_adapter_of_factors().error_messages["cannot_delete_authenticator"]
            return self.render_to_response(self.get_context_data(refused=said))
        return super().post(request, *args, **kwargs)


def get_adapter_of_factors() -> Any:  # Any: allauth's function is untyped
    """Our adapter of second factors."""
    return get_mfa_adapter()


@method_decorator(signed_in, name="dispatch")
class RecoveryCodes(ViewRecoveryCodesView):
    """The codes for the day on which the telephone is lost; they are shown once."""

    template_name = "accounts/recovery_codes.html"


@method_decorator(signed_in, name="dispatch")
class NewRecoveryCodes(GenerateRecoveryCodesView):
    """New ones in the place of the old."""

    template_name = "accounts/new_recovery_codes.html"


class Throttled:
    """A page on which somebody who is signed in shows once more who they are."""

    request: HttpRequest
    kind = Kind.CODE
    attempt: Attempt | None = None

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """What was sent, unless it comes too soon after wrong ones."""
        user = request.user
        self.attempt = throttle.begin(request, self.kind, user if isinstance(user, User) else None)
        if self.attempt.wait:
            return too_soon(request, self.attempt)
        answer: HttpResponseBase = super().post(request, *args, **kwargs)  # type: ignore[misc]
        return answer

    def form_valid(self, form: Any) -> HttpResponse:  # Any: one of several forms
        """It was right."""
        if self.attempt:
            self.attempt.succeeded()
        answer: HttpResponse = super().form_valid(form)  # type: ignore[misc]
        return answer

    def form_invalid(self, form: Any) -> HttpResponse:  # Any: one of several forms
        """It was wrong: the page comes again and says so."""
        if self.attempt:
            self.attempt.failed("confirmation.failed")
        answer: HttpResponse = self.render_to_response(  # type: ignore[attr-defined]
            self.get_context_data(form=form)  # type: ignore[attr-defined]
        )
        return answer


class _Password(PasswordForm):
    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:  # Any: Django's
        self.user = user
        super().__init__(*args, **kwargs)

    def clean_password(self) -> str:
        """The password, if it is the user's."""
        password: str = self.cleaned_data["password"]
        if not self.user.check_password(password):
            raise ValidationError(NOT_YOURS)
        return password


@method_decorator([sensitive_post_parameters("password"), *signed_in], name="dispatch")
class ConfirmByPassword(Throttled, ReauthenticateView):
    """The password, once more."""

    kind = Kind.PASSWORD
    template_name = "accounts/confirm.html"

    def get_form_class(self) -> type[PasswordForm]:
        """Our own."""
        return _Password

    def form_valid(self, form: Any) -> HttpResponse:  # Any: as above
        """Goes on. An old hash may just have been replaced, which must not end this session."""
        update_session_auth_hash(self.request, form.user)
        return super().form_valid(form)


@method_decorator(signed_in, name="dispatch")
class ConfirmByCode(Throttled, CodeView):
    """A code of the app, or a recovery code."""

    template_name = "accounts/confirm.html"

    def get_form_class(self) -> type[CodeAgainForm]:
        """Our own, in which a code is good once."""
        return CodeAgainForm

    def form_valid(self, form: Any) -> HttpResponse:  # Any: as above
        """Goes on; a recovery code is gone and is written down."""
        answer = super().form_valid(form)
        note_recovery_code(self.request, form.user, form)
        return answer


@method_decorator(signed_in, name="dispatch")
class ConfirmByPasskey(Throttled, ReauthenticateWebAuthnView):
    """The answer of a passkey."""

    template_name = "accounts/confirm_by_passkey.html"

    def get_form_class(self) -> type[KeyAgainForm]:
        """Our own, to which what cannot be read is wrong."""
        return KeyAgainForm

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:  # Any: Django's
        """The page says it where the passkey was not accepted."""
        found: dict[str, Any] = super().get_context_data(**kwargs)
        if self.request.method == "POST":
            found["refused"] = KEY_IS_WRONG
        return found
