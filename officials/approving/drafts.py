"""A draft of a questionnaire before the person who puts it into use: what it would change.

It is brought and proposed in `surveys.questionnaires.drafts`.
"""

from collections.abc import Mapping

from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from offices.models import Proposal
from offices.proposals import Kind, Line, Preview, register
from offices.rights import Action
from officials.approving.differences import differences
from surveys.models import Instrument, QuestionnaireDraft
from surveys.questionnaires import catalogue
from surveys.questionnaires.catalogue import InstrumentEntry, entry_of, text_in
from surveys.questionnaires.drafts import KIND, carry_out, questionnaire_of
from surveys.questionnaires.entry import BadFile, Mistake
from surveys.questionnaires.questionnaire import ItemKind, Status

State = QuestionnaireDraft.State


def draft_entry(draft: QuestionnaireDraft) -> tuple[InstrumentEntry | None, list[Mistake]]:
    """The draft as forms need it, or what is wrong with its text by now."""
    try:
        return entry_of(questionnaire_of(draft)), []
    except BadFile as refused:
        return None, list(refused.mistakes)


def version_before(draft: QuestionnaireDraft) -> InstrumentEntry | None:
    """The newest version of the questionnaire that is older than the draft."""
    known = catalogue.current().instruments
    versions = [
        version for slug, version in known if slug == draft.slug and version < draft.version
    ]
    return known[draft.slug, max(versions)] if versions else None


def open_points(drafts: list[str] | tuple[str, ...], unconfirmed: int) -> list[str]:
    """What whoever puts a version into use should know. drafts: codes of languages."""
    points = []
    if drafts:
        languages = ", ".join(drafts)
        points.append(
            _("Languages that are still drafts: %(languages)s") % {"languages": languages}
        )
    if unconfirmed:
        points.append(
            _("Criteria whose wording is not confirmed: %(count)s") % {"count": unconfirmed}
        )
    return points


def default_name() -> str:
    """Which version is asked unless another is chosen, in no language: `counter.1`, or nothing."""
    found = Instrument.objects.filter(is_default=True).first()
    return f"{found.slug}.{found.version}" if found else ""


def in_words(name: str | None) -> str | None:
    """The title of `counter.1` for the reader; anything else as it is, a hash shortened."""
    slug, _dot, version = (name or "").rpartition(".")
    if slug and version.isdecimal():
        found = Instrument.objects.filter(slug=slug, version=int(version)).first()
        if found is not None:
            return f"{text_in(found.title, get_language() or 'vi')} ({name})"
    return name[:12] if name else None


def _draft(proposal: Proposal) -> QuestionnaireDraft | None:
    return QuestionnaireDraft.objects.filter(pk=proposal.payload["draft"]).first()


def _facts(proposal: Proposal) -> Mapping[str, str]:
    """What the differences were seen against; the text itself stands in the payload."""
    asked = proposal.payload
    versions = Instrument.objects.filter(slug=asked["slug"], version__lt=asked["version"])
    newest = max(versions.values_list("version", flat=True), default=0)
    return {"before": str(newest or ""), "default": default_name()}


def _preview(proposal: Proposal) -> Preview:
    draft = _draft(proposal)
    if draft is None:
        return Preview(points=[_("The questionnaire is not there any more.")])
    title = text_in(draft.title, get_language() or "vi")
    about = [(_("Questionnaire"), f"{title} ({draft.slug}.{draft.version})")]
    about.append((_("What is proposed"), _("put into use")))
    address = reverse("officials:questionnaire", args=[draft.pk])
    points = []
    if draft.state == State.REPLACED or draft.text_hash != proposal.payload["text"]:
        points.append(_("Another file has taken the place of this draft. Propose that one."))
    try:
        questionnaire = questionnaire_of(draft)
    except BadFile:
        return Preview(about, points=[*points, _("The stored file cannot be used")])
    asked = [item for item in questionnaire.items if item.kind is not ItemKind.REASON]
    about.append((_("Questions"), str(len(asked))))
    lines = _lines(draft, entry_of(questionnaire))
    if questionnaire.status is Status.DEFAULT:
        other = in_words(proposal.facts.get("default"))
        now = f"{title} ({draft.slug}.{draft.version})"
        lines.insert(0, Line(_("Asked unless another is chosen"), other, now))
    unconfirmed = sum(not item.confirmed for item in questionnaire.items)
    points += open_points(questionnaire.draft_languages, unconfirmed)
    return Preview(about, lines, points, address)


def _lines(draft: QuestionnaireDraft, entry: InstrumentEntry) -> list[Line]:
    """In what it differs from the version before; nothing for a questionnaire that is new."""
    before = version_before(draft)
    if before is None:
        return []
    return [
        Line(
            f"{one.place} ({one.language})" if one.language else one.place,
            one.was or None,
            one.now or None,
        )
        for one in differences(before, entry)
    ]


register(
    Kind(
        KIND,
        gettext_lazy("New version of a questionnaire"),
        Action.MANAGE_QUESTIONNAIRES,
        Action.MANAGE_QUESTIONNAIRES,
        carry_out=carry_out,
        facts=_facts,
        preview=_preview,
        said=in_words,
        words={
            "before": gettext_lazy("Version before"),
            "default": gettext_lazy("Asked unless another is chosen"),
        },
    )
)
