"""Reads the settings that come from outside: environment variables, with clear refusals."""

import os
import re
from datetime import datetime, time
from ipaddress import IPv4Network, IPv6Network, ip_network
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from psycopg import ProgrammingError
from psycopg.conninfo import conninfo_to_dict

YES = {"1", "true", "yes", "on"}


def flag(name: str, default: bool = False) -> bool:
    """Whether the variable `name` is set to 1, true, yes or on."""
    value = os.environ.get(name)
    return default if value is None else value.strip().lower() in YES


def words(name: str, default: str = "") -> list[str]:
    """The comma-separated values of the variable `name`, without blanks."""
    return [word.strip() for word in os.environ.get(name, default).split(",") if word.strip()]


def required(name: str, insecure: str | None = None) -> str:
    """The variable `name`; `insecure` stands in for it only when given.

    Raises ImproperlyConfigured when it is missing and there is no stand-in.
    """
    value = os.environ.get(name) or insecure
    if not value:
        raise ImproperlyConfigured(
            f"{name} is not set. Set it in the environment, or start the system with `make demo`."
        )
    return value


def address(name: str, insecure: str | None, *, encrypted: bool) -> str:
    """The variable `name`, an address such as `https://hailong.example.vn`, without a last slash.

    insecure: stands in where it is given. encrypted: whether it has to begin with https.
    Raises ImproperlyConfigured where it is missing or something else.
    """
    such = "such as https://hailong.example.vn"
    text = (os.environ.get(name) or insecure or "").strip().rstrip("/")
    if not text:
        raise ImproperlyConfigured(
            f"{name} is not set: name the address under which people reach the system, {such}."
        )
    if not re.fullmatch(r"https?://(?:[a-z0-9.-]+|\[[0-9a-f:.]+\])(?::[0-9]{1,5})?", text):
        raise ImproperlyConfigured(
            f"{name} is {text!r}; write scheme and name in small letters, nothing after it, {such}."
        )
    if encrypted and not text.startswith("https://"):
        raise ImproperlyConfigured(f"{name} is {text!r}; it has to begin with https://, {such}.")
    return text


def numbers(name: str) -> dict[str, int]:
    """The variable `name`, such as `office_head:20,auditor:12`: whole numbers by name.

    Raises ImproperlyConfigured for what is not one.
    """
    found = {}
    for pair in words(name):
        key, _, number = pair.partition(":")
        if not key or not number.isdecimal():
            raise ImproperlyConfigured(f"{name} holds {pair!r}; write it as office_head:20.")
        found[key] = int(number)
    return found


def whole(name: str, default: int, least: int = 1, most: int | None = None) -> int:
    """The variable `name`, a whole number from `least` on, which is 0 or 1, to `most`.

    Raises ImproperlyConfigured for another.
    """
    text = os.environ.get(name, "").strip() or str(default)
    reach = f"from {least} on" if most is None else f"from {least} to {most}"
    # the digits of a number that is far too long may not even be read as one
    usable = text.isascii() and text.isdecimal() and len(text) < 12
    if not usable or int(text) < least or (most is not None and int(text) > most):
        raise ImproperlyConfigured(f"{name} is {text!r}; write a whole number {reach}.")
    return int(text)


def networks(name: str, default: str = "") -> list[IPv4Network | IPv6Network]:
    """The variable `name`: addresses and networks, such as `10.0.0.0/8,127.0.0.1`.

    Raises ImproperlyConfigured for what is neither.
    """
    try:
        return [ip_network(word) for word in words(name, default)]
    except ValueError as error:
        raise ImproperlyConfigured(f"{name}: {error}; write it as 10.0.0.0/8.") from None


def hours(name: str, default: str) -> tuple[time, time]:
    """The variable `name`, such as `7:00-17:30`: the first and the last moment of the day.

    Raises ImproperlyConfigured when it is not two times in that order.
    """
    text = os.environ.get(name) or default
    try:
        first, last = (
            datetime.strptime(moment.strip(), "%H:%M").time() for moment in text.split("-")
        )
    except ValueError:
        raise ImproperlyConfigured(f"{name} is {text!r}; write it as 7:00-17:30.") from None
    if first >= last:
        raise ImproperlyConfigured(f"{name} is {text!r}: it ends before it begins.")
    return first, last


def database(url: str) -> dict[str, Any]:  # Any: Django's own shape for a database entry
    """Django's DATABASES entry for a PostgreSQL connection string such as `postgresql://…`.

    Raises ImproperlyConfigured when libpq cannot read the string.
    """
    try:
        parts = conninfo_to_dict(url)
    except ProgrammingError as error:
        raise ImproperlyConfigured(f"DATABASE_URL is not a PostgreSQL address: {error}") from None
    known = {"dbname", "user", "password", "host", "port"}
    options: dict[str, Any] = {name: value for name, value in parts.items() if name not in known}
    if flag("DATABASE_POOL", default=True):
        # 1,547 against 534 answers a second with and without it; see docs/decisions/0023
        options["pool"] = {"size": 8, "timeout": 10}
    # so that the audit can tell what the system changes from what somebody changes by hand
    options.setdefault("application_name", "hailong")
    # who waits longer is told that the database is away
    options.setdefault("connect_timeout", "2")
    return {
        "ENGINE": "config.postgresql",
        "NAME": parts.get("dbname") or "postgres",
        "USER": parts.get("user") or "",
        "PASSWORD": parts.get("password") or "",
        "HOST": parts.get("host") or "",
        "PORT": str(parts.get("port") or ""),
        "OPTIONS": options,
        "CONN_MAX_AGE": 0,
    }
