"""Questionnaires: their versions and states; a file is brought, looked at, proposed by one person.

Another person puts it into use (`surveys.questionnaires.drafts`). What becomes of a version that is
there, older ones included, is proposed beside it (`officials.approving.questionnaires`).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_http_methods, require_POST

from offices.access import require
from offices.models import Proposal, User
from offices.proposals import NotDone
from offices.rights import Action
from officials.administration.mistakes import in_words
from officials.approving.differences import Difference, differences
from officials.approving.drafts import draft_entry, version_before
from officials.approving.questionnaires import KIND as STATE_KIND
from officials.approving.questionnaires import STATES, propose_state
from officials.fields import ReasonField
from officials.uploads import OneSmallFile
from surveys.models import Instrument, QuestionnaireDraft
from surveys.questionnaires.catalogue import text_in
from surveys.questionnaires.drafts import MOST_BYTES, bring, propose_live
from surveys.questionnaires.entry import BadFile, Mistake
from surveys.questionnaires.live import others, state_of

State = QuestionnaireDraft.State
MOST_MISTAKES = 50


class QuestionnaireFileForm(forms.Form):
    """A file as we ship them in surveys/questionnaires."""

    file = forms.FileField(
        label=gettext_lazy("YAML file"),
        max_length=200,
        widget=forms.ClearableFileInput(attrs={"accept": ".yaml,.yml"}),
        error_messages={"required": gettext_lazy("Choose the file of the questionnaire.")},
    )


class ReasonForm(forms.Form):
    """Why something is proposed."""

    use_required_attribute = False
    reason = ReasonField(
        label=gettext_lazy("Reason"),
        max_length=300,
    )


class StateForm(ReasonForm):
    """What a version is to become, and why."""

    field_order = ("to", "reason")
    to = forms.ChoiceField(
        label=gettext_lazy("What it is to become"),
        widget=forms.RadioSelect,
        error_messages=dict.fromkeys(
            ("required", "invalid_choice"), gettext_lazy("Choose what the version is to become.")
        ),
    )

    def __init__(self, instrument: Instrument, data: Mapping[str, Any] | None = None) -> None:
        """data: what a request sent (Any: Django's)."""
        super().__init__(data, auto_id=f"id_{instrument.pk}_%s")
        field = self.fields["to"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - for the type checker
        field.choices = [(state, STATES[state]) for state in others(instrument)]


@dataclass(frozen=True, slots=True)
class VersionRow:
    """A version in the tables.

    form: proposes another state; None for the default, which another has to replace. waiting: what
    is proposed of it already.
    """

    instrument: Instrument
    title: str
    state: str | Promise
    form: StateForm | None
    waiting: Sequence[Proposal]


@dataclass(frozen=True, slots=True)
class DraftRow:
    """A file that was brought."""

    draft: QuestionnaireDraft
    title: str


def _managing(request: HttpRequest) -> User:
    require(request.user, Action.MANAGE_QUESTIONNAIRES)
    return cast(User, request.user)


# The site takes no files; the handler must be in place before the CSRF check reads the request.
@csrf_exempt
@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def questionnaires(request: HttpRequest) -> HttpResponse:
    """All versions with their state, what was brought, and the form that takes a file."""
    request.upload_handlers = [OneSmallFile(request, MOST_BYTES)]
    return _questionnaires(request)


@csrf_protect
def _questionnaires(request: HttpRequest) -> HttpResponse:
    by = _managing(request)
    if request.method != "POST":
        return _show(request)
    form = QuestionnaireFileForm(request.POST, request.FILES)
    if not form.is_valid():
        return _show(request, form=form, status=422)
    file = form.cleaned_data["file"]
    try:
        draft = bring(file.read(), file.name, by)
    except BadFile as refused:
        return _show(request, mistakes=list(refused.mistakes), file_name=file.name, status=422)
    messages.success(request, _("The file is read without a mistake. Look at it, then propose it."))
    return redirect("officials:questionnaire", draft.pk)


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def questionnaire(request: HttpRequest, draft: int) -> HttpResponse:
    """A draft: what it says, in what it differs from the version before. POST proposes it."""
    by = _managing(request)
    shown = get_object_or_404(QuestionnaireDraft.objects.select_related("uploaded_by"), pk=draft)
    if request.method != "POST":
        return _show_draft(request, shown, ReasonForm())
    form = ReasonForm(request.POST)
    if form.is_valid():
        try:
            propose_live(shown, by, form.cleaned_data["reason"])
        except NotDone as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("It is proposed. Another person has to approve it now."))
            return redirect("officials:questionnaire", shown.pk)
    return _show_draft(request, shown, form, status=422)


@login_required
@require_POST
def questionnaire_state(request: HttpRequest, slug: str, version: int) -> HttpResponse:
    """Proposes that a version is offered, the default, or asked no more."""
    by = _managing(request)
    shown = get_object_or_404(Instrument, slug=slug, version=version)
    form = StateForm(shown, request.POST)
    if form.is_valid():
        try:
            propose_state(shown, form.cleaned_data["to"], by, form.cleaned_data["reason"])
        except NotDone as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("It is proposed. Another person has to approve it now."))
            return redirect("officials:questionnaires")
    return _show(request, sent=(shown.pk, form), status=422)


