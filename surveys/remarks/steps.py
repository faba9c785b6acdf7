"""What becomes of a remark, step by step; every step stands in its history.

    assign(remark, to, by)   answer(remark, text, by)   publish(remark, by)   close(remark, by, why)

Officials know a remark only once it is released to them (`reports.handover`). A remark is closed
with a reply or with the reason why there is none; the person reads either with the receipt's code,
and may say once that it does not answer them (`surveys.remarks.reopening`).
"""

from collections.abc import Mapping
from enum import Enum

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from audit.actors import official
from audit.recording import record
from offices.access import Missing, holders, may
from offices.models import Office, User
from offices.rights import Action
from surveys.models import Remark, RemarkStep
from surveys.remarks.receipts import all_keyed
from surveys.remarks.text import clean_text, has_blanks

State = Remark.State
# Working days from the day on which officials can first read a remark. Shorter than the ten days
# in which a person may ask for an answer by law, and long enough for a week with a holiday.
REPLY_WITHIN = 5
SHORTEST_REPLY = 10
LONGEST_REPLY = 4000

# A published reply is taken back by answering anew. No official leads out of DONE, nor to
# REOPENED: that is the citizen's.
STEPS: Mapping[State, frozenset[State]] = {
    State.NEW: frozenset({State.ASSIGNED, State.ANSWERED, State.DONE}),
    State.ASSIGNED: frozenset({State.ASSIGNED, State.ANSWERED, State.DONE}),
    State.ANSWERED: frozenset({State.ANSWERED, State.PUBLISHED, State.DONE}),
    State.PUBLISHED: frozenset({State.ANSWERED, State.DONE}),
    State.DONE: frozenset(),
    State.REOPENED: frozenset({State.ANSWERED, State.DONE}),
}
# What the audit calls a step; it holds neither the remark nor the reply.
ACTS: Mapping[State, str] = {
    State.ASSIGNED: "remark.assigned",
    State.ANSWERED: "remark.answered",
    State.PUBLISHED: "remark.published",
    State.DONE: "remark.closed",
}
# What leading there needs. Whoever was given a remark may answer and end it without the right.
NEEDED: Mapping[State, Action] = {
    State.ASSIGNED: Action.ASSIGN,
    State.ANSWERED: Action.ANSWER,
    State.PUBLISHED: Action.PUBLISH_REPLIES,
    State.DONE: Action.ANSWER,
}
# In which the person reads what the office wrote.
READABLE = frozenset({State.ANSWERED, State.PUBLISHED, State.DONE})
WAITING = frozenset({State.NEW, State.ASSIGNED, State.REOPENED})
# Which wait for their office, and which for those above it.
WITH_OFFICE = Q(state__in=WAITING, raised=False)
WITH_THOSE_ABOVE = Q(state__in=WAITING, raised=True)
# The most urgent first; what has no deadline last.
IN_TURN = ("-urgent", "due_on", "key")


class RemarkObstacle(Enum):
    """Why a step is refused."""

    NO_SUCH_STEP = "no_such_step"
    SHORT_REPLY = "short_reply"
    NOT_OF_THE_OFFICE = "not_of_the_office"
    BLANK_LEFT = "blank_left"


class RemarkNotPossible(Exception):
    """Nothing was changed; `obstacle` says why."""

    def __init__(self, obstacle: RemarkObstacle) -> None:
        super().__init__(obstacle.value)
        self.obstacle = obstacle


def needed(after: State, remark: Remark) -> Action:
    """The right that leads the remark to a state; a reply that did not answer is of those above.

    Where none of them is left it is the office's again: a remark must not be nobody's.
    """
    above = remark.raised and (after == State.ANSWERED or remark.state in WAITING)
    if above and holders(Action.ANSWER_REOPENED, remark.office).exists():
        return Action.ANSWER_REOPENED
    return NEEDED[after]


def may_take(user: User, after: State, remark: Remark) -> bool:
    """Whether `user` may lead the remark to a state: by a right, or because they were given it."""
    right = needed(after, remark)
    if may(user, right, remark.office):
        return True
    given = remark.assigned_to_id == user.pk and right == Action.ANSWER
    return given and may(user, Action.SEE_REMARKS, remark.office)


