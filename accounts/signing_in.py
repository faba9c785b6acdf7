"""Pages for signing in: name and password, then the second factor; and for signing out."""

from http import HTTPStatus
from typing import Any

from allauth.account.internal.flows.login import perform_password_login
from allauth.account.models import Login
from allauth.mfa.base.views import AuthenticateView
from allauth.mfa.models import Authenticator
from allauth.socialaccount.providers.openid_connect.views import callback
from django.conf import settings
from django.contrib.auth import REDIRECT_FIELD_NAME, authenticate, logout
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render, resolve_url
from django.utils.decorators import method_decorator
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from accounts import oidc, throttle
from accounts.forms import WRONG, CodeForm, KeyForm, SignInForm
from accounts.sources import actor_of
from accounts.throttle import Attempt, Kind
from audit.recording import record
from offices.models import User


def next_of(request: HttpRequest) -> str:
    """Where somebody wants to go, if it is here; else the first page of officials."""
    wanted = request.POST.get(REDIRECT_FIELD_NAME) or request.GET.get(REDIRECT_FIELD_NAME) or ""
    if url_has_allowed_host_and_scheme(
        wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    ):
        return wanted
    return resolve_url(settings.LOGIN_REDIRECT_URL)


def too_soon(request: HttpRequest, attempt: Attempt) -> HttpResponse:
    """429: for how long to wait, and what to do meanwhile. The server does not wait itself."""
    minutes, seconds = divmod(attempt.wait, 60)
    context = {"minutes": minutes + bool(seconds) if minutes else 0, "seconds": attempt.wait}
    response = render(
        request,
        "accounts/too_soon.html",
        {**context, "again": request.get_full_path(), "kind": attempt.kind.value},
        status=HTTPStatus.TOO_MANY_REQUESTS,
    )
    response["Retry-After"] = str(attempt.wait)
    return response


@sensitive_post_parameters("password")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def sign_in(request: HttpRequest) -> HttpResponseBase:
    """Name and password. What is wrong with them is said to nobody."""
    if request.user.is_authenticated:
        return redirect(next_of(request))
    form = SignInForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        name, password = form.cleaned_data["username"], form.cleaned_data["password"]
        account = User.objects.filter(username=name).first()
        attempt = throttle.begin(request, Kind.PASSWORD, account, name)
        if attempt.wait:
            return too_soon(request, attempt)
        user = authenticate(request, username=name, password=password)
        if isinstance(user, User):
            attempt.succeeded()
            login = Login(user=user, redirect_url=next_of(request))
            return perform_password_login(request, {"username": name}, login)
        attempt.failed()
        form.add_error(None, WRONG)
    context = {"form": form, "next": next_of(request), "provider": oidc.shown()}
    return oidc.let_forms_lead_there(render(request, "accounts/sign_in.html", context))


@method_decorator(never_cache, name="dispatch")
class SecondFactor(AuthenticateView):
    """The second factor of somebody who has given the right password."""

    template_name = "accounts/second_factor.html"

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The code of the app, a recovery code, or the answer of a passkey."""
        if not self.stage.is_good():
            answer: HttpResponse = self.stage.abort()
            return answer
        attempt = throttle.begin(request, Kind.CODE, self.stage.login.user)
        if attempt.wait:
            return too_soon(request, attempt)
        if not self.form.is_valid():
            attempt.failed("second_factor.failed")
            return self.form_invalid(self.form)
        attempt.succeeded()
        return self.form_valid(self.form)

    def get_form_class(self) -> type[CodeForm]:
        """Our own, in which a code is good once."""
        return CodeForm

    def get_webauthn_form_class(self) -> type[KeyForm]:
        """Our own, to which what cannot be read is wrong."""
        return KeyForm

    def form_valid(self, form: Any) -> HttpResponse:  # Any: one of allauth's two forms
        """Goes on; a recovery code is gone and is written down."""
        response = super().form_valid(form)
        note_recovery_code(self.request, self.stage.login.user, form)
        return response


def note_recovery_code(request: HttpRequest, user: User, form: Any) -> None:  # Any: as above
    """Writes down that the form was sent with a recovery code, if it was."""
    found = getattr(form, "authenticator", None)
    if found is not None and found.type == Authenticator.Type.RECOVERY_CODES:
        record("recovery_code.used", subject=user.username, by=actor_of(request, user))


def from_provider(request: HttpRequest, provider_id: str) -> HttpResponse:
    """The provider's answer. One that lets nobody in is counted as a wrong password is."""
    if provider_id != oidc.PROVIDER or not settings.OIDC_ISSUER:
        raise Http404
    attempt = throttle.begin(request, Kind.PROVIDER)
    if attempt.wait:
        return too_soon(request, attempt)
    answer: HttpResponse = callback(request, provider_id)
    if answer.status_code == HTTPStatus.FORBIDDEN:
        attempt.failed()
    else:
        attempt.succeeded()
    return answer


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """Ends the session, and says so in the audit."""
    if isinstance(request.user, User):
        record("signin.ended", subject=request.user.username, by=actor_of(request))
    logout(request)
    return redirect(settings.LOGOUT_REDIRECT_URL)
