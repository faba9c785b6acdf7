"""The survey on a phone: a page for each factor, a last page, a receipt.

Pages that follow a sending are its answer, not a redirect, because an address with the response's
id would join it to a line of the web server's log. Browsers keep the pages of an unfinished form,
so that their back button works, and throw them away with the receipt; see decision 0015.
"""

from dataclasses import dataclass, replace
from functools import wraps
from typing import Any, Protocol

import segno
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_http_methods

from offices import directory
from offices.addresses import public_name, public_url
from surveys.citizen.again import ANOTHER, another, ways_on
from surveys.citizen.asking import form_of, language, last_form_of, named, screens, title
from surveys.citizen.browsers import forget, keep_until_the_receipt
from surveys.citizen.catching_up import catch_up
from surveys.citizen.ended import ended
from surveys.citizen.forms import SurveyForm
from surveys.citizen.languages import FIELD, speak
from surveys.citizen.notice import short_notice_html
from surveys.citizen.recordings import heard_and_seen
from surveys.citizen.sheet import Sheet, errors_by_page, new_sheet, read_sheet
from surveys.citizen.spoilt import spoilt
from surveys.citizen.telling import offer
from surveys.intake.limits import WINDOW, is_surge, may_send
from surveys.intake.submit import (
    LONGEST_REMARK,
    NotTakenReason,
    Outcome,
    Receipt,
    Submission,
    SubmissionNotTaken,
    submit,
)
from surveys.models import Channel, Evidence, Respondent
from surveys.questionnaires import catalogue
from surveys.questionnaires.minutes import minutes
from surveys.remarks.envelopes import latest_end
from surveys.remarks.masking import MaskedKind, mask
from surveys.remarks.receipts import receipt_code
from surveys.remarks.text import clean_text


