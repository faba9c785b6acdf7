"""Takes what devices deliver, in their order; each answer once, however often it comes."""

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import Enum

from django.db import transaction
from django.utils import timezone

from offices import directory
from offices.directory import OfficeEntry
from surveys.devices.delivery import sessions
from surveys.devices.delivery.clock import PHONE_DAYS, Proof, answered, believed
from surveys.devices.delivery.record import Record, read_record
from surveys.devices.delivery.sealing import Unreadable, unseal
from surveys.devices.delivery.signatures import is_signed
from surveys.devices.tablets import tablet_of
from surveys.intake import starts
from surveys.intake.limits import is_surge
from surveys.intake.submit import (
    NotTakenReason,
    Outcome,
    Receipt,
    Submission,
    SubmissionNotTaken,
    submit,
)
from surveys.invitations.token import Invitation, read
from surveys.models import Channel, Delivery, Evidence, Tablet
from surveys.questionnaires import catalogue
from surveys.questionnaires.catalogue import InstrumentEntry
from surveys.remarks.masking import MaskedKind
from surveys.remarks.receipts import receipt_code

AT_ONCE = 50  # records in one delivery
MOST_IN_A_FILE = 20_000
# Anyone who holds a link must learn neither whether it was used nor, by guessing, with which
# answers, so every delivery under it is told the same (surveys.citizen.survey does likewise).
TOLD_OF_INVITATIONS = Outcome.STORED


