"""Files of reports that were made beforehand: kept, found again, and emptied when their time came.

A file is found only by its fingerprint: no reader gets one that says anything else than what
would be written for them now.
"""

import zlib
from datetime import date

from django.db.models import Q, QuerySet
from django.utils import timezone

from offices.models import Office
from reports.counting.closing import is_closed
from reports.counting.periods import KEPT, Span, previous, span_of
from reports.models import Paper, PaperFile, Period, TerritoryMap
from reports.papers.contents import Contents
from reports.papers.gathering import Place
from reports.papers.kinds import PaperKind
from reports.showing.parts import Viewed

# Of so many newest closed periods of each kind the files are kept.
NEWEST = {Period.MONTH: 2, Period.QUARTER: 1, Period.YEAR: 1}


def kept_file(place: Place, view: Viewed, kind: PaperKind, contents: Contents) -> bytes | None:
    """The bytes that were made beforehand of just these contents; None where there are none."""
    found = PaperFile.objects.filter(
        paper__in=papers_of(place, view.territory).filter(
            period=view.span.kind, start=view.span.first, instrument=view.instrument.id
        ),
        ending=kind.ending,
        fingerprint=kind.fingerprint(contents),
        content__isnull=False,
    )
    file = found.first()
    return None if file is None else file.unpacked()


def papers_of(place: Place, territory: TerritoryMap) -> QuerySet[Paper]:
    """The reports of a place that are made beforehand; of a unit, on this map."""
    if isinstance(place, Office):
        return Paper.objects.filter(office=place)
    return Paper.objects.filter(unit=place, map=territory)


def with_files(papers: QuerySet[Paper]) -> set[int]:
    """The keys of those of these reports whose files are kept."""
    files = PaperFile.objects.filter(paper__in=papers, content__isnull=False)
    return set(files.values_list("paper", flat=True))


def keep(paper: Paper, kind: PaperKind, fingerprint: str, file: bytes) -> None:
    """Keeps a file of a report, in the place of the one before it."""
    PaperFile.objects.update_or_create(
        paper=paper,
        ending=kind.ending,
        defaults={
            "fingerprint": fingerprint,
            "seal": PaperFile.seal_of(fingerprint, file),
            "size": len(file),
            "content": zlib.compress(file),
            "made_at": timezone.now(),
        },
    )


def newest_closed(kind: Period, through: date) -> tuple[Span, ...]:
    """The newest closed periods of a kind, as many as files are kept of, newest first.

    through: the last day that is closed.
    """
    found: list[Span] = []
    span = span_of(kind, through)
    while len(found) < NEWEST[kind]:
        if is_closed(span, through):
            found.append(span)
        span = previous(span)
    return tuple(found)


def empty_old(through: date) -> int:
    """Empties the files of older periods, which are made again when asked for; how many."""
    newest = Q()
    for kind in KEPT:
        newest |= Q(paper__period=kind, paper__start__gte=newest_closed(kind, through)[-1].first)
    return PaperFile.objects.filter(content__isnull=False).exclude(newest).update(content=None)