class View(Protocol):
    """A view of the citizen's pages."""

    def __call__(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse: ...


def of_citizens(view: View) -> View:
    """No cookie, so no CSRF token: a form sent from a foreign site is refused by its headers.

    There is nothing of the visitor's to protect here (no session, no account); see decision 0005.
    What is sent stands in no error report.
    """

    @wraps(view)
    @sensitive_post_parameters()
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.method == "POST" and request.headers.get("Sec-Fetch-Site") == "cross-site":
            return render(request, "surveys/citizen/foreign.html", status=403)
        if request.method == "POST":
            speak(request, request.POST.get(FIELD, ""))
        response = view(request, *args, **kwargs)
        response.headers.setdefault("Cache-Control", "no-store")
        return response

    exempt: View = csrf_exempt(gzip_page(guarded))
    return exempt


@dataclass(frozen=True)
class Problem:
    """An error to show above the form: its sentence, the field it leads to and what that asks."""

    sentence: str
    field: str = ""
    about: str = ""


@of_citizens
@require_http_methods(["GET", "HEAD", "POST"])
def survey(request: HttpRequest, slug: str, form: str = "") -> HttpResponse:
    """The survey of one office; `form` names a questionnaire other than the usual one."""
    office = directory.current().office(slug)
    if office is None:
        raise Http404
    if not office.is_open_on(timezone.localdate()):
        return ended(request, office, request.POST.get("remark", ""))
    offered = catalogue.current()
    instrument = offered.instrument(form) if form else offered.default
    if request.method == "POST" and not (instrument and instrument.offered):
        instrument = offered.default  # withdrawn while somebody filled it in
    if instrument is None or not instrument.offered:
        raise Http404
    if request.method == "POST" and request.POST.get("go") == ANOTHER:
        return show(request, another(request, office, instrument))
    if request.method == "POST":
        sheet = read_sheet(office, instrument, request.POST)
        if sheet.spoilt is not None:
            return spoilt(request, office, sheet.spoilt, sheet.about["remark"])
        # the visit, not the response: of a link all who hold it would learn that it is in use
        if not may_send(sheet.id):
            return _slow_down(request, sheet)
        return _save(sheet) if request.POST.get("save") else _take(request, sheet)
    return show(request, new_sheet(office, instrument, request.GET))


def _slow_down(request: HttpRequest, sheet: Sheet) -> HttpResponse:
    """For who sends one form more often than a person can; everything typed comes back."""
    said = _("This form is being sent very often. Please wait a minute and send it once more.")
    busy = HttpResponse(status=429)
    if not request.POST.get("save"):
        busy = show(request, sheet, [Problem(said)], status=429)
    busy["Retry-After"] = str(WINDOW)
    return busy


def _take(request: HttpRequest, sheet: Sheet) -> HttpResponse:
    """Stores what was sent and leads on, back, or to what has to be mended."""
    another_language = speak(request, request.POST.get("language", ""))
    if sheet.outdated:
        changed = _("The form has changed meanwhile. Please look through your answers once more.")
        return show(request, sheet, [Problem(changed)], status=409)
    if another_language or request.POST.get("go") == "resume":
        return show(request, sheet)
    answers = sheet.bytes_of_answers()
    wrong_page = errors_by_page(sheet, answers)
    if wrong_page is not None:
        sheet.page = wrong_page
        return show(request, sheet, status=422, bound=True)
    sheet.step += 1
    back = request.POST.get("go") == "back"
    # whoever has said enough may end it on any page
    finishing = request.POST.get("go") == "done" or (sheet.page == sheet.last_page and not back)
    missed = finishing and sheet.misses_result and last_form_of(sheet, bound=True).is_valid()
    if finishing and not missed:
        return _finish(request, sheet, answers)
    if not sheet.is_blank:
        try:
            receipt = _store(sheet, answers, finished=False)
            # who holds a link must not get to see what was answered with it
            if receipt.outcome is Outcome.OLDER and sheet.invitation is None:
                catch_up(sheet)
                _store(sheet, sheet.bytes_of_answers(), finished=False)
        except SubmissionNotTaken as refused:
            return _refused(request, sheet, refused)
    if missed:
        sheet.turn_to_result()
    else:
        sheet.page = sheet.page_before if back else sheet.page_after
    return show(request, sheet)


def _save(sheet: Sheet) -> HttpResponse:
    """Stores a tap behind the person's back: no page, and no error that could disturb."""
    answers = sheet.bytes_of_answers()
    if sheet.outdated or errors_by_page(sheet, answers) is not None:
        return HttpResponse(status=422)
    if sheet.is_blank:
        return HttpResponse(status=204)  # what is said about the dossier is kept with an answer
    sheet.step += 1
    try:
        _store(sheet, answers, finished=False)
    except SubmissionNotTaken as refused:
        return HttpResponse(status=410 if refused.reason is NotTakenReason.ENDED_OFFICE else 409)
    return HttpResponse(status=204)


def _finish(request: HttpRequest, sheet: Sheet, answers: dict[str, int]) -> HttpResponse:
    if sheet.is_blank and not sheet.about["remark"]:
        sheet.page = 0
        sentence = _(
            "There is no answer and no remark yet. Please answer at least one question, or write "
            "a remark on the last page."
        )
        return show(request, sheet, [Problem(sentence)], status=422)
    form = last_form_of(sheet, bound=True)
    if not form.is_valid():
        sheet.page = sheet.last_page
        return show(request, sheet, status=422, bound=True)
    try:
        receipt = _store(sheet, answers, finished=True)
    except SubmissionNotTaken as refused:
        return _refused(request, sheet, refused)
    return _thank(request, sheet, receipt)


def _store(sheet: Sheet, answers: dict[str, int], *, finished: bool) -> Receipt:
    """Stores what was sent. Raises Refused.

    Whoever holds a link must not learn by trying whether it was used and with which answers: with
    an invitation a form that changes nothing looks like one that was stored, the receipt included.
    """
    submission = _submission(sheet, answers, finished=finished)
    try:
        receipt = submit(submission)
    except SubmissionNotTaken as refused:
        if sheet.invitation is None or refused.reason is not NotTakenReason.FROZEN:
            raise
        masked = mask(clean_text(submission.remark)[:LONGEST_REMARK])
        receipt = Receipt(submission.receipt, Outcome.OLDER, masked.text, masked.hidden)
    if sheet.invitation is None:
        return receipt
    until = latest_end(timezone.localdate()) if submission.contact else None
    return replace(receipt, contact_until=until)


def _submission(sheet: Sheet, answers: dict[str, int], *, finished: bool) -> Submission:
    about = sheet.about
    respondents = {str(kind.value): kind for kind in Respondent}
    return Submission(
        id=sheet.response_id,
        office=sheet.office,
        instrument=sheet.instrument,
        answers=answers,
        step=sheet.step,
        finished=finished,
        channel=sheet.invitation.channel if sheet.invitation else Channel.PHONE,
        language=language(),
        procedure=directory.current().procedure(sheet.office, about.get("procedure", "")),
        counter=sheet.counter,
        stage=sheet.stage,
        respondent=respondents.get(about.get("respondent", ""), Respondent.UNKNOWN),
        remark=about.get("remark", "") if finished else "",
        contact=about.get("contact", "").strip() if finished and about.get("wants_reply") else "",
        assisted=bool(about.get("helped")),
        suspicious=sheet.is_suspicious,
        # a link is a credential of its own
        started=None if sheet.invitation else sheet.seconds() is not None,
        evidence=_evidence(sheet),
        surge=finished and is_surge(sheet.office.id),
        seconds=sheet.seconds() if finished else None,
        receipt=receipt_code(sheet.id) if sheet.invitation else "",
    )


def _evidence(sheet: Sheet) -> Evidence:
    return sheet.invitation.evidence if sheet.invitation else Evidence.OPEN


def _refused(request: HttpRequest, sheet: Sheet, refused: SubmissionNotTaken) -> HttpResponse:
    if refused.reason is NotTakenReason.FROZEN:
        # what was typed is not kept, so it is given back
        context = {
            "office": sheet.office,
            "remark": sheet.about.get("remark", ""),
            "received": sheet.id,
        }
        return render(request, "surveys/citizen/frozen.html", context, status=409)
    if refused.reason is NotTakenReason.ENDED_OFFICE:
        return ended(request, sheet.office, sheet.about.get("remark", ""))
    return show(request, sheet, [Problem(_("This cannot be stored. Please try again."))], 422)


def _thank(request: HttpRequest, sheet: Sheet, receipt: Receipt) -> HttpResponse:
    path = reverse("surveys:reply")
    context = {
        "office": sheet.office,
        "receipt": receipt,
        "address": public_name(path),
        # behind the #, which browsers keep to themselves: no server and no log gets the code
        "picture": _picture(f"{path}#{receipt.code}") if receipt.remark else "",
        # also when the masked text comes again, to be thanked in another language
        "hidden": any(kind.value in receipt.remark for kind in MaskedKind),
        "sent_instead": {"remark": receipt.remark},
        "received": sheet.id,
        "invited": sheet.invitation is not None,
        "ways": ways_on(request, sheet),
        # a receipt of a link says no more of a contact than what was sent
        "kept_for_reply": bool(receipt.contact_until) and sheet.invitation is None,
        **(offer() if receipt.remark else {}),
    }
    return forget(request, render(request, "surveys/citizen/receipt.html", context))


def _picture(path: str) -> SafeString:
    """The QR code of an address of ours, drawn by segno without any text of others."""
    code = segno.make(public_url(path), error="m", micro=False)
    return mark_safe(code.svg_inline(scale=8, border=4, light="#fff", omitsize=True))  # noqa: S308


def show(
    request: HttpRequest,
    sheet: Sheet,
    problems: list[Problem] | None = None,
    status: int = 200,
    *,
    bound: bool = False,
    survey_address: str = "",
    preview: bool = False,
) -> HttpResponse:
    """The sheet's page with everything that was typed; `bound` shows the errors of its fields.

    survey_address: where the form is sent, if not to the address of this page. preview: for
    officials who look at a draft; nothing of it is kept, in no browser either.
    """
    if not sheet.items_of_page():
        sheet.page = sheet.page_after  # of the history, from before it was said that one waits
    form = form_of(sheet, bound=bound)
    problems = [*(problems or []), *_field_problems(form)]
    last = sheet.page == sheet.last_page
    context = {
        "office": sheet.office,
        "counter": sheet.counter,
        "instrument": sheet.instrument,
        "form": form,
        "title": "" if last else title(sheet),
        "problems": problems,
        "carried": sheet.carried(),
        "number": sum(number < sheet.page for number in sheet.asked_pages) + 1,
        "count": len(sheet.asked_pages) + 1,
        "first": sheet.page == 0,
        "last": last,
        "minutes": minutes(sheet.instrument),
        **screens(sheet),
        "introduction": named(sheet, sheet.instrument.introduction),
        "short_notice": short_notice_html(sheet.office) if sheet.page == 0 else "",
        "invitation": sheet.invitation,
        # pages change in place, so each says where it is sent
        "survey_address": survey_address or (request.path if sheet.invitation else ""),
        "preview": preview,
        **heard_and_seen(
            sheet.instrument,
            language(),
            first=sheet.page == 0,
            in_other_words=sheet.in_other_words,
        ),
    }
    if preview:
        return render(request, "surveys/citizen/page.html", context, status=status)
    return keep_until_the_receipt(
        render(request, "surveys/citizen/page.html", context, status=status)
    )


def _field_problems(form: SurveyForm) -> list[Problem]:
    if not form.is_bound:
        return []
    return [
        Problem(str(errors[0]), f"id_{name}", str(form.fields[name].label))
        for name, errors in form.errors.items()
    ]
