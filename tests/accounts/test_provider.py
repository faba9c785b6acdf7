"""What the province's identity provider says, and how far it is believed."""

from http import HTTPStatus
from typing import Any

import pytest
import time_machine
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.models import SocialAccount, SocialLogin
from django.contrib.auth.models import AnonymousUser
from django.test import Client, RequestFactory
from django.utils import timezone
from pytest_django import Settings

from accounts.links import remove_second_factors
from accounts.oidc import ProviderAdapter
from accounts.sessions import SessionStore
from audit.models import Entry
from offices.models import User
from tests.accounts.people import browser, official

pytestmark = pytest.mark.django_db
BACK = "/dang-nhap/qua/tinh/ve/"


@pytest.fixture
def _provider(settings: Settings) -> None:
    settings.OIDC_NAME, settings.OIDC_ISSUER = "Tỉnh", "http://127.0.0.1:1"
    app = {
        "provider_id": "tinh",
        "name": "Tỉnh",
        "client_id": "hailong",
        "secret": "",
        "settings": {"server_url": settings.OIDC_ISSUER},
    }
    settings.SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"APPS": [app]}}


def comes(number: str, email: str = "lan@example.vn") -> bool:
    """Whether somebody is let in whom the provider knows by a number and with an address."""
    request: Any = RequestFactory().get(BACK)
    request.session, request.user = SessionStore(), AnonymousUser()
    said = {"userinfo": {"sub": number, "email": email, "email_verified": True}}
    account = SocialAccount(provider="tinh", uid=number, extra_data=said)
    login = SocialLogin(user=User(), account=account)
    login.lookup()
    try:
        ProviderAdapter(request).pre_social_login(request, login)
    except ImmediateHttpResponse as answer:
        refused = answer.response.status_code
    else:
        refused = None
    assert refused in (None, HTTPStatus.FORBIDDEN)
    return refused is None


@pytest.mark.usefixtures("_provider")
def test_an_address_that_was_given_to_another_person_opens_no_account() -> None:
    user = official(email="lan@example.vn")
    assert comes("number-1")
    assert comes("number-1")
    assert not comes("number-2")
    assert SocialAccount.objects.get().uid == "number-1"
    # whoever has a new number there is helped by another person
    remove_second_factors(user)
    assert comes("number-2")


@pytest.mark.usefixtures("_provider")
def test_answers_that_let_nobody_in_are_slowed_down_and_written_down() -> None:
    answers = []
    with time_machine.travel(timezone.now(), tick=False):
        client = browser("198.51.100.1")
        for _ in range(22):
            answers.append(client.get(f"{BACK}?code=x&state=y").status_code)
        assert browser("198.51.100.2").get(f"{BACK}?code=x&state=y").status_code == 403
    assert answers == [403] * 20 + [429] * 2
    failed = Entry.objects.filter(action="signin.failed", source="198.51.100.1")
    assert failed.count() == 20
    assert failed[0].details == {"what": "provider", "account": "unknown"}
    assert Entry.objects.filter(action="signin.delayed").count() == 1


def test_without_a_provider_there_is_no_way_back_from_it() -> None:
    assert Client().get(f"{BACK}?code=x&state=y").status_code == 404
