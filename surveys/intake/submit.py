"""The one way in: every channel hands its answers to `submit`.

At most three statements a submission besides BEGIN and COMMIT: the response; where nothing was
written, a look at what stands there, else the mark for the counter; a remark adds one, as does a
repeat without one (what remark stands there), and a contact for a personal reply another.
What makes a finished form worth a second look (`surveys.flags.rules`) is judged here and kept as a
flag, because the seconds it needs are kept nowhere. Redis is not asked here; pages ask it whether
somebody sends too often, and go on without it: if it is down, citizens notice nothing.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import Enum
from uuid import UUID

from django.db import connection, transaction
from django.utils import timezone

from offices.directory import CounterEntry, OfficeEntry, ProcedureEntry
from surveys.flags import judging
from surveys.flags.judging import FinishedForm
from surveys.intake import ceiling
from surveys.intake.blinding import LAST_STEP, NUMBERS, blind_of, blinded, step_of
from surveys.labels import about
from surveys.models import (
    Channel,
    Delivery,
    Evidence,
    Mark,
    Respondent,
    Response,
    Stage,
    State,
    Waiting,
)
from surveys.questionnaires.catalogue import BLANK, GIVEN, NOT_ASKED, NOT_GIVEN, InstrumentEntry
from surveys.questionnaires.questionnaire import LOW
from surveys.remarks import contacts
from surveys.remarks.masking import MaskedKind, mask
from surveys.remarks.receipts import keyed, receipt_code
from surveys.remarks.text import clean_text

Value = int | str | bool | bytes | date | UUID | None

# What was begun longer ago is of the day on which it goes on: else somebody who keeps forms open
# reaches months that close on the fifth working day after them.
KEEPS_ITS_DAY = timedelta(days=4)
# Browsers know this and LAST_STEP as well (static/js); a test holds them together.
LONGEST_REMARK = 2000


class Outcome(Enum):
    """What became of a submission. All three are success."""

    STORED = "stored"
    REPEATED = "repeated"
    OLDER = "older"


class NotTakenReason(Enum):
    """Why a submission was refused."""

    ENDED_OFFICE = "closed_office"
    FROZEN = "frozen"
    WRONG_ANSWER = "wrong_answer"
    FOREIGN_PROCEDURE = "foreign_procedure"
    OLD_INSTRUMENT = "old_instrument"
    LONG_REMARK = "long_remark"
    WRONG_STEP = "wrong_step"
    WRONG_DAY = "wrong_day"


class SubmissionNotTaken(Exception):
    """The submission was not stored; `reason` says why, `detail` which item, if one."""

    def __init__(self, reason: NotTakenReason, detail: str = "") -> None:
        super().__init__(f"{reason.value} {detail}".strip())
        self.reason = reason
        self.detail = detail


@dataclass(frozen=True)
class Submission:
    """One sending of one response. `answers` maps item codes to bytes; missing means blank.

    `step` grows with every sending of the same response. `day` is when the person answered, where
    the sending was kept back (a tablet without network), even if only for an hour: when it arrives
    then says nothing about the person. `any_version`: a device that was without network asked it on
    a questionnaire that may have been withdrawn meanwhile. `office` is where the person was
    received. `seconds` is how long the person took, None if nobody knows; `assisted` whether a
    relative or an official is said to have helped; `clock_was_wrong` whether the device's clock
    was; `suspicious` whether it bears marks of a machine; `surge` whether far too many came at
    once; `started` whether something of ours that came with it proves that our page was opened for
    it (None: it could carry nothing of the kind). None of these is stored but as a flag.
    `evidence`: the strongest credential that was verified; where none was, the channel says it.
    `contact` is kept with a remark only, apart and encrypted (`surveys.remarks.contacts`); the
    person agreed to it.
    """

    id: UUID
    office: OfficeEntry
    instrument: InstrumentEntry
    answers: Mapping[str, int]
    step: int
    finished: bool
    channel: Channel
    language: str
    procedure: ProcedureEntry | None = None
    counter: CounterEntry | None = None
    stage: Stage = Stage.UNKNOWN
    respondent: Respondent = Respondent.UNKNOWN
    remark: str = ""
    day: date | None = None
    seconds: float | None = None
    assisted: bool = False
    contact: str = ""
    suspicious: bool = False
    surge: bool = False
    any_version: bool = False
    clock_was_wrong: bool = False
    started: bool | None = None
    evidence: Evidence = Evidence.FROM_BEFORE
    delivery: Delivery = Delivery.AT_ONCE
    # Of an invitation, whose id others could work out: then the code must not be made of it.
    receipt: str = ""


@dataclass(frozen=True, slots=True)
class Receipt:
    """What the person gets: a code that is the same for every sending of one response."""

    code: str
    outcome: Outcome
    # The remark as it is kept, and what was hidden in it; empty where none was sent.
    remark: str = ""
    hidden: frozenset[MaskedKind] = frozenset()
    # The day on which the contact for a reply is deleted at the latest; None if none is kept.
    contact_until: date | None = None


def pack(
    instrument: InstrumentEntry,
    answers: Mapping[str, int],
    not_asked: Collection[str] = frozenset(),
) -> bytes:
    """One byte per item in the instrument's order.

    not_asked: what the stage leaves out (`InstrumentEntry.not_asked`); what was answered to it
    before the stage was said is taken back. A reason is given, or not, wherever the answer to its
    criterion is a low one, and says nothing at any other answer: whoever goes over to a better one
    takes their reasons back. Whether reasons were offered is not told apart, since low answers
    without them would be a group of their own. Raises Refused(WRONG_ANSWER) for an unknown item or
    a byte that its scale does not have.
    """
    packed = bytearray(len(instrument.items))
    left = dict(answers)
    for item in instrument.items:
        byte = left.pop(item.code, 0)
        if not item.accepts(byte):
            raise SubmissionNotTaken(NotTakenReason.WRONG_ANSWER, item.code)
        packed[item.position] = NOT_ASKED if item.code in not_asked else byte
    for criterion in instrument.items:
        for reason in instrument.reasons.get(criterion.code, ()):
            given = packed[reason.position] == GIVEN
            is_low = packed[criterion.position] in LOW
            packed[reason.position] = (GIVEN if given else NOT_GIVEN) if is_low else BLANK
    if left:
        raise SubmissionNotTaken(NotTakenReason.WRONG_ANSWER, min(left))
    return bytes(packed)


# The newest step of the response that stands there (`surveys.intake.blinding`), of which a finished
# one keeps nothing.
KEPT_STEP = f"mod(surveys_response.step - %(blind)s + {NUMBERS}, {NUMBERS})"

# ON CONFLICT with a condition and RETURNING: the ORM has no form of it. No row comes back when
# the stored response is closed, or has this step or a later one. A finish closes it whatever its
# step: it is the person's last word, also after going back in the browser. One that was settled
# unfinished may still be finished while it stands in no batch, so in no figure that was seen. Where
# the questionnaire changed meanwhile it goes on with another one, but a form that counts is not
# given up for one that does not yet. An open form waits only where it was settled just before this
# step: it counted, so its day must be counted again without it.
UPSERT = f"""
INSERT INTO surveys_response (
    office_id, id, procedure_id, counter_id, instrument_id, channel, stage, respondent, state, step,
    answers, valid, day, received_on, hour, language, flags, simulated, arrival, evidence, delivery
) VALUES (
    %(office)s, %(id)s, %(procedure)s, %(counter)s, %(instrument)s, %(channel)s, %(stage)s,
    %(respondent)s, %(state)s, %(kept)s, %(answers)s, %(valid)s, %(day)s, %(received_on)s,
    %(hour)s, %(language)s, %(flags)s, false,
    CASE WHEN %(state)s = 1 THEN {Waiting.AS_IT_CAME} END, %(evidence)s, %(delivery)s
)
ON CONFLICT (office_id, id) DO UPDATE SET
    procedure_id = excluded.procedure_id, counter_id = excluded.counter_id,
    instrument_id = excluded.instrument_id,
    channel = excluded.channel, labels = NULL, stage = excluded.stage,
    respondent = excluded.respondent, state = excluded.state,
    step = excluded.step,
    answers = excluded.answers, valid = excluded.valid, received_on = excluded.received_on,
    day = CASE WHEN surveys_response.day < %(kept_since)s THEN excluded.day
        ELSE surveys_response.day END,
    hour = excluded.hour, language = excluded.language, flags = excluded.flags,
    evidence = excluded.evidence, delivery = excluded.delivery,
    arrival = CASE WHEN surveys_response.state = 2 AND excluded.state = 0
        THEN surveys_response.arrival ELSE excluded.arrival END
