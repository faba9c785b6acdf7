"""What became of a remark, for anyone who holds the receipt; what an office published, for all.

The code is sent in the form, never in an address, so no log has it. A code that was never given
and one whose response had no remark get the same page, by the same statement.
"""

from collections.abc import Mapping

from django import forms
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_http_methods, require_safe

from offices import directory
from surveys.citizen import telling
from surveys.citizen.survey import of_citizens
from surveys.intake.limits import may_try
from surveys.models import Remark, ThemeReply
from surveys.remarks import erasing
from surveys.remarks.contacts import exists, forget
from surveys.remarks.receipts import read_code
from surveys.remarks.reopening import has_above, is_asked, is_gone, is_kept, say, shown_mark
from surveys.remarks.steps import READABLE, find

LONGEST_CODE = 40
# What the person says of the reply, by the step that a button sends.
HELPED = {"helped": True, "not-helped": False}
ON_A_PAGE = 20
MOST_THEMES = 20


class CodeForm(forms.Form):
    """The code of a receipt."""

    code = forms.CharField(
        max_length=LONGEST_CODE,
        error_messages={
            "required": _("Type the code of the receipt."),
            "max_length": _("The code has 15 letters and digits. Please look at it once more."),
        },
    )

    def clean_code(self) -> str:
        """The code in capitals and groups."""
        code = read_code(self.cleaned_data["code"])
        if code is None:
            raise forms.ValidationError(
                _("The code has 15 letters and digits. Please look at it once more.")
            )
        return code


@of_citizens
@require_http_methods(["GET", "HEAD", "POST"])
def reply(request: HttpRequest) -> HttpResponse:
    """Asks for the code, then shows how far the remark is and what the office wrote."""
    form = CodeForm(request.POST if request.method == "POST" else None)
    if request.method != "POST":
        return _ask(request, form)
    if not form.is_valid():
        return _ask(request, form, status=422)
    code = form.cleaned_data["code"]
    if not may_try(code):
        return render(request, "surveys/citizen/reply_later.html", status=429)
    remark = find(code)
    step = request.POST.get("step")
    if remark and step in HELPED:
        remark = say(remark, helped=HELPED[step], read=request.POST.get("read", ""))
    if remark and step == "erase":
        remark = erasing.ask(remark)
    told: Mapping[str, object] = {}
    if remark:
        remark, told = telling.take(request, remark)
    gone = bool(remark and is_gone(remark))
    asked = bool(remark and is_asked(remark))
    context = {
        "remark": remark,
        "asked": asked,
        "read": shown_mark(remark) if remark and asked else "",
        "above": bool(remark and asked and has_above(remark.office)),
        # what was sent was of another reply
        "changed": asked and step in HELPED,
        "kept": bool(remark and is_kept(remark)),
        "thanked": step in HELPED,
        "code": code,
        "gone": gone,
        "readable": remark and remark.state in READABLE,
        "forgotten": bool(remark and step == "forget" and forget(remark)) and not gone,
        "has_contact": bool(remark and not gone and exists(remark)),
        **told,
    }
    status = 422 if context.get("telling_problem") else 200
    return render(request, "surveys/citizen/reply.html", context, status=status)


def _ask(request: HttpRequest, form: CodeForm, status: int = 200) -> HttpResponse:
    errors = form.errors.get("code") if form.is_bound else None
    typed = form.data.get("code", "")[:LONGEST_CODE]
    context = {"error": errors[0] if errors else "", "typed": typed}
    return render(request, "surveys/citizen/reply_code.html", context, status=status)


@gzip_page
@require_safe
def published(request: HttpRequest, slug: str) -> HttpResponse:
    """What citizens wrote to an office and what it replied, where it published that."""
    office = directory.current().office(slug)
    if office is None:
        raise Http404
    remarks = Remark.objects.filter(office=office.id, state=Remark.State.PUBLISHED)
    # no order of arrival: the newest releases first, within them at random
    pages = Paginator(remarks.order_by("-released_on", "key"), ON_A_PAGE)
    page = pages.get_page(request.GET.get("trang"))
    for_themes = ThemeReply.objects.filter(office=office.id, published_at__isnull=False)
    context = {
        "office": office,
        "page": page,
        "for_themes": for_themes[:MOST_THEMES] if page.number == 1 else [],
    }
    return render(request, "surveys/citizen/published.html", context)
