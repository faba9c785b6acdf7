"""Officials who sign in, and the browsers with which they do."""

import time
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import (
    TOTP,
    format_hotp_value,
    generate_totp_secret,
    hotp_value,
)
from allauth.mfa.utils import decrypt
from django.conf import settings
from django.test import Client

from offices.models import User

PASSWORD = "bốn từ rất dài ở đây"
OUTSIDE = "203.0.113.7"


def official(name: str = "lan", **values: Any) -> User:  # Any: fields of an account
    """An account with PASSWORD."""
    return User.objects.create_user(name, password=PASSWORD, **values)


def browser(source: str = "127.0.0.1", **headers: str) -> Client:
    """A browser at an address, with headers of its own."""
    return Client(REMOTE_ADDR=source, headers=headers)


def sign_in(client: Client, name: str = "lan", password: str = PASSWORD, **more: str) -> Any:
    """What the page answers to a name and a password."""
    return client.post("/dang-nhap/", {"username": name, "password": password, **more})


def is_signed_in(client: Client) -> bool:
    """Whether the account page opens."""
    return client.get("/tai-khoan/").status_code == 200


def session_key(client: Client) -> str:
    """What the browser shows."""
    return client.cookies[settings.SESSION_COOKIE_NAME].value


def code_of(user: User, *, after: int = 0) -> str:
    """What the app on the user's telephone shows now, or so many half minutes later."""
    row = Authenticator.objects.get(user=user, type=Authenticator.Type.TOTP)
    counter = int(time.time()) // 30 + after
    return str(format_hotp_value(hotp_value(decrypt(row.data["secret"]), counter)))


def with_app(user: User) -> User:
    """The same account, with an app and recovery codes."""
    TOTP.activate(user, generate_totp_secret())
    RecoveryCodes.activate(user)
    return user


def recovery_codes(user: User) -> list[str]:
    """Those that are left."""
    row = Authenticator.objects.get(user=user, type=Authenticator.Type.RECOVERY_CODES)
    return list(row.wrap().get_unused_codes())
