"""What becomes of a proposal: approved and carried out once, refused, withdrawn, expired."""

import json
import logging
from collections.abc import Mapping
from datetime import timedelta
from hashlib import sha256
from typing import Any

from django.db import IntegrityError, OperationalError, connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from psycopg.errors import LockNotAvailable, SerializationFailure

from audit.actors import Actor, official
from audit.models import Entry
from audit.recording import record
from offices.access import Missing, holders, may, require
from offices.models import (
    LONGEST_REASON,
    SHORTEST_REASON,
    AdministrativeUnit,
    Office,
    Proposal,
    ProposalFile,
    User,
)
from offices.proposals.kinds import (
    KINDS,
    CannotCarryOut,
    ChangedMeanwhile,
    Kind,
    NotDecided,
    NotProposed,
    Payload,
    differing,
    kind_of,
)
from offices.rights import Action
from offices.sealing import seal, unseal

logger = logging.getLogger(__name__)
Place = Office | AdministrativeUnit
State = Proposal.State
# Whatever nobody decides in a month is asked anew.
OPEN_FOR = timedelta(days=30)


def propose(
    kind_name: str,
    place: Place,
    payload: Payload,
    by: User,
    reason: str,
    content: bytes | None = None,
) -> Proposal:
    """Stores what is to be done until a second person decides.

    content: the file that it would bring in. Raises Missing for anyone without the right
    to propose it there, NotProposed where it cannot be, with what is wrong.
    """
    kind = KINDS[kind_name]
    require(by, kind.proposing, place)
    said = _reason(reason, needed=kind.says_why)
    if content is not None and len(content) > kind.most_bytes:
        raise NotProposed(_("The file is too large."))
    made = Proposal(
        kind=kind.name,
        unit=place if isinstance(place, AdministrativeUnit) else None,
        office=place if isinstance(place, Office) else None,
        payload={**payload, **({"sha256": sha256(content).hexdigest()} if content else {})},
        reason=said,
        proposed_by=by,
        proposed_at=timezone.now(),
    )
    made.payload_hash = _hash_of(made)
    made.facts = dict(kind.facts(made))
    made.basis = _hashed(made.facts)
    try:
        with transaction.atomic():
            made.save(force_insert=True)
            if content is not None:
                digest = sha256(content).hexdigest()
                ProposalFile.objects.create(
                    proposal=made, sealed=seal(content), sha256=digest, size=len(content)
                )
            _record("proposal.propose", made, official(by))
    except IntegrityError as error:
        if "proposal_is_open_once" not in str(error):
            raise
        raise NotProposed(
            _("The same is proposed already and waits for a second person.")
        ) from None
    return made


def approve(proposal: Proposal, by: User) -> Proposal:
    """Another person agrees: it is carried out now, and once.

    Raises Missing for anyone without the right there at this moment, NotDecided where
    somebody decided before or it is the same person, and CannotCarryOut where it cannot be done;
    then nothing is changed.
    """
    _check_decider(proposal, by)
    return _carried_out(proposal, by, "")


def approve_on_the_machine(proposal: Proposal, account: str, reason: str) -> Proposal:
    """What the operator's command does while nobody else holds the right to approve there.

    account: of the operating system. Raises NotDecided, with names, once somebody does.
    """
    said = _reason(reason, needed=True)
    others = others_who_may(proposal)
    if others:
        names = ", ".join(other.get_username() for other in others)
        raise NotDecided(_("A second person can approve this: %(names)s.") % {"names": names})
    logger.warning("proposal %s (%s) approved on the machine by %s: %s",
                   proposal.pk, proposal.kind, account, said)  # fmt: skip
    return _carried_out(proposal, None, said, account=account)


def refuse(proposal: Proposal, by: User, reason: str) -> Proposal:
    """Another person says no, and why. Raises as `approve` does."""
    _check_decider(proposal, by)
    said = _reason(reason, needed=True)
    with transaction.atomic():
        held = _held(proposal)
        _end(held, State.REFUSED, by, said)
        _record("proposal.refuse", held, official(by))
    return held


