"""What an official sees who signs in, is halfway in, keeps an account or has lost the way."""

import json
from collections.abc import Iterator
from typing import Any

from allauth.mfa.models import Authenticator
from cryptography.hazmat.primitives.asymmetric import ec
from django.http import HttpRequest
from django.test import Client, RequestFactory, override_settings
from django.utils import timezone, translation
from fido2.cose import ES256
from fido2.utils import websafe_encode
from fido2.webauthn import Aaguid, AttestationObject, AttestedCredentialData, AuthenticatorData

from accounts.drafts import PURPOSE
from accounts.emergency import make_code
from accounts.links import one_time_link
from accounts.models import Draft
from accounts.oidc import refused
from accounts.sealing import sealed
from offices.models import Membership, Office, User
from tests.accounts.people import PASSWORD, code_of, official, sign_in, with_app
from tests.upgrade.old import HA_TIEN
from tests.walk.reading import of_html
from tests.walk.visiting import ELSEWHERE, Visit, undone, visit

SIGN_IN, ACCOUNT = "/dang-nhap/", "/tai-khoan/"
FACTORS, CONFIRM = f"{ACCOUNT}xac-thuc-hai-lop/", f"{ACCOUNT}xac-nhan/"
NEW = {"new_password": "mua-thu-o-Ha-Noi-2026", "repeated": "mua-thu-o-Ha-Noi-2026"}
WRONG = {**NEW, "repeated": "khac"}
NAME = "pham-thi-mai"
PROVIDER, ISSUER = "Cổng của tỉnh", "http://127.0.0.1:9"
KEY_ID = b"key of the walker"
FLAGS = AuthenticatorData.FLAG.UP | AuthenticatorData.FLAG.AT


def credential() -> dict[str, Any]:  # Any: JSON
    """What a browser says of a passkey when it is set up."""
    public = ec.generate_private_key(ec.SECP256R1()).public_key()
    known = ES256.from_cryptography_key(public)  # type: ignore[no-untyped-call]
    made = AttestedCredentialData.create(Aaguid(bytes(16)), KEY_ID, known)
    shown = AuthenticatorData.create(bytes(32), FLAGS, 0, made)
    asked = {"type": "webauthn.create", "challenge": websafe_encode(KEY_ID), "origin": "x"}
    said = {
        "clientDataJSON": websafe_encode(json.dumps(asked).encode()),
        "attestationObject": websafe_encode(bytes(AttestationObject.create("none", shown, {}))),
    }
    key = websafe_encode(KEY_ID)
    return {"id": key, "rawId": key, "type": "public-key", "response": said}


def signing_in(language: str) -> Iterator[Visit]:
    """All pages of `accounts`, each in the state in which somebody meets it."""
    with undone(Client()):
        user = official(NAME, last_name="Phạm Thị Mai", email="mai@example.vn")
        Membership.objects.create(
            user=user, role="office_head", office=Office.objects.get(slug=HA_TIEN)
        )
        yield from _without_an_account(language)
        yield from _account(user, language)
        yield from _links(user, language)
        yield from _emergency(user, language)
        yield from _factors(with_app(user), language)


def _seen(answer: Any, what: str, language: str) -> Visit:  # Any: a test answer
    found = answer.resolver_match
    return visit(answer, f"signing in: {what}", language, found.route if found else ELSEWHERE)


def _browser(language: str) -> Client:
    client = Client()
    client.cookies["django_language"] = language
    return client


def _entered(language: str) -> Client:
    client = _browser(language)
    sign_in(client, NAME)
    return client


def _without_an_account(language: str) -> Iterator[Visit]:
    client = _browser(language)
    for address in (SIGN_IN, f"{SIGN_IN}quen-mat-khau/", f"{SIGN_IN}khan-cap/"):
        yield _seen(client.get(address), address, language)
    with override_settings(EMAIL_HOST="mail.example.vn"):
        asked = f"{SIGN_IN}quen-mat-khau/"
        yield _seen(client.get(asked), "forgotten, with mail", language)
        yield _seen(client.post(asked, {"email": "ai@example.vn"}), "a link is sent", language)
    for _ in range(12):
        answer = sign_in(client, "khong-ai", "sai")
        yield _seen(answer, "wrong", language)
    assert answer.status_code == 429
    app = {"provider_id": "tinh", "name": PROVIDER, "client_id": "x", "secret": "x"}
    apps = {"openid_connect": {"APPS": [{**app, "settings": {"server_url": ISSUER}}]}}
    with override_settings(OIDC_NAME=PROVIDER, OIDC_ISSUER=ISSUER, SOCIALACCOUNT_PROVIDERS=apps):
        yield _seen(client.get(SIGN_IN), "with a provider", language)
        yield _seen(client.get(f"{SIGN_IN}qua/tinh/"), "on to the provider", language)
    for is_broken in (False, True):
        request = RequestFactory().get(f"{SIGN_IN}qua/tinh/ve/")
        yield _provider(request, language, is_broken=is_broken)


