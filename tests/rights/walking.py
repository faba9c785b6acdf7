"""The walk: who asks what with which method, and what is answered."""

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

from django.test import Client
from django.urls import resolve, reverse
from django.utils import timezone

from offices.models import Membership
from offices.rights import Action, Scope
from officials.routes import LOOKING, Door, Free, Gate, Need, door_of
from surveys.models import Remark
from tests.rights.naming import Named, named
from tests.rights.readers import Reader
from tests.rights.world import ANSWERED, PERIOD, REPLY, WAITS, Common, Province
from tests.walk.places import PARAMETER, routes
from tests.walk.visiting import Sheets, undone

SIGN_IN, ADMIN_SIGN_IN = reverse("login"), "/quan-tri/login/"
DONE = {200, 302, 409, 422}
# Addresses that make a file at some length: the answer is the same for everybody.
LINK = re.compile(r'<(?:a|form method="get")[^>]* (?:href|action)="([^"#?]+)')
STATIC = "/static/"
# Who looks at what everybody may see.
A_FEW = {"nobody", "closed", "superuser", "owner", "office_head of office here", "key here"}
TRY_ALL = {"nobody", "proposer", "office_head of office elsewhere", "auditor of unit elsewhere"}
# Steps on the page of an account that leave the roles that it holds alone.
ON_NO_ROLE = {"search", "give"}
SLOW = re.compile(r"^ks/.*\.pdf$")


@dataclass(frozen=True, slots=True)
class Target:
    """An address; scope: of the place here that it names, None where it names none."""

    route: str
    address: str
    scope: Scope | None
    door: Door
    named: Named


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


def for_everybody(target: Target) -> bool:
    """Whether no role is asked for."""
    needs = (target.door.read, target.door.send)
    return Free.PUBLIC in needs or Free.SIGNING_IN in needs


def targets(here: Province, common: Common) -> Iterator[Target]:
    """Every address of the product, those of units once for each level."""
    for route in routes():
        door = door_of(route)
        assert door is not None, f"{route} does not stand in officials/routes.py"
        for one in named(route, here, common):
            yield Target(route, _filled(route, one.values), one.scope, one.door or door, one)


def _filled(route: str, values: Sequence[object]) -> str:
    left = iter(values)
    path = PARAMETER.sub(lambda _match: str(next(left)), route)
    return "/" + path.replace("^", "").replace("$", "")


def walk(reader: Reader, target: Target, sent: Mapping[str, object]) -> Iterator[Cell]:
    """GET, and POST with each step that the address knows.

    Of those who see nothing here, some send every step, the others the first.
    """
    address = target.address
    if target.route.endswith("cong-bo/moi/"):
        address += f"?ky={PERIOD}"
    yield _asked(reader, target, "GET", "", target.door.read, reader.client.get, address, {})
    sends: Mapping[str, Need | None] = target.door.steps or {"": target.door.send}
    every = reader.sees_something or reader.name in TRY_ALL
    for step, need in list(sends.items())[: None if every else 1]:
        if step == "take" and target.named.role is None:
            continue  # there is no role to take
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
    as_json = {"content_type": "application/json"} if target.route.startswith("api/") else {}
    with undone(client) if method == "POST" else nullcontext():
        answer = ask(address, data, **(as_json if method == "POST" else {}))
    kind = answer.headers.get("Content-Type", "")
    readable = kind.startswith(("text/", "application/json")) and not answer.streaming
    return Cell(
        reader,
        target,
        method,
        step,
        expected(reader, target, need, steps=method == "POST" and step not in ON_NO_ROLE),
        answer.status_code,
        _told(answer, target),
        answer.content.decode(errors="replace") if readable else "",
    )


def expected(reader: Reader, target: Target, need: Need | None, *, steps: bool = False) -> str:
    """What the table says: done, signs in, refused, nothing, no method, public, key, staff.

    steps: whether something would be changed.
    """
    needs = (target.door.read, target.door.send)
    if Free.PUBLIC in needs or Free.SIGNING_IN in needs:
        return "public"
    if Free.KEY in needs:
        return _with_a_key(reader, target, steps=steps)
    if target.door.read is Free.STAFF:
        return "staff" if reader.superuser else "signs in"
    if not reader.signed_in:
        return "signs in"
    if need is None:
        return "no method"
    if need is Free.FACTOR:
        return "account"
    if need is Free.SIGNED_IN:
        is_ones_own = target.door.gate is not Gate.OWN or (reader.owner and target.named.exists)
        return "done" if is_ones_own else "nothing"
    return _of_the_table(reader, target, need, steps=steps)


def _with_a_key(reader: Reader, target: Target, *, steps: bool) -> str:
    """Other systems reach the offices of their own province; tablets have keys of another kind."""
    if reader.key_is_of is None or not target.route.startswith("api/") or not steps:
        return "key"
    return "refused" if reader.name.endswith("elsewhere") else "done"


def _of_the_table(reader: Reader, target: Target, need: Need, *, steps: bool) -> str:
    door, scope = target.door, target.scope
    reads = door.read if isinstance(door.read, tuple) else need
    if door.gate is Gate.HIDDEN and not (reader.proposer or _may_any(reader, reads, scope)):
        return "nothing"
    if door.gate is Gate.ANYWHERE:
        of_a_person = "<int:person>" in target.route
        is_own = (
            of_a_person and reader.user is not None and target.named.values == (reader.user.pk,)
        )
        if is_own and door.send is None:
            return "done"  # anybody asks what they may do themselves
        if not _may_any(reader, reads, None):
            return "refused"
        if not _may_any(reader, reads, scope):
            return "nothing"
    if door.gate is Gate.SEEN and scope is not None and not reader.may(Action.SEE_FIGURES, scope):
        return "nothing"
    return _done(reader, target, need, steps=steps)


