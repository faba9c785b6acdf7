"""A questionnaire's way into use: brought as a file, looked at, put live by two persons, retired.

    draft = bring(content, "phieu.yaml", lan)          # raises BadFile, with every mistake
    propose_live(draft, lan, "Công văn 12 …")          # minh approves under /cho-duyet/

What goes live is the very text that was looked at: its hash stands in the proposal.
"""

import hashlib
from collections.abc import Mapping
from typing import Any, NoReturn, Protocol

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext, gettext_lazy

from audit.recording import record
from offices.giving import acting_as
from offices.models import AdministrativeUnit, User
from offices.proposals import CannotCarryOut, Kind, NotProposed, Preview, propose, register
from offices.rights import Action, Level
from surveys.models import Instrument, QuestionnaireDraft
from surveys.questionnaires.entry import WHOLE_FILE, Mistake, bad_file, told
from surveys.questionnaires.load import AnsweredInstrument, StillAsked, put_live, retire
from surveys.questionnaires.questionnaire import Questionnaire, Status
from surveys.questionnaires.reader import parse

MOST_BYTES = 256 * 1024
KIND = "questionnaire"
LIVE, RETIRE = "live", "retire"
State = QuestionnaireDraft.State


class Proposed(Protocol):
    """What is needed of a proposal."""

    @property
    def payload(self) -> Any: ...  # Any: JSON


def bring(content: bytes, file_name: str, by: User) -> QuestionnaireDraft:
    """The draft of a file. Raises BadFile with all that is wrong; then nothing is stored.

    Another draft of the same version that never went live is replaced by it.
    """
    name = file_name[:200]
    if len(content) > MOST_BYTES:
        _refuse(name, told("the file is too large"), told("Give at most 256 KB."))
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        _refuse(name, told("the file is not UTF-8"), told("Save it as UTF-8."))
    questionnaire = parse(text, name)
    try:
        return _stored(questionnaire, text, name, by)
    except IntegrityError:
        _refuse(
            name,
            told("somebody brought the same version at this moment"),
            told("Look at theirs, and bring yours once more if it shall replace it."),
        )


@transaction.atomic
def _stored(questionnaire: Questionnaire, text: str, name: str, by: User) -> QuestionnaireDraft:
    _check_new(questionnaire, name)
    same = QuestionnaireDraft.objects.filter(
        slug=questionnaire.slug, version=questionnaire.version, state=State.DRAFT
    )
    same.update(state=State.REPLACED)
    draft = QuestionnaireDraft.objects.create(
        slug=questionnaire.slug,
        version=questionnaire.version,
        title=questionnaire.title,
        file_name=name,
        text=text,
        text_hash=_hash(text),
        content_hash=questionnaire.content_hash(),
        uploaded_by=by,
    )
    _record("questionnaire.brought", draft, by, {"sha256": draft.text_hash, "size": len(text)})
    return draft


def _refuse(file: str, problem: str, remedy: str, **values: object) -> NoReturn:
    raise bad_file(file, [Mistake(WHOLE_FILE, None, problem, remedy, values)])


def _check_new(questionnaire: Questionnaire, file: str) -> None:
    """A version is never changed, and the newest of a questionnaire is the one that is asked."""
    if questionnaire.status is Status.ARCHIVE:
        _refuse(
            file,
            told("`status` is archive, so nobody would be asked"),
            told("Give default or offered."),
        )
    versions = Instrument.objects.filter(slug=questionnaire.slug)
    newest = max(versions.values_list("version", flat=True), default=0)
    if questionnaire.version <= newest:
        _refuse(
            file,
            told("version %(version)s is not new: the newest is %(newest)s"),
            told("What may have been answered never changes: give version %(next)s."),
            version=questionnaire.version,
            newest=newest,
            next=newest + 1,
        )


def questionnaire_of(draft: QuestionnaireDraft) -> Questionnaire:
    """What the draft's text says. Raises BadFile if it was changed behind our back."""
    if _hash(draft.text) != draft.text_hash:
        _refuse(
            draft.file_name,
            told("the stored text is not the one that was brought"),
            told("Bring the file once more."),
        )
    return parse(draft.text, draft.file_name)