def _provider(request: HttpRequest, language: str, *, is_broken: bool) -> Visit:
    """What the provincial provider's guest reads who has no account here."""
    with override_settings(OIDC_NAME=PROVIDER), translation.override(language):
        page = refused(request, is_broken=is_broken).content.decode()
    texts = tuple(of_html(page, language))
    templates = ("accounts/provider_refused.html",)
    return Visit("refused by the provider", ELSEWHERE, 403, "text/html", templates, texts)


def _account(user: User, language: str) -> Iterator[Visit]:
    client, _other = _entered(language), _entered(language)
    typed = sealed('[["reply", "Trung tâm đã kê thêm ghế."], ["step", "answer"]]', PURPOSE)
    Draft.objects.create(
        user=user, path="/bao-cao/ho-so/", sealed=typed.encode(), made_at=timezone.now()
    )
    for address in (ACCOUNT, f"{ACCOUNT}chua-gui/", f"{ACCOUNT}mat-khau/", CONFIRM, FACTORS):
        yield _seen(client.get(address), address, language)
    for sent in ({"password": "sai", **NEW}, {"password": PASSWORD, **WRONG}, {}):
        yield _seen(client.post(f"{ACCOUNT}mat-khau/", sent), "a wrong password", language)
    yield _seen(client.post(CONFIRM, {"password": "sai"}), "confirmed wrongly", language)
    client.post(CONFIRM, {"password": PASSWORD})
    for address in (f"{FACTORS}ung-dung/", f"{FACTORS}khoa/"):
        yield _seen(client.get(address), address, language)
        yield _seen(client.post(address, {"code": "000000"}), f"{address} wrong", language)
    with undone(client):
        sent = {"password": PASSWORD, **NEW}
        yield _seen(client.post(f"{ACCOUNT}mat-khau/", sent), "a new password", language)


def _links(user: User, language: str) -> Iterator[Visit]:
    for purpose in ("invite", "reset_password", "reset_second_factor"):
        client = _browser(language)
        link = "/" + one_time_link(user, purpose, user).partition("://")[2].partition("/")[2]
        yield _seen(client.get(link), f"a link: {purpose}", language)
        for sent in ({"password": "sai", **WRONG}, {}):
            yield _seen(client.post(link, sent), f"a link used wrongly: {purpose}", language)
    yield _seen(_browser(language).get("/lien-ket/khong-co/"), "a link that is over", language)


def _emergency(user: User, language: str) -> Iterator[Visit]:
    client = _browser(language)
    with undone(client):
        sent = {"username": user.username, "code": make_code(user)}
        yield _seen(client.post(f"{SIGN_IN}khan-cap/", {**sent, "code": "x"}), "no code", language)
        client.post(f"{SIGN_IN}khan-cap/", sent)
        yield _seen(client.get(ACCOUNT), "after the envelope", language)


def _factors(user: User, language: str) -> Iterator[Visit]:
    client = _entered(language)
    code = f"{SIGN_IN}ma/"
    yield _seen(client.get(code), "the second factor", language)
    yield _seen(client.post(code, {"code": "000000"}), "a wrong second factor", language)
    client.post(code, {"code": code_of(user)})
    key = Authenticator.objects.create(
        user=user,
        type=Authenticator.Type.WEBAUTHN,
        data={"name": "Khóa của tôi", "credential": credential()},
    )
    pages = (
        *(ACCOUNT, FACTORS, f"{CONFIRM}ma/", f"{FACTORS}ung-dung/bo/"),
        *(f"{FACTORS}khoa/{key.pk}/bo/", f"{FACTORS}ma-du-phong/", f"{FACTORS}ma-du-phong/moi/"),
        f"{CONFIRM}khoa/",
    )
    for address in pages:
        yield _seen(client.get(address), address, language)
    with override_settings(SECOND_FACTOR_FREE_NETWORKS=[]), undone(client):
        Authenticator.objects.filter(user=user).exclude(pk=key.pk).delete()
        last = f"{FACTORS}khoa/{key.pk}/bo/"
        yield _seen(client.post(last), "the last one stays", language)