def _show(
    request: HttpRequest,
    *,
    form: QuestionnaireFileForm | None = None,
    mistakes: list[Mistake] | None = None,
    file_name: str = "",
    sent: tuple[int, StateForm] | None = None,
    status: int = 200,
) -> HttpResponse:
    """mistakes: of a file that was not taken; sent: a version, and its form with errors."""
    language = get_language() or settings.LANGUAGE_CODE
    waiting = _waiting()
    versions = []
    for one in Instrument.objects.order_by("-offered", "slug", "-version"):
        form_of = StateForm(one) if others(one) else None
        if sent and sent[0] == one.pk:
            form_of = sent[1]
        name, title = f"{one.slug}.{one.version}", text_in(one.title, language)
        state = STATES[state_of(one)]
        versions.append(VersionRow(one, title, state, form_of, waiting.get(name, [])))
    brought = QuestionnaireDraft.objects.select_related("uploaded_by").order_by("-pk")
    context = {
        "versions": versions,
        "drafts": [DraftRow(draft, text_in(draft.title, language)) for draft in brought],
        "form": form or QuestionnaireFileForm(),
        "mistakes": [in_words(one) for one in (mistakes or [])[:MOST_MISTAKES]],
        "more": max(0, len(mistakes or []) - MOST_MISTAKES),
        "file_name": file_name,
    }
    return render(request, "officials/administration/questionnaires.html", context, status=status)


def _waiting() -> dict[str, list[Proposal]]:
    """What waits for a second person, by the version of which it is."""
    found: dict[str, list[Proposal]] = {}
    for one in Proposal.objects.filter(kind=STATE_KIND, state=Proposal.State.OPEN):
        slug, version = one.payload["instrument"]
        found.setdefault(f"{slug}.{version}", []).append(one)
    return found


def _show_draft(
    request: HttpRequest, shown: QuestionnaireDraft, form: ReasonForm, status: int = 200
) -> HttpResponse:
    language = get_language() or settings.LANGUAGE_CODE
    entry, mistakes = draft_entry(shown)
    before = version_before(shown)
    found: list[Difference] = differences(before, entry) if before and entry else []
    context = {
        "draft": shown,
        "title": text_in(shown.title, language),
        "entry": entry,
        "mistakes": [in_words(one) for one in mistakes],
        "before": before,
        "differences": found,
        "form": form,
        "is_draft": shown.state == State.DRAFT,
    }
    return render(request, "officials/administration/questionnaire.html", context, status=status)
