"""The walk: who asks what with which method, and what is answered."""

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from django.test import Client
from django.urls import resolve, reverse

from offices.rights import Action, Scope
from officials.routes import LOOKING, Door, Free, Need, door_of
from surveys.models import Remark
from tests.rights.readers import Reader
from tests.rights.world import ANSWERED, PERIOD, REPLY, WAITS, Province
from tests.walk.places import PARAMETER, routes
from tests.walk.visiting import Sheets, undone

SIGN_IN, ADMIN_SIGN_IN = reverse("login"), "/quan-tri/login/"
DONE = {200, 302, 422}
# Addresses that make a file at some length: the answer is the same for everybody.
LINK = re.compile(r'<(?:a|form method="get")[^>]* (?:href|action)="([^"#?]+)')
STATIC = "/static/"
SLOW = re.compile(r"\.pdf$")


@dataclass(frozen=True, slots=True)
class Target:
    """An address; scope: of the place here that it names, None where it names none."""

    route: str
    address: str
    scope: Scope | None
    door: Door


@dataclass(frozen=True, slots=True)
class Cell:
    """One question, what the table says to it, and what was answered."""

    reader: Reader
    target: Target
    method: str
    step: str
    expected: str
    status: int
    answered: str
    body: str = field(repr=False)

    def __str__(self) -> str:
        asked = f"{self.method} {self.target.address} {self.step}".strip()
        return f"{self.reader.name}: {asked}: {self.expected}, not {self.answered} ({self.status})"


def targets(here: Province) -> Iterator[Target]:
    """Every address of the product, those of units once for each level."""
    for route in routes():
        door = door_of(route)
        assert door is not None, f"{route} does not stand in officials/routes.py"
        for values, scope in _values(route, here):
            yield Target(route, _filled(route, values), scope, door)


def _filled(route: str, values: Sequence[object]) -> str:
    left = iter(values)
    path = PARAMETER.sub(lambda _match: str(next(left)), route)
    return "/" + path.replace("^", "").replace("$", "")


def _values(route: str, here: Province) -> list[tuple[tuple[object, ...], Scope | None]]:
    if route.startswith("quan-tri/"):
        wanted = len(PARAMETER.findall(route))
        return [(("1",) * wanted, None)]
    if route.startswith("bao-cao/don-vi/"):
        return [
            ((here.province.parent_id,), Scope.COUNTRY),
            ((here.province.pk,), Scope.PROVINCE),
            ((here.commune.pk,), Scope.UNIT),
        ]
    if route.startswith("bao-cao/cong-bo/"):
        return [((here.release.slug,), Scope.PROVINCE)]
    if "<uuid:key>" in route:
        return [
            ((here.office.slug, here.waits.key), Scope.OFFICE),
            ((here.office.slug, here.answered.key), Scope.OFFICE),
        ]
    if "<int:pk>" in route:
        return [((here.office.slug, here.exclusion.pk), Scope.OFFICE)]
    if "<int:person>" in route:
        return [((here.exclusion.made_by_id,), None)]
    if "<slug:form>" in route:
        return [((here.office.slug, "counter"), Scope.OFFICE)]
    if "<slug:slug>" in route:
        return [((here.office.slug,), Scope.OFFICE)]
    if "<str:token>" in route:
        return [(("AQjrAAAID0bp",), None)]
    return [((), None)]


def walk(reader: Reader, target: Target, sent: Mapping[str, object]) -> Iterator[Cell]:
    """GET, and POST with each step that the address knows."""
    address = target.address
    if target.route.endswith("cong-bo/moi/"):
        address += f"?ky={PERIOD}"
    yield _asked(reader, target, "GET", "", target.door.read, reader.client.get, address, {})
    sends: Mapping[str, Need | None] = target.door.steps or {"": target.door.send}
    for step, need in sends.items():
        data = {**sent, **({"step": step} if step else {})}
        yield _asked(reader, target, "POST", step, need, reader.client.post, address, data)


def _asked(
    reader: Reader,
    target: Target,
    method: str,
    step: str,
    need: Need | None,
    ask: Any,  # Any: a method of Django's client
    address: str,
    data: Mapping[str, object],
) -> Cell:
    client: Client = reader.client
    with undone(client) if method == "POST" else nullcontext():
        answer = ask(address, data)
    kind = answer.headers.get("Content-Type", "")
    readable = kind.startswith(("text/", "application/json")) and not answer.streaming
    return Cell(
        reader,
        target,
        method,
        step,
        expected(reader, target, need),
        answer.status_code,
        _told(answer, target),
        answer.content.decode(errors="replace") if readable else "",
    )