def steps_of(user: User, remark: Remark) -> frozenset[State]:
    """The states to which `user` may lead the remark now."""
    possible = STEPS[State(remark.state)]
    return frozenset(after for after in possible if may_take(user, after, remark))


def may_be_given(user: User, office: Office) -> bool:
    """Whether a remark may be assigned to `user`: they read it, and do not audit the office."""
    reads = may(user, Action.SEE_REMARKS, office)
    return reads and not may(user, Action.EXCLUDE, office)


def assign(remark: Remark, to: User, by: User) -> Remark:
    """Gives the remark to an official who may read those of the office.

    This and the other steps raise NotPossible, and Missing for anyone who may not take them.
    """
    if not may_be_given(to, remark.office):
        raise RemarkNotPossible(RemarkObstacle.NOT_OF_THE_OFFICE)
    return _step(remark, State.ASSIGNED, by, to=to)


def answer(remark: Remark, text: str, by: User) -> Remark:
    """Writes the reply, or a better one in place of it."""
    return _step(remark, State.ANSWERED, by, reply=_checked(text))


def publish(remark: Remark, by: User) -> Remark:
    """Lets everybody read the remark and its reply."""
    return _step(remark, State.PUBLISHED, by)


def finish(remark: Remark, by: User, why: str = "") -> Remark:
    """Ends it. `why` is needed where there is no reply, and is what the person reads then."""
    reply = "" if remark.state not in WAITING else _checked(why)
    return _step(remark, State.DONE, by, reply=reply)


def find(code: str) -> Remark | None:
    """The remark of a receipt; None both for a code that was never given and for no remark.

    code: as `surveys.remarks.receipts.read_code` gives it.
    """
    return Remark.objects.filter(receipt__in=all_keyed(code)).select_related("office").first()


def as_it_stands(remark: Remark) -> Remark:
    """The remark as the database has it, locked until the transaction ends. Raises DoesNotExist."""
    standing = Remark.objects.select_for_update(of=("self",)).select_related("office")
    return standing.get(office=remark.office_id, key=remark.key)


def history(remark: Remark) -> list[RemarkStep]:
    """The steps so far, oldest first."""
    steps = RemarkStep.objects.filter(office=remark.office_id, remark_key=remark.key)
    return list(steps.select_related("by", "assigned_to"))


def _checked(text: str) -> str:
    cleaned = clean_text(text)
    if has_blanks(cleaned):
        raise RemarkNotPossible(RemarkObstacle.BLANK_LEFT)
    if len(cleaned) < SHORTEST_REPLY:
        raise RemarkNotPossible(RemarkObstacle.SHORT_REPLY)
    return cleaned[:LONGEST_REPLY]


@transaction.atomic
def _step(
    remark: Remark, after: State, by: User, *, to: User | None = None, reply: str = ""
) -> Remark:
    """Leads the remark as it stands in the database, whatever the caller has seen of it."""
    locked = as_it_stands(remark)
    if locked.released_on is None or not may_take(by, after, locked):
        raise Missing(needed(after, locked), locked.office)
    before = State(locked.state)
    if before != remark.state or after not in STEPS[before]:
        raise RemarkNotPossible(RemarkObstacle.NO_SUCH_STEP)
    locked.state = after
    locked.assigned_to = to or locked.assigned_to
    said_of_it = locked.helped is not None and not locked.reopened_on
    if reply and reply != locked.reply and said_of_it:
        # it was said of another reply, and is asked of this one
        locked.helped, locked.first_reply = None, ""
    locked.reply = reply or locked.reply
    locked.save(update_fields=["state", "assigned_to", "reply", "helped", "first_reply"])
    RemarkStep.objects.create(
        office_id=locked.office_id,
        remark_key=locked.key,
        by=by,
        at=timezone.now(),
        before=before,
        after=after,
        assigned_to=to,
    )
    record(
        ACTS[after],
        subject=str(locked.key),
        office_id=locked.office_id,
        details={"to": to.get_username()} if to else {},
        by=official(by),
    )
    return locked
