"""Kinds of acts that need two persons."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.functional import Promise

from offices.access import may
from offices.models import AdministrativeUnit, Office, User
from offices.rights import Action

Said = str | Promise


class NotDone(Exception):
    """Nothing was done; says why to the person who asked, in their language."""


class NotProposed(NotDone):
    """What was proposed cannot be."""


class CannotCarryOut(NotDone):
    """The approval is not given, because the act is impossible. final: it never will be."""

    def __init__(self, why: str, *, final: bool = False) -> None:
        super().__init__(why)
        self.final = final


@dataclass(frozen=True, slots=True)
class Preview:
    """What whoever decides looks at."""

    about: Sequence[tuple[Said, Said]] = ()
    address: str = ""


@dataclass(frozen=True, slots=True)
class Proposal:
    """What waits."""

    kind: str
    place: Office | AdministrativeUnit
    payload: Mapping[str, Any]  # Any: JSON
    proposed_by: User
    reason: str


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of act that needs two persons."""

    name: str
    title: Said
    proposing: Action
    approving: Action
    carry_out: Callable[[Proposal, User | None], Mapping[str, Any]]  # Any: JSON
    preview: Callable[[Proposal], Preview]


KINDS: dict[str, Kind] = {}


def register(kind: Kind) -> None:
    """From now on this kind can be proposed."""
    KINDS[kind.name] = kind


def propose(
    kind_name: str,
    place: Office | AdministrativeUnit,
    payload: Mapping[str, Any],  # Any: JSON
    by: User,
    reason: str,
) -> Proposal:
    """What is to be done once a second person agrees. Raises PermissionDenied."""
    if not may(by, KINDS[kind_name].proposing, place):
        raise PermissionDenied
    return Proposal(kind_name, place, payload, by, reason)


@transaction.atomic
def approve(proposal: Proposal, by: User) -> Proposal:
    """Carries it out. Raises PermissionDenied, CannotCarryOut."""
    kind = KINDS[proposal.kind]
    if by.pk == proposal.proposed_by.pk or not may(by, kind.approving, proposal.place):
        raise PermissionDenied
    kind.carry_out(proposal, by)
    return proposal
