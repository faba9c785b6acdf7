"""Officials who sign in, and the browsers with which they do."""

from typing import Any

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
