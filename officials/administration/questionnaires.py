"""Questionnaires: their versions and states; a file is brought, looked at, proposed by one person.

Another person puts it into use (`surveys.questionnaires.drafts`).
"""

from dataclasses import dataclass
from typing import cast

from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_http_methods, require_POST

from offices.access import require
from offices.models import User
from offices.proposals import NotDone
from offices.rights import Action
from officials.administration.differences import Difference, differences
from officials.administration.mistakes import in_words
from officials.uploads import OneSmallFile
from surveys.models import Instrument, QuestionnaireDraft
from surveys.questionnaires import catalogue
from surveys.questionnaires.catalogue import InstrumentEntry, entry_of, text_in
from surveys.questionnaires.drafts import (
    MOST_BYTES,
    bring,
    propose_live,
    propose_retiring,
    questionnaire_of,
)
from surveys.questionnaires.entry import BadFile, Mistake

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
    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        min_length=10,
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages=dict.fromkeys(
            ("required", "min_length"),
            gettext_lazy("Give the reason in a sentence of at least 10 characters."),
        ),
    )


@dataclass(frozen=True, slots=True)
class VersionRow:
    """A version in the tables. form: proposes to retire it; None where that cannot be."""

    instrument: Instrument
    title: str
    form: ReasonForm | None


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
def retire_questionnaire(request: HttpRequest, slug: str, version: int) -> HttpResponse:
    """Proposes that a version is asked no more."""
    by = _managing(request)
    shown = get_object_or_404(Instrument, slug=slug, version=version)
    form = ReasonForm(request.POST, auto_id=f"id_{shown.pk}_%s")
    if form.is_valid():
        try:
            propose_retiring(shown, by, form.cleaned_data["reason"])
        except NotDone as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("It is proposed. Another person has to approve it now."))
            return redirect("officials:questionnaires")
    return _show(request, retiring=(shown.pk, form), status=422)


def _show(
    request: HttpRequest,
    *,
    form: QuestionnaireFileForm | None = None,
    mistakes: list[Mistake] | None = None,
    file_name: str = "",
    retiring: tuple[int, ReasonForm] | None = None,
    status: int = 200,
) -> HttpResponse:
    """mistakes: of a file that was not taken; retiring: a form with errors, and its version."""
    language = get_language() or settings.LANGUAGE_CODE
    sent = dict([retiring]) if retiring else {}
    versions = []
    for one in Instrument.objects.order_by("-offered", "slug", "-version"):
        blank = ReasonForm(auto_id=f"id_{one.pk}_%s")
        may_retire = one.offered and not one.is_default
        shown = sent.get(one.pk, blank) if may_retire or one.pk in sent else None
        versions.append(VersionRow(one, text_in(one.title, language), shown))
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


def _show_draft(
    request: HttpRequest, shown: QuestionnaireDraft, form: ReasonForm, status: int = 200
) -> HttpResponse:
    language = get_language() or settings.LANGUAGE_CODE
    entry, mistakes = draft_entry(shown)
    before = _before(shown)
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


def draft_entry(draft: QuestionnaireDraft) -> tuple[InstrumentEntry | None, list[Mistake]]:
    """The draft as forms need it, or what is wrong with its text by now."""
    try:
        return entry_of(questionnaire_of(draft)), []
    except BadFile as refused:
        return None, list(refused.mistakes)


def _before(draft: QuestionnaireDraft) -> InstrumentEntry | None:
    """The newest version of the questionnaire that is older than the draft."""
    known = catalogue.current().instruments
    versions = [
        version for slug, version in known if slug == draft.slug and version < draft.version
    ]
    return known[draft.slug, max(versions)] if versions else None