def expected(reader: Reader, target: Target, need: Need | None) -> str:
    """What the table says: done, signs in, refused, nothing, no method, public, key, staff."""
    door, scope = target.door, target.scope
    if Free.PUBLIC in (door.read, door.send):
        return "public"
    if Free.KEY in (door.read, door.send):
        return "key"
    if door.read is Free.STAFF:
        return "staff" if reader.superuser else "signs in"
    if not reader.signed_in:
        return "signs in"
    if need is None:
        return "no method"
    if need is Free.SIGNED_IN:
        return "done"
    assert isinstance(need, tuple)
    if scope is not None and not reader.may(Action.SEE_FIGURES, scope):
        # whoever may look people and offices up nowhere is told so before
        return "refused" if _asks_first(target) and not _may_any(reader, need, None) else "nothing"
    if scope is None or _may_any(reader, need, scope):
        return _done(reader, target, need)
    if _asks_first(target) and _may_any(reader, need, None):
        return "nothing"
    return "refused"


def _done(reader: Reader, target: Target, need: tuple[Action, ...]) -> str:
    if not _may_any(reader, need, target.scope):
        return "refused"
    if "<int:person>" in target.route:
        return "nothing"  # somebody who holds nothing anywhere
    if target.route.endswith("cong-bo/moi/") and target.scope != Scope.PROVINCE:
        return "nothing"  # only provinces are published from a page
    return "done"


def _asks_first(target: Target) -> bool:
    return target.route.startswith("bao-cao/quan-tri/quyen/")


def _may_any(reader: Reader, need: tuple[Action, ...], scope: Scope | None) -> bool:
    return any(reader.may(action, scope) for action in need)


def _told(answer: Any, target: Target) -> str:  # Any: a test answer
    """In the same words, what was answered."""
    status, to = answer.status_code, answer.headers.get("Location", "")
    needs = (target.door.read, target.door.send)
    if Free.KEY in needs:
        return "key" if status in (401, 403, 405) else "done"
    if status == 302 and to.startswith((SIGN_IN, ADMIN_SIGN_IN)):
        return "public" if target.route.endswith(("dang-xuat/", "logout/")) else "signs in"
    if Free.PUBLIC in needs:
        return "refused" if status in (401, 403) else "public"
    if target.door.read is Free.STAFF:
        return "staff"
    if status == 405:
        return "no method"
    return {403: "refused", 404: "nothing"}.get(status, "done" if status in DONE else "broken")


def sent_to(target: Target, here: Province, failed: int) -> dict[str, object]:
    """What a form of this address sends, as far as it decides who may send it."""
    if "<uuid:key>" in target.route:
        waits = str(here.waits.key) in target.address
        return {"seen": Remark.State.NEW.value if waits else Remark.State.ANSWERED.value}
    if target.route.endswith("may-tinh-bang/"):
        return {"name": "Quầy 2", "form": "counter", "tablet": here.tablet.pk}
    if target.route == "bao-cao/dem/":
        return {"step": failed}
    return {}


@dataclass(frozen=True, slots=True)
class Offer:
    """What a page offers: an address, and the step that a button sends; empty for a link."""

    address: str
    step: str
    sends: bool


def offers(cell: Cell) -> Iterator[Offer]:
    """Every link and form of a page that leads into this system."""
    for address in LINK.findall(cell.body):
        if address.startswith("/") and not address.startswith(STATIC):
            yield Offer(urlsplit(address).path, "", sends=False)
    for sheet in Sheets(cell.body, cell.target.address).found:
        path = urlsplit(sheet.action).path
        for step in [value for name, value in sheet.buttons if name == "step"] or [""]:
            yield Offer(path, step, sends=True)


def allowed(
    offer: Offer, reader: Reader, here: Province, elsewhere: Province, everybody: Sequence[Reader]
) -> bool:
    """Whether the table opens to the reader what a page offers them."""
    match = resolve(offer.address)
    route = match.route.replace("\\Z", "$")
    door = door_of(route)
    assert door is not None, offer
    if "person" in match.kwargs:
        return _may_look_at(reader, match.kwargs["person"], everybody)
    if door.read is Free.SIGNED_IN and not reader.signed_in:
        return True  # the way to sign in
    scope = here.scope_of(match.kwargs)
    if scope is None and elsewhere.scope_of(match.kwargs) is not None:
        scope, reader = elsewhere.scope_of(match.kwargs), reader.over_there()
    if match.kwargs.get("pk") == here.province.parent_id and route.startswith("bao-cao/don-vi/"):
        scope = Scope.COUNTRY
    need = (door.steps.get(offer.step) or door.send) if offer.sends else door.read
    target = Target(route, offer.address, scope, door)
    return expected(reader, target, need) in ("done", "public", "staff")


def _may_look_at(reader: Reader, person: int, everybody: Sequence[Reader]) -> bool:
    """Of oneself; of others where one manages accounts or reads the audit."""
    if reader.user is not None and reader.user.pk == person:
        return True
    for one in everybody:
        if one.user is not None and one.user.pk == person:
            held = [(scope, here) for _, scope, here in one.held] or [(Scope.OFFICE, True)]
            return any(
                (reader if here else reader.over_there()).may(action, scope)
                for scope, here in held
                for action in LOOKING
            )
    return False


def texts_of_remarks(body: str) -> set[str]:
    """Which of the remarks and replies stand there."""
    return {text for text in (WAITS, ANSWERED, REPLY) if text in body}