def propose_live(draft: QuestionnaireDraft, by: User, reason: str) -> Proposed:
    """Asks a second person to put the draft into use. Raises NotProposed, PermissionDenied."""
    if draft.state != State.DRAFT:
        raise NotProposed(gettext("This is no draft any more."))
    payload = {
        "act": LIVE,
        "slug": draft.slug,
        "version": draft.version,
        "draft": draft.pk,
        "text": draft.text_hash,
    }
    return propose(KIND, _country(), payload, by, reason)


def propose_retiring(instrument: Instrument, by: User, reason: str) -> Proposed:
    """Asks a second person to take a version out of use. Raises NotProposed, PermissionDenied."""
    if instrument.is_default:
        raise NotProposed(str(STILL_ASKED))
    if not instrument.offered:
        raise NotProposed(gettext("Nobody is asked this version any more."))
    payload = {"act": RETIRE, "slug": instrument.slug, "version": instrument.version}
    return propose(KIND, _country(), payload, by, reason)


STILL_ASKED = gettext_lazy(
    "Citizens are asked this version unless another is chosen. Put another into its place first."
)


def _country() -> AdministrativeUnit:
    return AdministrativeUnit.objects.get(level=Level.COUNTRY)


@transaction.atomic
def carry_out(proposal: Proposed, by: User | None) -> Mapping[str, Any]:
    """Does what was proposed. Raises CannotCarryOut with what to do; by: None for the machine."""
    asked = proposal.payload
    today = timezone.localdate()
    if asked["act"] == RETIRE:
        return _retire(asked, by)
    draft = QuestionnaireDraft.objects.select_for_update().filter(pk=asked["draft"]).first()
    if draft is None or draft.state != State.DRAFT or draft.text_hash != asked["text"]:
        raise CannotCarryOut(
            gettext("Another file has taken the place of this draft. Propose that one."), final=True
        )
    if by is not None and by.pk == draft.uploaded_by_id:
        raise CannotCarryOut(
            gettext("Whoever brought the file cannot approve it. Another person has to.")
        )
    try:
        _check_new(questionnaire_of(draft), draft.file_name)
        put_live(questionnaire_of(draft), today)
    except AnsweredInstrument as refused:
        raise CannotCarryOut(str(refused), final=True) from None
    draft.state, draft.live_on = State.LIVE, today
    draft.save(update_fields=["state", "live_on"])
    _record("questionnaire.live", draft, by, {"sha256": draft.text_hash})
    return {"draft": draft.pk}


def _retire(asked: Mapping[str, Any], by: User | None) -> Mapping[str, Any]:
    today = timezone.localdate()
    slug, version = asked["slug"], asked["version"]
    try:
        retire(slug, version, today)
    except (StillAsked, Instrument.DoesNotExist):
        raise CannotCarryOut(str(STILL_ASKED)) from None
    drafts = QuestionnaireDraft.objects.filter(slug=slug, version=version, state=State.LIVE)
    drafts.update(state=State.RETIRED, retired_on=today)
    record(
        "questionnaire.retired",
        subject=f"{slug} v{version}",
        details={"was": {"offered": True}, "now": {"offered": False}},
        by=acting_as(by) if by is not None else None,
    )
    return {}


def _preview(proposal: Proposed) -> Preview:
    asked = proposal.payload
    retiring = asked["act"] == RETIRE
    what = gettext_lazy("take out of use") if retiring else gettext_lazy("put into use")
    address = "" if retiring else f"/bao-cao/quan-tri/phieu/{asked['draft']}/"
    about: list[tuple[str | Promise, str | Promise]] = [
        (gettext_lazy("Questionnaire"), f"{asked['slug']} v{asked['version']}"),
        (gettext_lazy("What is proposed"), what),
    ]
    return Preview(about=about, address=address)


def register_kind() -> None:
    """From now on a questionnaire can be proposed."""
    register(
        Kind(
            KIND,
            gettext_lazy("a questionnaire"),
            Action.MANAGE_QUESTIONNAIRES,
            Action.MANAGE_QUESTIONNAIRES,
            carry_out=carry_out,
            preview=_preview,
        )
    )


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _record(
    action: str, draft: QuestionnaireDraft, by: User | None, details: dict[str, object]
) -> None:
    actor = acting_as(by) if by is not None else None
    record(action, subject=str(draft), details=details, by=actor)
