"""A draft of a questionnaire as citizens would see it; nothing of it is stored anywhere."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from offices import directory
from offices.access import require
from offices.directory import OfficeEntry
from offices.names import in_order
from offices.rights import Action
from officials.approving.drafts import draft_entry
from surveys.citizen.sheet import ABOUT, Sheet, answers_in, stage_by
from surveys.citizen.survey import show
from surveys.models import QuestionnaireDraft


# The citizens' page has no token, and this view changes nothing for anybody.
@csrf_exempt
@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def preview(request: HttpRequest, draft: int) -> HttpResponse:
    """The citizens' own page with the draft's questions, marked as a preview."""
    require(request.user, Action.MANAGE_QUESTIONNAIRES)
    shown = get_object_or_404(QuestionnaireDraft, pk=draft)
    entry, _mistakes = draft_entry(shown)
    office = _some_office()
    if entry is None or office is None:
        raise Http404
    sheet = Sheet(office, entry)
    if request.method == "POST":
        sent = request.POST
        page = sent.get("page", "0")
        number = int(page) if page.isascii() and page.isdecimal() and len(page) < 4 else 0
        sheet.page = min(number, sheet.last_page)
        sheet.answers = answers_in(sent, entry)
        sheet.about = {name: sent.get(name, "")[:100] for name in ABOUT}
        sheet.stage_by = stage_by(sent)
        back = sent.get("go") == "back"
        if sheet.page == sheet.last_page and not back:
            messages.success(request, _("This was the last page. Nothing was stored."))
            return redirect("officials:questionnaire", draft)
        sheet.page = sheet.page_before if back else sheet.page_after
    return show(request, sheet, survey_address=request.path, preview=True)


def _some_office() -> OfficeEntry | None:
    """An office of a commune that is open today, or any: its name stands in the questions."""
    today = timezone.localdate()
    open_ones = [one for one in directory.current().offices.values() if one.is_open_on(today)]
    by_name = sorted(open_ones, key=lambda one: (one.level != "commune", in_order(one.name)))
    return next(iter(by_name), None)