def withdraw(proposal: Proposal, by: User) -> Proposal:
    """Whoever proposed it takes it back. Raises NotDecided, for anyone else as well."""
    if by.pk != proposal.proposed_by_id:
        raise NotDecided(_("Only whoever proposed this can withdraw it; others can refuse it."))
    with transaction.atomic():
        held = _held(proposal)
        _end(held, State.WITHDRAWN, None)
        _record("proposal.withdraw", held, official(by))
    return held


def expire() -> int:
    """Ends what nobody decided in OPEN_FOR; returns how many. For every night."""
    old = Proposal.objects.filter(state=State.OPEN, proposed_at__lt=timezone.now() - OPEN_FOR)
    ended = 0
    for proposal in old:
        with transaction.atomic():
            try:
                held = _held(proposal)
            except NotDecided:
                continue
            _end(held, State.EXPIRED, None)
            _record("proposal.expire", held, Actor("expire"))
        ended += 1
    return ended


def others_who_may(proposal: Proposal) -> list[User]:
    """The active accounts that may approve it and are not whoever proposed it, by name."""
    found: dict[int, User] = {}
    approving, places = kind_of(proposal).approving, _places(proposal)
    for membership in holders(approving, proposal.place):
        person = membership.user
        if person.pk in found or _same_person(person, proposal):
            continue
        if len(places) == 1 or all(may(person, approving, place) for place in places):
            found[person.pk] = person
    return list(found.values())


def may_decide(user: User, proposal: Proposal) -> bool:
    """Whether this person could approve or refuse it now."""
    return (
        proposal.state == State.OPEN
        and not _same_person(user, proposal)
        and _place_without_right(user, proposal) is None
    )


def may_look(user: User, proposal: Proposal) -> bool:
    """Whoever proposed it, who may propose or approve such there, and who reads the audit there."""
    kind, place = kind_of(proposal), proposal.place
    rights = {kind.proposing, kind.approving, Action.READ_AUDIT}
    return proposal.proposed_by_id == user.pk or any(may(user, right, place) for right in rights)


def content_of(proposal: Proposal) -> bytes | None:
    """The file that came with it; None if there is none or none any more. Raises CannotOpen."""
    kept = ProposalFile.objects.filter(proposal=proposal).first()
    return unseal(bytes(kept.sealed)) if kept else None


def _places(proposal: Proposal) -> list[Place]:
    """Where somebody must hold the right to approve it: its place, and the offices it concerns."""
    return [
        proposal.place,
        *Office.objects.filter(pk__in=kind_of(proposal).offices(proposal)).order_by("pk"),
    ]


def _place_without_right(user: User, proposal: Proposal) -> Place | None:
    """The first place in which this person does not hold the right to approve it."""
    approving = kind_of(proposal).approving
    return next((one for one in _places(proposal) if not may(user, approving, one)), None)


def _carried_out(proposal: Proposal, by: User | None, decision: str, account: str = "") -> Proposal:
    kind = kind_of(proposal)
    actor = official(by) if by else Actor(f"manage.py approve ({account})")
    try:
        return _in_one_transaction(kind, proposal, by, decision, account, actor)
    except CannotCarryOut as refused:
        _record("proposal.approve", proposal, actor, outcome=Entry.Outcome.FAILED)
        if refused.final:
            with transaction.atomic():
                _end(_held(proposal), State.FAILED, by, str(refused), account)
        raise
    except OperationalError as error:
        if not isinstance(error.__cause__, SerializationFailure):
            raise
        raise NotDecided(
            _("Something was edited while this was being carried out. Try once more.")
        ) from None


