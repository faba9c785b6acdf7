"""What is done to whole accounts: inviting, correcting, resetting by a link, closing.

Every step asks `offices.giving`, writes the audit, and waits for the lock of accounts first, so
that two administrators cannot close each other.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from django.core.validators import validate_email
from django.db import IntegrityError, transaction

from accounts.links import end_links, one_time_link, send_link
from accounts.sessions import end_sessions
from audit.actors import official
from audit.recording import Outcome, record
from offices.giving import (
    NotGiven,
    Obstacle,
    Place,
    as_now,
    give,
    is_last_manager,
    obstacle_to_acting_on,
    obstacle_to_giving,
    record_refusal,
)
from offices.letters import composed
from offices.locks import Lock, wait_for
from offices.models import User
from offices.names import plain
from offices.rights import Role

LONGEST_PROPOSED = 30


class NameTaken(Exception):
    """Another account has this user name; nothing was made."""


class EmailTaken(Exception):
    """Another account has this e-mail address; nothing was made."""


@dataclass(frozen=True, slots=True)
class Sent:
    """A link that was made. mailed: False where whoever made it has to hand it over."""

    person: User
    purpose: str
    mailed: bool
    link: str = field(repr=False)


def proposed_name(full_name: str) -> str:
    """A user name that is free: `nguyenvanan`, else `nguyenvanan2`; empty without letters."""
    begin = re.sub(r"[^a-z0-9]", "", plain(full_name))[:LONGEST_PROPOSED]
    if not begin:
        return ""
    taken = set(User.objects.filter(username__istartswith=begin).values_list("username", flat=True))
    folded = {name.casefold() for name in taken}
    number = 1
    while f"{begin}{number if number > 1 else ''}" in folded:
        number += 1
    return f"{begin}{number if number > 1 else ''}"


def clean_name(text: str) -> str:
    """A person's name composed, with single blanks."""
    return " ".join(composed(text).split())


def email_taken(email: str, besides: User | None = None) -> bool:
    """Whether another account has this address, whatever its capitals."""
    others = User.objects.filter(email__iexact=email)
    if besides is not None:
        others = others.exclude(pk=besides.pk)
    return bool(email) and others.exists()


def invite(by: User, full_name: str, username: str, email: str, role: Role, place: Place) -> Sent:
    """A new account with its first role, and the link with which its owner begins.

    Raises NotGiven, NameTaken, EmailTaken, and ValidationError for an address that is none.
    """
    if email:
        validate_email(email)
    try:
        with transaction.atomic():
            wait_for(Lock.ACCOUNTS, 0)
            obstacle = obstacle_to_giving(as_now(by), role, place, None)
            if obstacle is not None:
                raise NotGiven(obstacle)
            if email_taken(email):
                raise EmailTaken
            person = _made(full_name, username, email)
            record(
                "account.invited",
                subject=username,
                details={"now": {"name": full_name, "email": email}},
                by=official(by),
            )
            give(by, person, role, place)
    except NotGiven as refused:
        record_refusal("account.invited", by, username, role, place, refused.obstacle)
        raise
    return _send(by, person, "invite")


def _made(full_name: str, username: str, email: str) -> User:
    if User.objects.filter(username__iexact=username).exists():
        raise NameTaken
    try:
        with transaction.atomic():
            return User.objects.create_user(username, email, None, last_name=full_name)
    except IntegrityError:  # made by another way than this meanwhile
        raise NameTaken from None


def send_again(by: User, person: User, purpose: str) -> Sent:
    """A link for an account that exists. Raises NotGiven."""
    with _in_hand(by, person, f"account.{purpose}_link"):
        link = one_time_link(person, purpose, by)
    return _sent(by, person, purpose, link)


def _send(by: User, person: User, purpose: str) -> Sent:
    return _sent(by, person, purpose, one_time_link(person, purpose, by))


def _sent(by: User, person: User, purpose: str, link: str) -> Sent:
    mailed = send_link(person, purpose, link)
    record(
        f"account.{purpose}_link",
        subject=person.get_username(),
        details={"mailed": mailed},
        by=official(by),
    )
    return Sent(person, purpose, mailed, link)


def correct(by: User, person: User, full_name: str, email: str) -> None:
    """Another name or address for an account. Raises NotGiven and EmailTaken."""
    with _in_hand(by, person, "account.changed"):
        found = User.objects.select_for_update().get(pk=person.pk)
        if email_taken(email, found):
            raise EmailTaken
        was = {"name": found.get_full_name(), "email": found.email}
        found.first_name, found.last_name, found.email = "", full_name, email
        found.email_shared = False
        now = {"name": found.get_full_name(), "email": found.email}
        if was == now:
            return
        found.save(update_fields=["first_name", "last_name", "email", "email_shared"])
        record(
            "account.changed",
            subject=found.get_username(),
            details={"was": was, "now": now},
            by=official(by),
        )


def close(by: User, person: User) -> None:
    """Nobody signs in with the account any more, and whoever did is out. Raises NotGiven."""
    _set_open(by, person, is_open=False)
    end_sessions(person)


def reopen(by: User, person: User) -> None:
    """The account serves again, with the roles that it had. Raises NotGiven."""
    _set_open(by, person, is_open=True)


def _set_open(by: User, person: User, *, is_open: bool) -> None:
    action = "account.reopened" if is_open else "account.closed"
    try:
        with transaction.atomic():
            wait_for(Lock.ACCOUNTS, 0)
            found = as_now(person)
            obstacle = obstacle_to_acting_on(as_now(by), found)
            if obstacle is None and not is_open and is_last_manager(found):
                obstacle = Obstacle.LAST
            if obstacle is not None:
                raise NotGiven(obstacle)
            if found.is_active == is_open:
                return
            User.objects.filter(pk=found.pk).update(is_active=is_open)
            end_links(found)
            record(
                action,
                subject=found.get_username(),
                details={"was": {"open": not is_open}, "now": {"open": is_open}},
                by=official(by),
            )
    except NotGiven as refused:
        _refused(by, person, action, refused.obstacle)
        raise


@contextmanager
def _in_hand(by: User, person: User, action: str) -> Iterator[None]:
    """A transaction in which nobody gives or takes a role of the account. Raises NotGiven.

    Who may act on it is asked after waiting: meanwhile it may have been given more than `by` gives.
    """
    try:
        with transaction.atomic():
            wait_for(Lock.ACCOUNTS, 0)
            obstacle = obstacle_to_acting_on(as_now(by), as_now(person))
            if obstacle is not None:
                raise NotGiven(obstacle)
            yield
    except NotGiven as refused:
        _refused(by, person, action, refused.obstacle)
        raise


def _refused(by: User, person: User, action: str, obstacle: Obstacle) -> None:
    record(
        action,
        subject=person.get_username(),
        details={"why": obstacle.value},
        outcome=Outcome.REFUSED,
        by=official(by),
        apart=True,
    )
