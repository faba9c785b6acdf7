"""Where an invitation's link leads: the first page of the survey, without any statement.

Opening it uses nothing up: programs that look at links before people do may open it as well. Only
this page's address has the token. What follows is sent to the office's own address with the token
in the form, and the browser is told not to name this address anywhere.
"""

from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from offices import directory
from surveys.citizen.ended import ended
from surveys.citizen.sheet import invite, new_sheet
from surveys.citizen.spoilt import spoilt
from surveys.citizen.survey import of_citizens, show
from surveys.invitations.token import Forged, Invitation, is_whole, read
from surveys.questionnaires import catalogue


@of_citizens
@require_safe
def invited(request: HttpRequest, token: str) -> HttpResponse:
    """The first page of the survey for one dossier; 410 for an expired link, 404 for no link."""
    response = _page(request, token)
    response["Referrer-Policy"] = "no-referrer"
    return response


def _page(request: HttpRequest, token: str) -> HttpResponse:
    found = read(token)
    if isinstance(found, Forged):
        return spoilt(request, None, found, whole=is_whole(token))
    office = directory.current().offices_by_id.get(found.office_id)
    if office is not None and not office.is_open_on(timezone.localdate()):
        return ended(request, office)
    if not isinstance(found, Invitation):
        return spoilt(request, office, found)
    instrument = catalogue.current().default
    if office is None or instrument is None:
        raise Http404
    sheet = new_sheet(office, instrument, QueryDict())
    invite(sheet, found)
    return show(request, sheet, survey_address=reverse("surveys:start", args=[office.slug]))
