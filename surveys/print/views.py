"""The poster and the table card of an office, as PDF."""

from dataclasses import dataclass
from urllib.parse import urlencode

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import get_language_info
from django.views.decorators.http import require_safe

from offices import directory
from offices.addresses import public_name, public_url
from offices.directory import CounterEntry, OfficeEntry
from surveys.citizen.ended import ended
from surveys.citizen.languages import FIELD
from surveys.print.paper import Paper, printed
from surveys.questionnaires.minutes import usual_minutes

# The parameter that asks for Vietnamese and Khmer on one sheet.
TWO_LANGUAGES = "song-ngu"
# The parameter that asks for the poster in large print.
LARGE = "chu-to"


@dataclass(frozen=True, slots=True)
class Variant:
    """A language, or two, to print in: its name in itself and what the address asks for."""

    code: str
    name: str
    query: str


def variants() -> list[Variant]:
    """In what an office may print today, Vietnamese first."""
    names = {code: _own_name(code) for code, _name in settings.LANGUAGES}
    found = [Variant(code, name, f"?{FIELD}={code}") for code, name in names.items()]
    if "km" in names:
        both = f"{names['vi']} – {names['km']}"
        found.insert(1, Variant("vi", both, f"?{FIELD}=vi&{TWO_LANGUAGES}=1"))
    return found


def _own_name(code: str) -> str:
    name: str = get_language_info(code)["name_local"]
    return name[:1].upper() + name[1:]


@require_safe
def poster_pdf(request: HttpRequest, slug: str) -> HttpResponse:
    """The poster, with `chu-to` in large print.

    `ngon-ngu` chooses its language, `song-ngu` Vietnamese and Khmer together.
    """
    if request.GET.get(LARGE):
        return _sheet(request, slug, Paper.LARGE_POSTER, "ap-phich-chu-to")
    return _sheet(request, slug, Paper.POSTER, "ap-phich")


@require_safe
def table_card_pdf(request: HttpRequest, slug: str) -> HttpResponse:
    """The table card, of the office or, with `quay`, of one counter; languages as the poster."""
    return _sheet(request, slug, Paper.TABLE_CARD, "the-ban")


def _sheet(request: HttpRequest, slug: str, paper: Paper, name: str) -> HttpResponse:
    office = directory.current().office(slug)
    if office is None:
        raise Http404
    if not office.is_open_on(timezone.localdate()):
        return ended(request, office)
    counter = _counter(office, request.GET.get("quay", ""))
    language = translation.get_language() or settings.LANGUAGE_CODE
    both = bool(request.GET.get(TWO_LANGUAGES)) and "km" in dict(settings.LANGUAGES)
    languages = ("vi", "km") if both else (language,)
    start = reverse("surveys:start", args=[slug])
    desk = {"quay": str(counter.number)} if counter else {}
    # a code in one other language opens the form in it; nobody should have to type that
    spoken = {FIELD: language} if languages[0] != settings.LANGUAGE_CODE else {}
    pdf = printed(
        paper,
        languages,
        office.name,
        counter,
        address=public_url(_with(start, desk | spoken)),
        typed=public_name(_with(start, desk)),
        minutes=usual_minutes(),
    )
    variant = "vi-km" if both else language
    file = "-".join([name, slug, *([f"quay-{counter.number}"] if counter else []), variant])
    response = HttpResponse(pdf, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{file}.pdf"'
    return response


def _with(path: str, parameters: dict[str, str]) -> str:
    return f"{path}?{urlencode(parameters)}" if parameters else path


def _counter(office: OfficeEntry, number: str) -> CounterEntry | None:
    """The counter with this number; None if none is asked for.

    A card for a counter that the office does not have would send people's answers nowhere, so
    that is not found (Http404).
    """
    if not number:
        return None
    for counter in office.counters:
        if str(counter.number) == number:
            return counter
    raise Http404
