"""A filled-in sheet as it travels: everything a citizen has said so far is in the page itself.

There is no session and no cookie; each sending carries all answers, and the response's id stands
in a hidden field, never in an address.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from uuid import UUID, uuid4

from django.core.signing import BadSignature, Signer
from django.http import QueryDict
from django.utils import timezone

from offices import directory
from offices.directory import CounterEntry, OfficeEntry
from surveys.citizen.forms import pages_of
from surveys.intake import starts
from surveys.intake.blinding import LAST_STEP
from surveys.invitations import token
from surveys.invitations.token import Expired, Forged, Invitation, Read
from surveys.models import Stage
from surveys.questionnaires import catalogue
from surveys.questionnaires.catalogue import InstrumentEntry, ItemEntry
from surveys.remarks.text import clean_text

# A signature and a number of milliseconds; what is longer was not made here.
LONGEST_START = 80
# The last page's own questions.
ABOUT = ("procedure", "stage", "respondent", "helped", "remark", "wants_reply", "contact")
# How far the dossier is, as a link says it in `gd`.
STAGES = {"da-nhan": Stage.RECEIVED, "tu-choi": Stage.REFUSED, "dang-cho": Stage.WAITING}
# A field that no person sees; who fills it in is a machine.
TRAP = "website"


@dataclass
class Sheet:
    """What one person has filled in. `answers` and `about` are texts, as they were sent.

    page: the page that was sent, or is to be shown; step: how often the sheet has been sent;
    start: when the first page was shown, signed together with the id; empty where nobody knows.
    trapped: the field that no person sees was filled in.
    """

    office: OfficeEntry
    instrument: InstrumentEntry
    id: UUID = field(default_factory=uuid4)
    step: int = 0
    page: int = 0
    counter: CounterEntry | None = None
    answers: dict[str, str] = field(default_factory=dict)
    about: dict[str, str] = field(default_factory=dict)
    outdated: bool = False
    start: str = ""
    trapped: bool = False
    invitation: Invitation | None = None
    # What became of an invitation that was sent but is none, or none any more.
    spoilt: Expired | Forged | None = None

    @property
    def response_id(self) -> UUID:
        """Whose answers these are. An invitation says it itself, and no page ever does.

        `id` then stands for this visit only: start and receipt are made of it. They would
        otherwise tell whoever opened the link once, and kept what the page said, which response in
        the tables came from it.
        """
        return self.invitation.response_id if self.invitation else self.id

    @property
    def told(self) -> frozenset[str]:
        """Which questions of the last page the invitation answers."""
        if self.invitation is None:
            return frozenset()
        code = self.invitation.procedure
        known = code and directory.current().procedure(self.office, code)
        return frozenset({"procedure", "stage"} if known else {"stage"})

    @property
    def last_page(self) -> int:
        """The number of the page about the dossier, which comes after all others."""
        return len(pages_of(self.instrument))

    @property
    def is_blank(self) -> bool:
        """Whether no question has an answer yet."""
        return not any(self.answers.values())

    def begin(self) -> None:
        """Notes, signed, that the page is shown now for this visit."""
        self.start = start_of(self.office.id, self.id)

    def seconds(self) -> float | None:
        """How long ago the first page was shown; None if the start is missing or forged."""
        began = starts.begun(self.start, self.office.id, self.id) or _former(self.start, self.id)
        return None if began is None else (timezone.now() - began).total_seconds()

    @property
    def is_suspicious(self) -> bool:
        """Whether a machine seems to have filled it in: the trap, or a start made up."""
        seconds = self.seconds()
        return self.trapped or (bool(self.start) and (seconds is None or seconds < -60))

    def bytes_of_answers(self) -> dict[str, int]:
        """The answers as bytes by item code. What is no number at all becomes 255, never valid."""
        return {
            code: int(text) if text.isascii() and text.isdecimal() and len(text) < 3 else 255
            for code, text in self.answers.items()
            if text
        }

    def items_of_page(self) -> tuple[ItemEntry, ...]:
        """The questions of the page; the last one has none of the questionnaire's."""
        on_last = self.page == self.last_page
        return () if on_last else pages_of(self.instrument)[self.page].items

    def carried(self) -> list[tuple[str, str]]:
        """What the page must carry in hidden fields: all that the shown page does not ask."""
        on_last = self.page == self.last_page
        shown = set(ABOUT) if on_last else {item.code for item in self.items_of_page()}
        state = [
            ("form", f"{self.instrument.slug}.{self.instrument.version}"),
            ("id", str(self.id)),
            ("step", str(self.step)),
            ("page", str(self.page)),
        ]
        if self.start:
            state.append(("start", self.start))
        if self.counter:
            state.append(("counter", str(self.counter.number)))
        if self.trapped:
            state.append((TRAP, "1"))
        if self.invitation:
            state.append(("invitation", self.invitation.token))
        shown |= self.told
        filled = [*self.answers.items(), *self.about.items()]
        return state + [(name, text) for name, text in filled if text and name not in shown]


