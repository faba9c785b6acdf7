"""Pages for links that are good once, and for whoever has forgotten a password."""

from allauth.account.internal.flows.login import perform_password_login
from allauth.account.models import Login
from django.conf import settings
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render, resolve_url
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_http_methods

from accounts import links, throttle
from accounts.forms import NOT_YOURS, ForgottenForm, NewPasswordForm, PasswordForm
from accounts.links import Purpose
from accounts.models import OneTimeLink
from accounts.signing_in import too_soon
from accounts.sources import actor_of
from accounts.throttle import Kind
from audit.recording import record
from offices.models import User


@sensitive_variables("token")
@sensitive_post_parameters("password", "new_password", "repeated")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def one_time_link(request: HttpRequest, token: str) -> HttpResponseBase:
    """What a link is good for. Looking at it does not use it up: programs look at mails too."""
    link = links.find(token)
    if link is None or not link.user.is_active:
        return render(request, "accounts/link_over.html", status=410)
    if link.purpose == Purpose.RESET_SECOND_FACTOR:
        return _new_second_factor(request, link)
    return _new_password(request, link)


def _new_password(request: HttpRequest, link: OneTimeLink) -> HttpResponseBase:
    user = link.user
    form = NewPasswordForm(user, request.POST or None)
    if request.method == "POST" and form.is_valid():
        with transaction.atomic():
            if not links.use(link):
                return render(request, "accounts/link_over.html", status=410)
            user.set_password(form.cleaned_data["new_password"])
            user.save(update_fields=["password"])
            throttle.forget_devices(user)
            record(
                "link.used",
                subject=user.username,
                details={"purpose": link.purpose},
                by=actor_of(request, user),
            )
        return _go_on(request, user)
    context = {"form": form, "account": user, "is_invited": link.purpose == Purpose.INVITE}
    return render(request, "accounts/new_password.html", context)


def _new_second_factor(request: HttpRequest, link: OneTimeLink) -> HttpResponseBase:
    user = link.user
    form = PasswordForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        attempt = throttle.begin(request, Kind.PASSWORD, user, link=link.token_hash)
        if attempt.wait:
            return too_soon(request, attempt)
        if not user.check_password(form.cleaned_data["password"]):
            attempt.failed()
            form.add_error("password", NOT_YOURS)
        else:
            attempt.succeeded()
            with transaction.atomic():
                if not links.use(link):
                    return render(request, "accounts/link_over.html", status=410)
                removed = links.remove_second_factors(user)
                record(
                    "link.used",
                    subject=user.username,
                    details={"purpose": link.purpose, "size": removed},
                    by=actor_of(request, user),
                )
            return _go_on(request, user, resolve_url("second_factor"))
    return render(request, "accounts/new_second_factor.html", {"form": form, "account": user})


def _go_on(request: HttpRequest, user: User, to: str = "") -> HttpResponse:
    """Signs in whoever has just shown link and password; a second factor is still asked for."""
    where = to or resolve_url(settings.LOGIN_REDIRECT_URL)
    login = Login(user=user, redirect_url=where)
    answer: HttpResponse = perform_password_login(request, {"username": user.username}, login)
    return answer


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def forgotten(request: HttpRequest) -> HttpResponse:
    """Sends a link to one's own mail address; says the same for an address that nobody has."""
    form = ForgottenForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        address = form.cleaned_data["email"]
        attempt = throttle.begin(request, Kind.MAIL, None, address)
        if attempt.wait:
            return too_soon(request, attempt)
        # each request counts, whoever it is for: the attempt is never called a success
        attempt.failed("password.asked")
        links.mail_own(address)
        return render(request, "accounts/link_sent.html", {"email": address})
    can_mail = bool(settings.EMAIL_HOST)
    return render(request, "accounts/forgotten.html", {"form": form, "can_mail": can_mail})
