"""Everybody who may look: each role at each of its scopes, here and elsewhere, and those beside."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from time import time

from django.test import Client

from offices.models import Membership, Office, User
from offices.rights import GIVES, TABLE, Action, Role, Scope
from tests import factories
from tests.rights.world import Common, Province

HEIGHT = (Scope.OFFICE, Scope.UNIT, Scope.PROVINCE, Scope.COUNTRY)


@dataclass(frozen=True)
class Reader:
    """Somebody with a browser. held: what they hold that is valid, and whether it is here."""

    name: str
    user: User | None
    client: Client
    held: tuple[tuple[Role, Scope, bool], ...] = ()
    signed_in: bool = True
    superuser: bool = False
    owner: bool = False  # of what is somebody's own
    proposer: bool = False
    key_is_of: Province | None = None  # for a program with a key

    @property
    def is_elsewhere(self) -> bool:
        """Whether what they hold lies in the other province."""
        return any(not here for _, _, here in self.held)

    @property
    def sees_something(self) -> bool:
        """Whether any of what they hold is here."""
        return any(here for _, _, here in self.held)

    def may(self, action: Action, scope: Scope | None) -> bool:
        """What the table says of a place here; without a scope: anywhere.

        It is worked out from the scopes alone, without asking the database.
        """
        return any(
            action in TABLE[role][at]
            and (scope is None or (here and HEIGHT.index(at) >= HEIGHT.index(scope)))
            for role, at, here in self.held
        )

    def gives(self, role: Role, scope: Scope) -> bool:
        """Whether the table lets them give this role here; their own auditor nobody chooses."""
        return any(
            role in GIVES.get(own, ())
            and here
            and HEIGHT.index(at) - HEIGHT.index(scope)
            >= int(role == Role.AUDITOR and own != Role.OPERATOR)
            for own, at, here in self.held
            if Action.MANAGE_ACCOUNTS in TABLE[own][at]
        )

    def over_there(self) -> "Reader":
        """The same person as the other province sees them."""
        turned = ((role, at, at == Scope.COUNTRY or not here) for role, at, here in self.held)
        return replace(self, held=tuple(turned))


def browser(user: User | None) -> Client:
    """Signed in a moment ago, so that no page asks once more who it is."""
    client = Client()
    if user is not None:
        client.force_login(user)
        session = client.session
        session["account_authentication_methods"] = [{"method": "password", "at": time()}]
        session.save()
    return client


def readers(here: Province, elsewhere: Province, common: Common) -> Iterator[Reader]:
    """All of them, each with one thing held."""
    for role, scopes in TABLE.items():
        for scope in scopes:
            for where, inside in ((here, True), (elsewhere, False)):
                if scope == Scope.COUNTRY and not inside:
                    continue
                user = factories.official(where.place(scope), role)
                name = f"{role} of {scope} {'here' if inside else 'elsewhere'}"
                yield Reader(name, user, browser(user), ((role, scope, inside),))
    yield Reader("nobody", None, browser(None), signed_in=False)
    without = factories.user()
    yield Reader("without a role", without, browser(without))
    closed = factories.official(here.province)
    client = browser(closed)
    User.objects.filter(pk=closed.pk).update(is_active=False)
    yield Reader("closed", closed, client, signed_in=False)
    of_old = factories.user()
    for role, scope in (
        (Role.OFFICE_HEAD, Scope.COUNTRY),
        (Role.OFFICE_HEAD, Scope.UNIT),
        (Role.AUDITOR, Scope.OFFICE),
        (Role.PROVINCIAL_OFFICER, Scope.UNIT),
        (Role.OPERATOR, Scope.PROVINCE),
    ):
        place = here.place(scope)
        at = {"office": place} if isinstance(place, Office) else {"unit": place}
        Membership.objects.create(user=of_old, role=role, **at)
    yield Reader("with rows of old", of_old, browser(of_old))
    yield Reader("owner", common.owner, browser(common.owner), owner=True)
    account = here.proposer
    yield Reader("proposer", account, browser(account), proposer=True)
    for where, word in ((here, "here"), (elsewhere, "elsewhere")):
        client = Client(headers={"authorization": f"Bearer {where.key}"})
        yield Reader(f"key {word}", None, client, signed_in=False, key_is_of=where)
    root = factories.user(is_superuser=True, is_staff=True)
    held = ((Role.OPERATOR, Scope.COUNTRY, True),)
    yield Reader("superuser", root, browser(root), held, superuser=True)