def _former(start: str, visit: UUID) -> datetime | None:
    """The start on a page that the version before has made and somebody still looks at."""
    try:
        began = Signer(salt=f"surveys.start.{visit}").unsign(start)
    except BadSignature:
        return None
    return datetime.fromtimestamp(int(began) / 1000, tz=UTC)


def start_of(office_id: int, visit: UUID) -> str:
    """This moment, signed for this visit of an office alone."""
    return starts.make(office_id, visit, timezone.now())


def invite(sheet: Sheet, read: Read) -> None:
    """Lets an invitation answer what it answers, whatever else was sent."""
    if not isinstance(read, Invitation):
        sheet.spoilt = read
    elif read.office_id != sheet.office.id:
        sheet.spoilt = Forged()
    else:
        sheet.invitation = read
        sheet.counter = None
        given = {"procedure": read.procedure, "stage": str(read.stage.value)}
        sheet.about |= {name: given[name] for name in sheet.told}


def new_sheet(office: OfficeEntry, instrument: InstrumentEntry, asked: QueryDict) -> Sheet:
    """An empty sheet.

    The address may name the counter (`quay`), the procedure (`thu-tuc`) and the stage (`gd`).
    """
    sheet = Sheet(office, instrument, counter=_counter(office, asked.get("quay", "")))
    sheet.begin()
    procedure = asked.get("thu-tuc")
    if procedure:
        sheet.about["procedure"] = procedure
    stage = STAGES.get(asked.get("gd", ""))
    if stage is not None:
        sheet.about["stage"] = str(stage.value)
    return sheet


def read_sheet(office: OfficeEntry, instrument: InstrumentEntry, sent: QueryDict) -> Sheet:
    """The sheet that was sent. What is malformed is put right or left out, never an error here.

    instrument: what the address stands for today. What was begun is finished on the questionnaire
    it was begun on, as long as that is offered. Of another version of it the answers stay; under
    another questionnaire the same codes ask for other things, so what was said counts as it is, and
    a new response begins.
    """
    exact = catalogue.current().exact(sent.get("form", ""))
    usable = exact is not None and exact.offered
    chosen = exact if usable and exact is not None else instrument
    sheet = Sheet(
        office,
        chosen,
        id=_uuid(sent.get("id", "")),
        step=_number(sent.get("step", ""), LAST_STEP - 1),
        counter=_counter(office, sent.get("counter", "")),
        answers={item.code: sent.get(item.code, "").strip() for item in chosen.items},
        about={name: sent.get(name, "") for name in ABOUT},
        outdated=not usable,
        start=sent.get("start", "")[:LONGEST_START],
        trapped=any(sent.getlist(TRAP)),
    )
    slug = sent.get("form", "").rpartition(".")[0]
    if slug and slug != chosen.slug:
        sheet.id, sheet.answers = uuid4(), {}
        sheet.begin()
    sheet.about["remark"] = clean_text(sheet.about["remark"])
    # what is asked anew is looked through from its first page on
    sheet.page = 0 if sheet.outdated else min(_number(sent.get("page", ""), 99), sheet.last_page)
    invitation = sent.get("invitation")
    if invitation:
        invite(sheet, token.read(invitation, begun=True))
    return sheet


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        return uuid4()


def _number(text: str, most: int) -> int:
    if not (text.isascii() and text.isdecimal()) or len(text) > 6:
        return 0
    return min(int(text), most)


def _counter(office: OfficeEntry, text: str) -> CounterEntry | None:
    return next((c for c in office.counters if str(c.number) == text), None)


def errors_by_page(sheet: Sheet, answers: Mapping[str, int]) -> int | None:
    """The first page with an answer that its question does not have; None when all are right."""
    wrong = {
        item.code for item in sheet.instrument.items if not item.accepts(answers.get(item.code, 0))
    }
    for number, page in enumerate(pages_of(sheet.instrument)):
        if any(item.code in wrong for item in page.items):
            return number
    return None