def _done(reader: Reader, target: Target, need: Need, *, steps: bool) -> str:
    """What is said in a place whose figures the reader sees."""
    if need is Free.PROPOSER:
        return "done" if reader.proposer else "refused"
    if reader.proposer and target.door.gate is Gate.HIDDEN:
        return "done"  # the page comes again and says that it takes another person
    if not _may_any(reader, need, target.scope):
        return "refused"
    if not target.named.exists:
        return "nothing"
    if steps and target.named.role is not None:
        assert target.scope is not None
        return "done" if reader.gives(target.named.role, target.scope) else "refused"
    return "done"


def _may_any(reader: Reader, need: Need, scope: Scope | None) -> bool:
    return isinstance(need, tuple) and any(reader.may(action, scope) for action in need)


def _told(answer: Any, target: Target) -> str:  # Any: a test answer
    """In the same words, what was answered."""
    status, to = answer.status_code, answer.headers.get("Location", "")
    needs = (target.door.read, target.door.send)
    if Free.KEY in needs:
        refused = status == 403 and "office" in answer.content.decode()
        return "refused" if refused else "key" if status in (401, 403, 405) else "done"
    if Free.SIGNING_IN in needs:
        return "public" if status < 500 else "broken"
    if status == 302 and to.startswith((SIGN_IN, ADMIN_SIGN_IN)):
        return "public" if target.route.endswith(("dang-xuat/", "logout/")) else "signs in"
    if Free.PUBLIC in needs:
        return "refused" if status in (401, 403) else "public"
    if target.door.read is Free.STAFF:
        return "staff"
    if Free.FACTOR in needs and status != 405:
        return "account" if status < 500 else "broken"
    if status == 405:
        return "no method"
    return {403: "refused", 404: "nothing"}.get(status, "done" if status in DONE else "broken")


def sent_to(target: Target, here: Province, failed: int) -> dict[str, object]:
    """What a form of this address sends, as far as it decides who may send it."""
    yesterday = f"{timezone.localdate() - timedelta(days=1)}"
    if target.route == "api/ho-so":
        return {"counts": [{"office": here.office.slug, "day": yesterday, "finished": 7}]}
    if target.route == "api/loi-moi":
        dossier = {"dossier": "000.00.12.H01-260601-0001", "stage": "received"}
        return {"office": here.office.slug, "finished_on": yesterday, **dossier}
    if target.route.endswith("nguoi-dung/<int:person>/"):
        held = Membership.objects.filter(user__pk=str(target.named.values[0])).first()
        facts = {"full_name": "Lê Thị Hoa", "email": "hoa@example.vn"}
        return {"role": held.pk if held else 0, **facts}
    if "cho-duyet" in target.route:
        return {"reason": "Không đủ căn cứ để duyệt"}
    if target.route.endswith("co-quan/<slug:slug>/"):
        return {"counter": here.counter.pk}
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
        hidden = sheet.hidden.get("step", "")
        for step in [value for name, value in sheet.buttons if name == "step"] or [hidden]:
            yield Offer(path, step, sends=True)


def allowed(
    offer: Offer,
    reader: Reader,
    everything: Mapping[str, tuple[Target, bool]],
    everybody: Sequence[Reader],
) -> bool:
    """Whether the table opens to the reader what a page offers them.

    everything: the addresses of both provinces, and whether they are here.
    """
    match = resolve(offer.address)
    route = match.route.replace("\\Z", "$")
    door = door_of(route)
    assert door is not None, offer
    if door.read is Free.SIGNED_IN and not reader.signed_in:
        return True  # the way to sign in
    found = everything.get(offer.address)
    if found is None and "person" in match.kwargs:
        return _may_look_at(reader, match.kwargs["person"], route, everybody)
    if found is None:
        return door.read in (Free.STAFF, Free.PUBLIC) or not match.kwargs
    target, is_here = found
    changes = offer.sends and offer.step not in ON_NO_ROLE
    as_seen = reader if is_here else reader.over_there()
    need = (target.door.steps.get(offer.step) or target.door.send) if offer.sends else door.read
    return expected(as_seen, target, need, steps=changes) in ("done", "public", "staff")


def _may_look_at(reader: Reader, person: int, route: str, everybody: Sequence[Reader]) -> bool:
    """Of oneself; of others where one manages accounts or, beside their page, reads the audit."""
    if reader.user is not None and reader.user.pk == person:
        return True
    actions = (Action.MANAGE_ACCOUNTS,) if "nguoi-dung" in route else LOOKING
    known = [one.held for one in everybody if one.user is not None and one.user.pk == person]
    held = [(at, here) for one in known for _, at, here in one] or [(Scope.OFFICE, True)]
    return any(
        (reader if here else reader.over_there()).may(action, scope)
        for scope, here in held
        for action in actions
    )


def texts_of_remarks(body: str) -> set[str]:
    """Which of the remarks and replies stand there."""
    return {text for text in (WAITS, ANSWERED, REPLY) if text in body}
