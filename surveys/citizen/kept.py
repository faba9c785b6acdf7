"""The form as it was sent, while nothing can be stored: no answer and no word of it is lost.

It asks the database for nothing. What offices and questionnaires are is known to each process.
"""

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from offices import directory
from surveys.citizen.sheet import read_sheet
from surveys.citizen.survey import Problem, show
from surveys.questionnaires import catalogue


def kept(request: HttpRequest, slug: str, form: str = "") -> HttpResponse | None:
    """503 with the page that was sent, filled in; None where there is no such form.

    A tap that is saved behind the person's back gets no page: it is saved again later.
    """
    if request.POST.get("save"):
        return HttpResponse(status=503)
    office = directory.current().office(slug)
    offered = catalogue.current()
    instrument = (offered.instrument(form) if form else None) or offered.default
    if office is None or instrument is None:
        return None
    sheet = read_sheet(office, instrument, request.POST)
    if sheet.spoilt is not None:
        return None
    said = _("Your answers are here, but cannot be stored just now. Please send again in a moment.")
    return show(request, sheet, [Problem(said)], status=503)