class Trouble(Enum):
    """Why a record was not taken, beside the reasons of the intake."""

    UNREADABLE = "unreadable"
    UNKNOWN_OFFICE = "unknown_office"
    UNKNOWN_FORM = "unknown_form"
    UNKNOWN_TABLET = "unknown_tablet"
    REVOKED = "revoked"
    UNSIGNED = "unsigned"
    OTHER_OFFICE = "other_office"
    INVITATION_ENDED = "invitation_ended"


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of one record: an outcome and how it came, or why it was refused."""

    outcome: Outcome | None
    reason: NotTakenReason | Trouble | None = None
    arrival: Delivery | None = None
    # What was hidden in the remark, by names of its kinds, in their order.
    masked: tuple[str, ...] = ()

    def as_json(self) -> dict[str, str | list[str]]:
        """What the device is told."""
        if self.outcome is not None:
            masked = {"masked": list(self.masked)} if self.masked else {}
            return {"outcome": self.outcome.value, **masked}
        return {"outcome": "refused", "reason": self.reason.value if self.reason else ""}


@dataclass(frozen=True, slots=True)
class Bearer:
    """Who brings records: a device by itself, or an official of `office` with a file.

    sent: milliseconds since 1970 by the device's clock when it sent; None for a file.
    """

    sent: int | None
    office: int | None = None

    @property
    def is_file(self) -> bool:
        """Whether an official brings a file."""
        return self.office is not None


class _Refused(Exception):
    def __init__(self, reason: Trouble) -> None:
        super().__init__(reason.value)
        self.reason = reason


def deliver(sealed: object, bearer: Bearer, now: datetime | None = None) -> Verdict:
    """Opens one envelope and stores what is in it. Bad content is a verdict, never an error."""
    moment = timezone.localtime(now)
    submission = None
    try:
        submission = _submission(read_record(unseal(sealed)), bearer, moment)
        receipt = submit(submission, moment)
        told = TOLD_OF_INVITATIONS if submission.receipt else receipt.outcome
        return Verdict(told, arrival=submission.delivery, masked=_masked(submission, receipt))
    except Unreadable:
        return Verdict(None, Trouble.UNREADABLE)
    except _Refused as refused:
        return Verdict(None, refused.reason)
    except SubmissionNotTaken as refused:
        if (
            refused.reason is NotTakenReason.FROZEN
            and submission is not None
            and submission.receipt
        ):
            return Verdict(TOLD_OF_INVITATIONS)
        return Verdict(None, refused.reason)


def _masked(submission: Submission, receipt: Receipt) -> tuple[str, ...]:
    """What a tablet is told that its thanks may still say: of what it brought just now, once.

    Nobody else learns it: whoever got hold of an envelope could send it to hear what is in it.
    """
    by_tablet = submission.channel is Channel.TABLET and submission.delivery is Delivery.AT_ONCE
    if not by_tablet or receipt.outcome is not Outcome.STORED:
        return ()
    return tuple(kind.name.lower() for kind in MaskedKind if kind in receipt.hidden)


@dataclass(frozen=True, slots=True)
class Imported:
    """How many records of a file came to which verdict, by the words of `Verdict.as_json`."""

    counts: Counter[str]

    @property
    def taken(self) -> int:
        """Those that count now or counted before."""
        return sum(self.counts[outcome.value] for outcome in Outcome)

    @property
    def refused(self) -> int:
        """Those that were not taken."""
        return self.counts.total() - self.taken


def read_file(content: bytes) -> Sequence[object]:
    """The envelopes in an exported file. Raises Unreadable where it is none."""
    try:
        file = json.loads(content)
    except (ValueError, RecursionError):
        raise Unreadable from None
    if not isinstance(file, dict) or file.get("hailong") != "outbox" or file.get("v") != 1:
        raise Unreadable
    records = file.get("records")
    if not isinstance(records, list) or len(records) > MOST_IN_A_FILE:
        raise Unreadable
    return records


def import_file(content: bytes, office: int, now: datetime | None = None) -> Imported:
    """Stores the records of an exported file that belong to `office`, all or none of them.

    Raises Unreadable where it is no such file. The same file again changes nothing.
    """
    records = read_file(content)
    bearer = Bearer(sent=None, office=office)
    counts: Counter[str] = Counter()
    with transaction.atomic():
        for sealed in records:
            verdict = deliver(sealed, bearer, now).as_json()
            counts[str(verdict.get("reason", verdict["outcome"]))] += 1
    return Imported(counts)


def _submission(record: Record, bearer: Bearer, now: datetime) -> Submission:
    tablet = _tablet(record, bearer)
    office = _office(record, tablet)
    if bearer.is_file and office.id != bearer.office:
        raise _Refused(Trouble.OTHER_OFFICE)
    instrument = _instrument(record, tablet)
    earliest = max(office.valid_from, (tablet and tablet.paired_on) or date.min)
    when = answered(record.at, bearer.sent, now, earliest)
    counts = believed(when, now.date(), _proof(record, office, tablet, now))
    _check_revoked(record, tablet, counts.day or now.date())
    number = record.counter
    counter = next(
        (
            c
            for c in office.counters
            if (c.id == tablet.counter_id if tablet else c.number == number)
        ),
        None,
    )
    # the day on which it was offered, not the day on which it arrives
    procedure = next(
        (p for p in directory.current().procedures(office, when.day) if p.code == record.procedure),
        None,
    )
    submission = Submission(
        id=record.id,
        office=office,
        instrument=instrument,
        answers=record.answers,
        step=record.step,
        finished=record.finished,
        channel=Channel.TABLET if tablet else record.channel,
        language=record.language,
        procedure=procedure,
        counter=counter,
        stage=record.stage,
        respondent=record.respondent,
        remark=record.remark if record.finished else "",
        day=counts.day,
        seconds=record.took,
        assisted=record.helped,
        any_version=True,
        clock_was_wrong=when.skewed,
        evidence=Evidence.TABLET if tablet else Evidence.OPEN,
        started=_started(record, office, tablet),
        delivery=_delivery(bearer, counts.day, now),
        surge=record.finished and _is_surge(office, tablet, bearer, when.day),
    )
    return submission if tablet else _invited(submission, record.invitation)


def _proof(
    record: Record, office: OfficeEntry, tablet: Tablet | None, now: datetime
) -> Proof | None:
    """Between which days the record was made, by its own credential, whoever brings it."""
    if tablet is not None:
        return sessions.proof_of(tablet, record.session, now.date())
    start = starts.begun(record.start, office.id, record.id)
    return Proof(timezone.localdate(start), now.date(), PHONE_DAYS) if start else None


def _check_revoked(record: Record, tablet: Tablet | None, day: date) -> None:
    """Raises _Refused for what a revoked tablet did not have by then, as its session proves."""
    if tablet is None or tablet.revoked_on is None:
        return
    # whatever was made after a later session counts on a later day
    if sessions.session_day(record.session, tablet) is None or day > tablet.revoked_on:
        raise _Refused(Trouble.REVOKED)


def _is_surge(office: OfficeEntry, tablet: Tablet | None, bearer: Bearer, day: date | None) -> bool:
    """Whether a finished form is one of a flood.

    What waited on a tablet, or comes in a file, comes in heaps. A phone has one or two; who says
    that hundreds waited on phones is counted like everybody.
    """
    if bearer.is_file or (tablet is not None and day is not None):
        return False
    return is_surge(office.id, tablet.pk if tablet else None)


def _delivery(bearer: Bearer, day: date | None, now: datetime) -> Delivery:
    """day: on which it counts; None for the one on which it came."""
    if bearer.is_file:
        return Delivery.BY_FILE
    return Delivery.LATE if day is not None and day < now.date() else Delivery.AT_ONCE


def _started(record: Record, office: OfficeEntry, tablet: Tablet | None) -> bool | None:
    """Whether a phone's record began with us; a tablet and a link have credentials of their own.

    What is unfinished is kept without one, while there is room (`surveys.intake.ceiling`): a device
    forgets it once it was answered.
    """
    if tablet is not None or record.invitation or not record.finished:
        return None
    return starts.begun(record.start, office.id, record.id) is not None


def _invited(submission: Submission, token: str) -> Submission:
    """The same as its invitation says it. Raises _Refused where that has ended, or is none.

    Under another id it might be counted a second time; the device keeps it and says so.
    """
    if not token:
        return submission
    invitation = read(token, begun=True)
    office = submission.office
    if not isinstance(invitation, Invitation) or invitation.office_id != office.id:
        raise _Refused(Trouble.INVITATION_ENDED)
    known = directory.current().procedure(office, invitation.procedure)
    return replace(
        submission,
        id=invitation.response_id,
        channel=invitation.channel,
        stage=invitation.stage,
        procedure=known or submission.procedure,
        counter=None,
        receipt=receipt_code(submission.id),
        evidence=invitation.evidence,
    )


def _tablet(record: Record, bearer: Bearer) -> Tablet | None:
    """The tablet that speaks, None for a phone. A revoked one is heard only through an official."""
    if record.channel is not Channel.TABLET:
        return None
    tablet = tablet_of(record.tablet)
    if tablet is None:
        raise _Refused(Trouble.UNKNOWN_TABLET)
    if tablet.revoked_on is not None and not bearer.is_file:
        raise _Refused(Trouble.REVOKED)
    point = tablet.public_key
    if point is not None and not is_signed(record.said, record.signature, bytes(point)):
        raise _Refused(Trouble.UNSIGNED)
    return tablet


def _office(record: Record, tablet: Tablet | None) -> OfficeEntry:
    known = directory.current()
    office = (
        known.offices_by_id.get(tablet.office_id) if tablet else known.once_called(record.office)
    )
    if office is None:
        raise _Refused(Trouble.UNKNOWN_OFFICE)
    return office


def _instrument(record: Record, tablet: Tablet | None) -> InstrumentEntry:
    """The questionnaire in the version that was answered, also when a newer one is asked today."""
    exact = catalogue.current().instrument(record.form, record.version)
    if exact is None:
        raise _Refused(Trouble.UNKNOWN_FORM)
    # a form that was never offered is not opened by asking for it
    by_tablet = tablet is not None and tablet.form == exact.slug
    if not (exact.offered or exact.was_offered or by_tablet):
        raise _Refused(Trouble.UNKNOWN_FORM)
    return exact


def as_sent(records: Sequence[object], sent: int, now: datetime | None = None) -> list[Verdict]:
    """The verdicts on a delivery, in its order; at most AT_ONCE records."""
    bearer = Bearer(sent=sent)
    return [deliver(sealed, bearer, now) for sealed in records[:AT_ONCE]]
