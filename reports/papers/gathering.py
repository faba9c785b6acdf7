"""A report of a place with all that its page says of it: its release, and what is being checked."""

from dataclasses import dataclass

from django.db.models import QuerySet

from offices.models import AdministrativeUnit, Office
from reports.counting.periods import KEPT, Span
from reports.counting.policy import POLICY
from reports.models import Release, TerritoryMap
from reports.papers.contents import Contents, Marks, office_contents, unit_contents
from reports.proof import doubts
from reports.showing.parts import Viewed
from reports.showing.subjects import Subjects
from reports.sipas.hiding.suppression import Policy
from surveys.questionnaires.catalogue import InstrumentEntry

Place = Office | AdministrativeUnit


@dataclass(frozen=True, slots=True)
class PaperView:
    """A period and questionnaire as everybody without a stricter policy sees it."""

    span: Span
    instrument: InstrumentEntry
    territory: TerritoryMap
    policy: Policy = POLICY


def asked_of(view: Viewed) -> dict[str, str]:
    """How an address asks for a view."""
    return {
        "ky": view.span.kind.value,
        "tu": view.span.first.isoformat(),
        "phieu": f"{view.instrument.slug}.{view.instrument.version}",
        "ban-do": view.territory.value,
    }


def gathered(
    place: Place, view: Viewed, *, address: str, release: Release | None, doubted: bool
) -> Contents | None:
    """The report; None where the period is open, a day or a week, or shows no figure.

    address: of the page of the view. doubted: whether the proof doubts any figure at all.
    """
    if view.span.kind not in KEPT:
        return None
    if isinstance(place, Office):
        stands = doubts.of_office(place.pk, view.instrument.id) if doubted else ()
        marks = Marks(own=lambda span: any(one.concerns(span) for one in stands))
        return office_contents(place, view, address=address, release=release, marks=marks)
    subject = Subjects.of_unit(place, view.territory)
    stands = (
        doubts.of_unit(place.pk, subject, view.territory, view.instrument.id) if doubted else ()
    )
    marks = Marks(
        own=lambda span: any(one.concerns(span) for one in stands),
        parts=lambda keys: doubts.of_parts(keys, place, view) if doubted else (),
    )
    return unit_contents(place, view, address=address, release=release, marks=marks)


def release_of(place: Place, span: Span, seen: QuerySet[AdministrativeUnit]) -> Release | None:
    """The newest release of the period that holds the place, of the nearest unit among `seen`."""
    lowest = place.unit if isinstance(place, Office) else place
    chain = [unit.pk for unit in lowest.chain()]
    found = Release.objects.filter(
        unit__in=seen.filter(pk__in=chain).values("pk"), period=span.kind, start=span.first
    )
    nearest = sorted(found, key=lambda one: (chain.index(one.unit_id), -one.revision))
    return nearest[0] if nearest else None