WHERE (surveys_response.state = 0 OR surveys_response.state = 2 AND surveys_response.batch IS NULL)
  AND (excluded.state = 1 OR {KEPT_STEP} > {LAST_STEP} OR {KEPT_STEP} < %(step)s)
  AND (surveys_response.instrument_id = excluded.instrument_id
       OR excluded.state = 1 OR excluded.valid OR NOT surveys_response.valid)
RETURNING day, state = 0 AND arrival IS NOT NULL, xmax = 0
"""  # noqa: S608 - constants of ours

STANDING = """
SELECT day, state, step, answers, labels, instrument_id, procedure_id, stage, respondent
FROM surveys_response WHERE office_id = %s AND id = %s
"""

# The text that stands there comes back, ours or an earlier one that is never overwritten; xmax is
# 0 for a row that was not there before.
REMARK = """
INSERT INTO surveys_remark (office_id, response_id, day, text, receipt, state, simulated)
VALUES (%s, %s, %s, %s, %s, 0, false)
ON CONFLICT (office_id, response_id) DO UPDATE SET text = surveys_remark.text
RETURNING text, key, xmax = 0
"""

STANDING_REMARK = """
SELECT text, key FROM surveys_remark WHERE office_id = %s AND response_id = %s
"""


def submit(submission: Submission, now: datetime | None = None) -> Receipt:
    """Stores one sending; sending it again is the same response and succeeds again.

    A response is stored at its first answer and enriched by later steps; an older step that
    arrives late changes nothing; a finished response is closed, and a different second finish is
    refused. Raises Refused; then nothing of the submission was stored.
    """
    moment = timezone.localtime(now)
    today = moment.date()
    day = submission.day or today
    sent = clean_text(submission.remark)
    _check(submission, day, today, sent)
    # From here on nobody knows what was hidden; a repeat is compared with what is kept.
    masked = mask(sent) if submission.finished else mask("")
    code = submission.receipt or receipt_code(submission.id)
    not_asked = submission.instrument.not_asked(submission.stage, day)
    packed = pack(submission.instrument, submission.answers, not_asked)
    valid = submission.instrument.enough(packed)
    counts = submission.finished or (valid and submission.instrument.overall_alone)
    judged = _judged(submission, packed, moment) if counts else None
    values: dict[str, Value] = {
        "office": submission.office.id,
        "id": submission.id,
        "procedure": submission.procedure.id if submission.procedure else None,
        "counter": submission.counter.id if submission.counter else None,
        "instrument": submission.instrument.id,
        "channel": submission.channel.value,
        "stage": submission.stage.value,
        "respondent": submission.respondent.value,
        "state": (State.FINISHED if submission.finished else State.OPEN).value,
        "step": submission.step,
        "kept": 0 if submission.finished else blinded(submission.step, submission.id),
        "blind": blind_of(submission.id),
        "answers": packed,
        "valid": valid,
        "day": day,
        "received_on": today,
        "kept_since": today - KEEPS_ITS_DAY,
        "hour": moment.hour,
        "language": submission.language,
        "flags": judging.judge(judged).value if judged else 0,
        "evidence": (submission.evidence or submission.channel.evidence).value,
        "delivery": submission.delivery.value,
    }
    if not submission.finished and not _has_place(submission, today):
        return Receipt(code, Outcome.STORED)
    until: date | None = None
    is_begun, shown = False, masked.text
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(UPSERT, values)
        written = cursor.fetchone()
        if written is None:
            outcome, day = _compare(submission, packed, values)
        else:
            outcome, (day, goes_on, is_begun) = Outcome.STORED, written
            if submission.finished or goes_on:
                Mark.objects.create(office_id=submission.office.id, day=day)
        # Others may hold the link of an invitation. A remark that came with a repeat would be kept
        # only for the answers that stand there, so its receipt would tell whoever guesses them.
        place = (submission.office.id, submission.id)
        if masked.text and (outcome is Outcome.STORED or not submission.receipt):
            cursor.execute(REMARK, [*place, day, masked.text, keyed(code)])
            kept, key, is_new = cursor.fetchone()
            # one that its writer had erased is empty, and stays so
            if kept and kept != masked.text:
                raise SubmissionNotTaken(NotTakenReason.FROZEN)
            shown = kept
            # not with a repeat: the person may have withdrawn it meanwhile
            if submission.contact and is_new:
                until = contacts.keep(submission.office.id, key, submission.contact, moment)
            elif not is_new:
                until = contacts.kept_until(key)
        elif submission.finished and outcome is Outcome.REPEATED and not submission.receipt:
            # emptied after going back: what was said first stands, and so does its code
            cursor.execute(STANDING_REMARK, place)
            standing = cursor.fetchone()
            if standing:
                shown, until = standing[0], contacts.kept_until(standing[1])
    if judged and outcome is Outcome.STORED and (judged.finished or is_begun):
        judging.remember(judged)
    hidden = masked.hidden if shown else frozenset()
    return Receipt(code, outcome, shown, hidden, until)


def _has_place(submission: Submission, today: date) -> bool:
    """Whether something unfinished is kept; its sender is answered as usual and loses nothing.

    What never began with us is not, nor open forms when far more are there than people can have
    begun (`surveys.intake.ceiling`): the page carries everything to the finish, which is always
    taken. A link is of one response and a tablet was consented to: neither is bounded.
    """
    if submission.started is False:
        return False
    if submission.receipt or submission.channel is Channel.TABLET:
        return True
    return ceiling.has_room(submission.office.id, today) or _is_there(submission)


def _is_there(submission: Submission) -> bool:
    """Whether the response was kept before: what goes on is always kept."""
    known = Response.objects.filter(office=submission.office.id, id=submission.id)
    return known.exists()


def _judged(submission: Submission, packed: bytes, moment: datetime) -> FinishedForm:
    """The form as its judges see it."""
    return FinishedForm(
        office_id=submission.office.id,
        counter_id=submission.counter.id if submission.counter else None,
        channel=submission.channel,
        instrument_id=submission.instrument.id,
        packed=packed,
        levels=submission.instrument.levels(packed),
        seconds=submission.seconds,
        assisted=submission.assisted,
        kept_back=submission.day is not None,
        clock_was_wrong=submission.clock_was_wrong,
        suspicious=submission.suspicious,
        surge=submission.surge,
        started=submission.started,
        moment=moment,
        open_spans=submission.office.open_spans(moment.date()),
        finished=submission.finished,
    )


def _check(submission: Submission, day: date, today: date, remark: str) -> None:
    """Raises Refused for what can be judged without the database."""
    if day > today:
        raise SubmissionNotTaken(NotTakenReason.WRONG_DAY)
    if not submission.office.is_open_on(day):
        raise SubmissionNotTaken(NotTakenReason.ENDED_OFFICE)
    if not (submission.instrument.offered or submission.any_version):
        raise SubmissionNotTaken(NotTakenReason.OLD_INSTRUMENT)
    procedure = submission.procedure
    if procedure is not None and submission.office.level not in procedure.levels:
        raise SubmissionNotTaken(NotTakenReason.FOREIGN_PROCEDURE)
    if not 1 <= submission.step <= LAST_STEP:
        raise SubmissionNotTaken(NotTakenReason.WRONG_STEP)
    if len(remark) > LONGEST_REMARK:
        raise SubmissionNotTaken(NotTakenReason.LONG_REMARK)


def _compare(
    submission: Submission, packed: bytes, values: Mapping[str, Value]
) -> tuple[Outcome, date]:
    """What a sending that wrote nothing was, and the day of what stands there.

    A repeat, an older step, or a refused change. A finish that says something else is refused
    whatever its step: its sender must not be thanked for answers that count nowhere. What comes
    unfinished after the finish is older, whatever its step: the finish was the last word.
    """
    with connection.cursor() as cursor:
        cursor.execute(STANDING, [submission.office.id, submission.id])
        day, state, kept, answers, folded, instrument, *said = cursor.fetchone()
    asked = [values[name] for name in ("instrument", "procedure", "stage", "respondent")]
    if folded is not None:
        said = list(about(submission.office.id, submission.id))
    same = bytes(answers) == packed and [instrument, *said] == asked
    step = step_of(kept, submission.id)
    if same and (state != State.OPEN or step == submission.step):
        return Outcome.REPEATED, day
    is_changing = state == State.SETTLED and instrument != values["instrument"]
    overtaken = submission.step <= step or state != State.SETTLED or is_changing
    if not submission.finished and overtaken:
        return Outcome.OLDER, day
    raise SubmissionNotTaken(NotTakenReason.FROZEN)