def _in_one_transaction(
    kind: Kind, proposal: Proposal, by: User | None, decision: str, account: str, actor: Actor
) -> Proposal:
    if kind.carry_out is None:
        raise CannotCarryOut(_("This system cannot carry this out."))
    outermost = not connection.in_atomic_block
    with kind.around(proposal), transaction.atomic():
        if kind.snapshot and outermost:
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        held = _held(proposal)
        if by is not None:
            _check_decider(held, by)
        if held.proposed_at < timezone.now() - OPEN_FOR:
            raise NotDecided(
                _("Nobody decided this in %(days)s days, so it is over. Propose it again.")
                % {"days": OPEN_FOR.days}
            )
        if held.payload_hash != _hash_of(held):
            raise CannotCarryOut(_("What was proposed has been altered."), final=True)
        if not kind.checks_itself:
            now = dict(kind.facts(held))
            changes = [kind.in_words(one) for one in differing(held.facts, now)]
            if changes:
                raise ChangedMeanwhile(changes)
        result = dict(kind.carry_out(held, by))
        _end(held, State.APPROVED, by, decision, account, result)
        _record("proposal.approve", held, actor, details={"result": result, "reason": decision})
    return held


def _held(proposal: Proposal) -> Proposal:
    """The row, locked and still open. Raises NotDecided if somebody else is deciding, or has."""
    try:
        with transaction.atomic():
            found = (
                Proposal.objects.select_for_update(nowait=True, of=("self",))
                .select_related("office", "unit", "proposed_by")
                .get(pk=proposal.pk)
            )
    except OperationalError as error:
        if not isinstance(error.__cause__, LockNotAvailable | SerializationFailure):
            raise
        raise NotDecided(_("Somebody else is deciding this right now.")) from None
    if found.state != State.OPEN:
        raise NotDecided(
            _("This is decided already: %(state)s.") % {"state": found.get_state_display()}
        )
    return found


def _check_decider(proposal: Proposal, by: User) -> None:
    kind = kind_of(proposal)
    if _same_person(by, proposal):
        _record("proposal.approve", proposal, official(by), outcome=Entry.Outcome.REFUSED)
        raise NotDecided(_("A second person has to decide: nobody approves their own proposal."))
    place = _place_without_right(by, proposal)
    if place is not None:
        _record("proposal.approve", proposal, official(by), outcome=Entry.Outcome.REFUSED)
        raise Missing(kind.approving, place)


def _same_person(user: User, proposal: Proposal) -> bool:
    """Whether the account is the proposer's, or another one with the same address."""
    addresses = {one.email.strip().casefold() for one in (user, proposal.proposed_by)}
    return user.pk == proposal.proposed_by_id or (len(addresses) == 1 and addresses != {""})


def _end(
    held: Proposal,
    state: Proposal.State,
    by: User | None,
    decision: str = "",
    account: str = "",
    result: Payload | None = None,
) -> None:
    held.state, held.decided_by, held.decided_as = state, by, account[:100]
    held.decided_at, held.decision = timezone.now(), decision[:LONGEST_REASON]
    held.result = dict(result or {})
    held.save(
        update_fields=[
            *("state", "decided_by", "decided_as", "decided_at", "decision", "result"),
        ]
    )
    if not kind_of(held).keeps_file:
        ProposalFile.objects.filter(proposal=held).delete()


def _reason(reason: str, *, needed: bool) -> str:
    said = " ".join(reason.split())
    if len(said) > LONGEST_REASON or (needed and len(said) < SHORTEST_REASON):
        raise NotProposed(
            _("Give the reason in a sentence of %(least)s to %(most)s characters.")
            % {"least": SHORTEST_REASON, "most": LONGEST_REASON}
        )
    return said


def _hash_of(proposal: Proposal) -> str:
    return _hashed(
        {
            "kind": proposal.kind,
            "unit": proposal.unit_id,
            "office": proposal.office_id,
            "payload": proposal.payload,
        }
    )


def _hashed(said: Mapping[str, Any]) -> str:  # Any: JSON
    return sha256(json.dumps(said, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def _record(
    action: str,
    proposal: Proposal,
    actor: Actor,
    *,
    outcome: Entry.Outcome = Entry.Outcome.DONE,
    details: Payload | None = None,
) -> None:
    record(
        action,
        subject=f"{proposal.kind} {proposal.pk}",
        office_id=proposal.office_id,
        unit_id=proposal.unit_id,
        details={
            "kind": proposal.kind,
            "payload": proposal.payload_hash,
            "proposed_by": proposal.proposed_by_id,
            **(details or {}),
        },
        outcome=outcome,
        by=actor,
        apart=outcome is not Entry.Outcome.DONE,
    )
