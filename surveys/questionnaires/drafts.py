"""A questionnaire's way into use: brought as a file, looked at, put live by two persons.

    draft = bring(content, "phieu.yaml", lan)          # raises BadFile, with every mistake
    propose_live(draft, lan, "Công văn 12 …")          # minh approves under /cho-duyet/

What goes live is the very text that was looked at: its hash stands in the proposal. What becomes of
the version afterwards is `live`'s, proposed in `officials.approving.questionnaires`.
"""

import hashlib
from collections.abc import Mapping
from typing import Any, NoReturn

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext

from audit.actors import official
from audit.recording import record
from offices.models import AdministrativeUnit, Proposal, User
from offices.proposals import CannotCarryOut, NotProposed, propose
from offices.rights import Level
from surveys.models import Instrument, QuestionnaireDraft
from surveys.questionnaires.entry import WHOLE_FILE, BadFile, Mistake, bad_file, told
from surveys.questionnaires.load import LoadRefused, put_live
from surveys.questionnaires.questionnaire import Method, Questionnaire, Status
from surveys.questionnaires.reader import parse

MOST_BYTES = 256 * 1024
KIND = "questionnaire"
State = QuestionnaireDraft.State


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
    """A version is pooled and never changed, and the newest of a questionnaire is what is asked."""
    if questionnaire.status is Status.ARCHIVE:
        _refuse(
            file,
            told("`status` is archive, so nobody would be asked"),
            told("Give default or offered."),
        )
    if questionnaire.method is not Method.POOLED:
        _refuse(
            file,
            told("`method` is %(method)s: a mean tells factors that too few people answered"),
            told("Give pooled, or leave it out."),
            method=questionnaire.method.value,
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


def propose_live(draft: QuestionnaireDraft, by: User, reason: str) -> Proposal:
    """Asks a second person to put the draft into use. Raises NotProposed, Missing."""
    if draft.state != State.DRAFT:
        raise NotProposed(gettext("This is no draft any more."))
    payload = {
        "slug": draft.slug,
        "version": draft.version,
        "draft": draft.pk,
        "text": draft.text_hash,
    }
    return propose(KIND, _country(), payload, by, reason)


def _country() -> AdministrativeUnit:
    return AdministrativeUnit.objects.get(level=Level.COUNTRY)


@transaction.atomic
def carry_out(proposal: Proposal, by: User | None) -> Mapping[str, Any]:  # Any: JSON
    """Puts the draft into use. Raises CannotCarryOut with what to do; by: None for the machine."""
    asked = proposal.payload
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
        questionnaire = questionnaire_of(draft)
        _check_new(questionnaire, draft.file_name)
        put_live(questionnaire)
    except (LoadRefused, BadFile) as refused:
        raise CannotCarryOut(str(refused), final=True) from None
    draft.state, draft.live_on = State.LIVE, timezone.localdate()
    draft.save(update_fields=["state", "live_on"])
    _record("questionnaire.live", draft, by, {"sha256": draft.text_hash})
    return {"draft": draft.pk}


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _record(
    action: str, draft: QuestionnaireDraft, by: User | None, details: dict[str, object]
) -> None:
    actor = official(by) if by is not None else None
    record(action, subject=str(draft), details=details, by=actor)
