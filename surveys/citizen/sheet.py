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
from surveys.questionnaires.catalogue import GIVEN, InstrumentEntry, ItemEntry
from surveys.questionnaires.questionnaire import LOW
from surveys.remarks.text import clean_text

# A signature and a number of milliseconds; what is longer was not made here.
LONGEST_START = 80
# The last page's own questions.
ABOUT = ("procedure", "stage", "respondent", "helped", "remark", "wants_reply", "contact")
# How far the dossier is, as a link says it in `gd`.
STAGES = {"da-nhan": Stage.RECEIVED, "tu-choi": Stage.REFUSED, "dang-cho": Stage.WAITING}
# Where the stage is said before the last page: on the first page, or by the link.
STAGE_BY = "stage_by"
BY_PAGE, BY_LINK = "page", "link"
# That the link said one waits, so no page about the result has been shown.
PASSED = "passed"
LOW_TEXTS = frozenset(map(str, LOW))
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
    # BY_PAGE, BY_LINK, or empty: then the last page asks for the stage.
    stage_by: str = ""
    # The page that was sent says that no page about the result has been shown.
    passed: bool = False

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
    def is_stage_first(self) -> bool:
        """Whether its questionnaire asks for the stage before it asks about the result."""
        return self.instrument.asks_stage_first(timezone.localdate())

    @property
    def asks_stage_here(self) -> bool:
        """Whether the page asks for the stage: it is the first, and nobody else has said it."""
        is_said = "stage" in self.told or self.stage_by == BY_LINK
        return self.page == 0 and self.is_stage_first and not is_said

    @property
    def left_out(self) -> frozenset[str]:
        """Which questions of the last page it does not ask."""
        asked_before = self.is_stage_first and self.stage_by == BY_PAGE
        return self.told | ({"stage"} if asked_before else frozenset())

    @property
    def stage(self) -> Stage:
        """How far the dossier is, as was said last."""
        stages = {str(stage.value): stage for stage in Stage}
        return stages.get(self.about.get("stage", ""), Stage.UNKNOWN)

    @property
    def not_asked(self) -> frozenset[str]:
        """The codes of the questions that its stage leaves out."""
        return self.instrument.not_asked(self.stage, timezone.localdate())

    @property
    def in_other_words(self) -> frozenset[str]:
        """The codes of the questions that have words of their own for whoever was refused."""
        if self.stage is not Stage.REFUSED or not self.is_stage_first:
            return frozenset()
        return frozenset(item.code for item in self.instrument.items if item.if_refused)

    @property
    def asked_pages(self) -> list[int]:
        """The numbers of the pages with a question to ask; the last page comes after them."""
        left_out = self.not_asked
        return [
            number
            for number, page in enumerate(pages_of(self.instrument))
            if any(item.code not in left_out for item in page.items)
        ]

    @property
    def page_after(self) -> int:
        """The number of the next page that asks something."""
        later = (number for number in self.asked_pages if number > self.page)
        return next(later, self.last_page)

    @property
    def misses_result(self) -> bool:
        """Whether the last page says, against the link, that the result is there after all.

        Nobody has been asked about it then: its page is still to be shown.
        """
        puts_right = self.page == self.last_page and self.stage_by == BY_LINK and self.passed
        return puts_right and not self.not_asked and not self._says_of_result

    @property
    def _of_result(self) -> frozenset[str]:
        return self.instrument.not_asked(Stage.WAITING, timezone.localdate())

    @property
    def _says_of_result(self) -> bool:
        return any(self.answers.get(code) for code in self._of_result)

    def turn_to_result(self) -> None:
        """Goes to the first page about the result; the stage has been said from then on."""
        of_result = self._of_result
        pages = enumerate(pages_of(self.instrument))
        self.page = next(n for n, page in pages if any(i.code in of_result for i in page.items))
        self.stage_by = BY_PAGE

    @property
    def page_before(self) -> int:
        """The number of the page before that asks something; of the first its own."""
        return max((number for number in self.asked_pages if number < self.page), default=0)

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
        """The answers to what is asked, as bytes by item code; what is no number becomes 255.

        That is never valid.
        """
        left_out = self.not_asked
        return {
            code: int(text) if text.isascii() and text.isdecimal() and len(text) < 3 else 255
            for code, text in self.answers.items()
            if text and code not in left_out
        }

    def items_of_page(self) -> tuple[ItemEntry, ...]:
        """The questions of the page; the last one has none of the questionnaire's."""
        if self.page == self.last_page:
            return ()
        left_out = self.not_asked
        items = pages_of(self.instrument)[self.page].items
        return tuple(item for item in items if item.code not in left_out)

    def codes_of_page(self) -> set[str]:
        """The codes of what the page asks: its questions, and the reasons below them."""
        codes = {item.code for item in self.items_of_page()}
        reasons = self.instrument.reasons
        return codes | {reason.code for code in codes for reason in reasons.get(code, ())}

    def carried(self) -> list[tuple[str, str]]:
        """What the page must carry in hidden fields: all that the shown page does not ask."""
        on_last = self.page == self.last_page
        shown = self.codes_of_page()
        if on_last:
            shown |= set(ABOUT) - self.left_out
        elif self.asks_stage_here:
            shown.add("stage")
        state = [
            ("form", f"{self.instrument.slug}.{self.instrument.version}"),
            ("id", str(self.id)),
            ("step", str(self.step)),
            ("page", str(self.page)),
        ]
        stage_by = BY_PAGE if self.asks_stage_here else self.stage_by
        if stage_by:
            state.append((STAGE_BY, stage_by))
        if stage_by == BY_LINK and (self.passed or (on_last and self.not_asked)):
            state.append((PASSED, "1"))
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
        sheet.stage_by = BY_LINK
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
        answers=answers_in(sent, chosen),
        about={name: sent.get(name, "") for name in ABOUT},
        outdated=not usable,
        start=sent.get("start", "")[:LONGEST_START],
        trapped=any(sent.getlist(TRAP)),
        stage_by=stage_by(sent),
        passed=bool(sent.get(PASSED)),
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


def stage_by(sent: QueryDict) -> str:
    """Where the stage was said, as the page carries it."""
    said = sent.get(STAGE_BY, "")
    return said if said in (BY_PAGE, BY_LINK) else ""


def answers_in(sent: QueryDict, instrument: InstrumentEntry) -> dict[str, str]:
    """What was answered, by item; reasons where the answer to their criterion is a low one."""
    answers = {item.code: sent.get(item.code, "").strip() for item in instrument.items}
    for code, reasons in instrument.reasons.items():
        for reason in reasons:
            given = answers[code] in LOW_TEXTS and answers[reason.code] == str(GIVEN)
            answers[reason.code] = str(GIVEN) if given else ""
    return answers


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
