"""Signing in at the province's identity provider (OpenID Connect, with PKCE).

The provider says who somebody is; it makes no accounts here and gives no rights. The first time, an
account is found by the claim that OIDC_CLAIM names; from then on by the provider's own number of
the person.
"""

from typing import Any
from urllib.parse import urlsplit

from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialAccount
from allauth.socialaccount.providers.openid_connect.views import login
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from accounts.sources import actor_of
from audit.recording import record
from offices.models import User

PROVIDER = "tinh"


def shown() -> dict[str, str] | None:
    """What the button on the page for signing in needs; None if there is no provider."""
    if not settings.OIDC_ISSUER:
        return None
    address = reverse("openid_connect_login", args=[PROVIDER])
    return {"name": settings.OIDC_NAME, "address": address}


def let_forms_lead_there(response: HttpResponse) -> HttpResponse:
    """Browsers follow a form to the provider only where the page's policy names it."""
    if settings.OIDC_ISSUER:
        parts = urlsplit(settings.OIDC_ISSUER)
        response._csp_update = {  # type: ignore[attr-defined]
            "form-action": [f"{parts.scheme}://{parts.netloc}"]
        }
    return response


def to_provider(request: HttpRequest, provider_id: str) -> HttpResponse:
    """Goes on to the provider; asks first whoever has not pressed the button."""
    return let_forms_lead_there(login(request, provider_id))


def account_of(claims: dict[str, Any]) -> User | None:  # Any: JSON
    """The one account that the claims of a provider name; None if none does, or several do.

    A mail address counts only if the provider has verified it: else anybody could write there
    whose account they would like.
    """
    if settings.OIDC_CLAIM == "preferred_username":
        name = claims.get("preferred_username")
        return User.objects.filter(username=name, is_active=True).first() if name else None
    address, is_verified = claims.get("email"), claims.get("email_verified")
    if not address or is_verified is not True:
        return None
    found = User.objects.filter(email__iexact=address, is_active=True)[:2]
    return found[0] if len(found) == 1 else None


class ProviderAdapter(DefaultSocialAccountAdapter):
    """Whoever comes from the provider has an account here already, or stays outside."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:  # Any: allauth's
        """Accounts are made by administrators."""
        return False

    def pre_social_login(self, request: HttpRequest, sociallogin: Any) -> None:  # Any: allauth's
        """Finds the account; says that there is none. Raises ImmediateHttpResponse."""
        if sociallogin.is_existing:
            return
        said = sociallogin.account.extra_data
        claims = said.get("userinfo") or said.get("id_token") or said
        user = account_of(claims)
        # an account that the provider's number of another person opens is not theirs as well:
        # mail addresses are given to the next one who is called so
        if user is None or SocialAccount.objects.filter(user=user, provider=PROVIDER).exists():
            raise ImmediateHttpResponse(refused(request))
        sociallogin.connect(request, user)
        record("provider.connected", subject=user.username, by=actor_of(request, user))

    def on_authentication_error(self, request: HttpRequest, *_args: Any, **_kwargs: Any) -> None:
        """Says so in our words. Raises ImmediateHttpResponse."""
        raise ImmediateHttpResponse(refused(request, is_broken=True))


@require_safe
def cancelled(request: HttpRequest) -> HttpResponse:
    """Whoever has turned back at the provider is where one signs in."""
    return redirect("login")


def refused(request: HttpRequest, *, is_broken: bool = False) -> HttpResponse:
    """The page for whoever the provider sent and who is not let in."""
    context = {"provider": settings.OIDC_NAME, "is_broken": is_broken}
    return render(request, "accounts/provider_refused.html", context, status=403)
