"""Reports made beforehand: which ones a night asks for, and whoever has time makes them.

A row stands for each. A night asks for the closed periods that have none yet, for what failed, for
what was computed anew or written lately, and for provinces and the country every time; files are
written only where they would say something else. Making them is no step: it waits until the night's
steps are over, in portions of a few seconds beside whatever else is due. A process that dies leaves
its report to the next; three that die at one have failed at it.
"""

import logging
import time
from datetime import timedelta

from django.conf import settings
from django.db import connection
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Now
from django.utils import timezone, translation
from django.utils.http import urlencode

from offices.addresses import public_url
from offices.models import AdministrativeUnit, Office
from reports.briefing.pages import Page, path_of
from reports.counting.closing import closed_through
from reports.counting.periods import KEPT, Span, span_of
from reports.models import Night, NightStep, Paper, Score, TerritoryMap
from reports.night.leases import DEATHS, ENDED, LEASE, NOW
from reports.night.parts import told
from reports.papers.contents import Contents
from reports.papers.gathering import PaperView, Place, asked_of, gathered, release_of
from reports.papers.keeping import empty_old, keep, newest_closed
from reports.papers.kinds import KINDS
from reports.proof.standing import any_standing
from reports.showing.figures import headlines
from surveys.questionnaires import catalogue

logger = logging.getLogger(__name__)
State, Reason, Level = Paper.State, Paper.Reason, AdministrativeUnit.Level
# So many processes make reports at once, each for so long before others have their turn.
MAKERS = 2
PORTION_SECONDS = 3.0
CHUNK = 500
# So long after it was written a report is looked at again every night: what stands beside a figure,
# such as the evidence of its forms, is known a night or more after its period has closed.
SETTLES = timedelta(days=3)

TAKE = f"""
UPDATE reports_paper SET attempts = attempts + 1, lease_until = {NOW} + {LEASE}
WHERE id = (
    SELECT s.id FROM reports_paper s WHERE s.state = 'waiting' AND {ENDED}
    ORDER BY s.attempts, s.id LIMIT 1 FOR UPDATE SKIP LOCKED
)
RETURNING id
"""  # noqa: S608 - constants of ours
GIVE_UP = f"""
UPDATE reports_paper s SET state = 'failed', reason = 'ended', lease_until = NULL
WHERE s.state = 'waiting' AND s.attempts >= %(deaths)s AND {ENDED}
"""  # noqa: S608 - constants of ours
AT_WORK = f"""
SELECT count(*) FROM reports_paper s WHERE s.state = 'waiting' AND NOT {ENDED}
"""  # noqa: S608 - constants of ours


def ask(night: Night) -> dict[str, int]:
    """Asks for the reports that are missing or may be outdated, and empties old files.

    What is asked for already is asked for once. Returns how many wait, and how many were emptied.
    """
    through = closed_through()
    if through is None:
        return {}
    kept = Q()
    for span in (span for kind in KEPT for span in newest_closed(kind, through)):
        _ask_for_new(night, span)
        kept |= Q(period=span.kind, start=span.first)
    every_night = Q(unit__level__in=(Level.COUNTRY, Level.PROVINCE))
    every_night |= Q(made_at__gte=timezone.now() - SETTLES)
    again = Q(state=State.FAILED) | Q(state=State.MADE) & (every_night | _computed_anew())
    left = Q(state=State.WAITING) & ~Q(night=night)
    Paper.objects.filter(kept & (again | left)).update(
        state=State.WAITING, reason="", night=night, attempts=0, lease_until=None
    )
    return {
        "papers": Paper.objects.filter(night=night, state=State.WAITING).count(),
        "emptied": empty_old(through),
    }


def _ask_for_new(night: Night, span: Span) -> None:
    """Rows for the places that show a figure of a closed period and have no row yet."""
    scores = Score.objects.filter(period=span.kind, start=span.first, closed=True).filter(
        Q(office__isnull=False)
        | Q(map=TerritoryMap.TODAY, unit__valid_to=None)
        | Q(map=TerritoryMap.THEN, unit__valid_to__isnull=False)
    )
    same = Paper.objects.filter(
        period=span.kind, start=span.first, instrument=OuterRef("instrument")
    )
    of_office = Q(Exists(same.filter(office=OuterRef("office"))))
    of_unit = Q(Exists(same.filter(unit=OuterRef("unit"), map=OuterRef("map"))))
    missing = scores.exclude(of_office).exclude(of_unit).select_related("unit")
    order = [Level.COUNTRY, Level.PROVINCE, Level.DISTRICT, Level.COMMUNE]
    wanted = []
    for score in missing:
        if headlines([score])[0].share is None:
            continue
        place = len(order) if score.unit is None else order.index(Level(score.unit.level))
        wanted.append((place, score.pk, _row(night, span, score)))
    rows = [row for *_, row in sorted(wanted, key=lambda one: one[:2])]
    Paper.objects.bulk_create(rows, batch_size=CHUNK, ignore_conflicts=True)


def _row(night: Night, span: Span, score: Score) -> Paper:
    return Paper(
        office_id=score.office_id,
        unit_id=score.unit_id,
        map="" if score.unit_id is None else score.map,
        period=span.kind,
        start=span.first,
        instrument_id=score.instrument_id,
        night=night,
    )


def _computed_anew() -> Q:
    """Whether the figure of a report was computed again since it was made."""
    newer = Score.objects.filter(
        period=OuterRef("period"),
        start=OuterRef("start"),
        instrument=OuterRef("instrument"),
        closed=True,
    ).exclude(computed_at=OuterRef("computed_at"))
    of_office = newer.filter(office=OuterRef("office"))
    return Q(Exists(of_office)) | Q(
        Exists(newer.filter(unit=OuterRef("unit"), map=OuterRef("map")))
    )


def make_some(seconds: float = PORTION_SECONDS) -> bool:
    """Makes reports that wait, for so long; whether some are left that one may go on with.

    Makes none while the night has steps to do, nor beside so many others.
    """
    if _night_at_work() or _count(AT_WORK) >= MAKERS:
        return False
    until = time.monotonic() + seconds
    while (paper := _take()) is not None:
        make(paper)
        if time.monotonic() >= until:
            return are_waiting()
    return False


def are_waiting() -> bool:
    """Whether reports wait that nobody makes, and may be made now."""
    return not _night_at_work() and Paper.objects.filter(state=State.WAITING).exists()


def remake(papers: QuerySet[Paper], key: int) -> Paper | None:
    """Makes one of these reports again that failed; it says what became of it, without a key where
    it shows no figure any more. None where it has not failed, or somebody else makes it again.
    """
    until = Now() + timedelta(seconds=settings.NIGHT_LEASE_SECONDS)
    begun = papers.filter(pk=key, state=State.FAILED).update(
        state=State.WAITING, reason="", attempts=1, lease_until=until
    )
    if not begun:
        return None
    paper = Paper.objects.select_related("office__unit", "unit").get(pk=key)
    make(paper)
    return paper


def make(paper: Paper) -> None:
    """Makes the files of a report that would be written otherwise now, or says why it cannot.

    A report that shows no figure any more is forgotten, with its files.
    """
    try:
        with translation.override(settings.LANGUAGE_CODE):
            reason = _write(paper)
    except NoFigure:
        paper.delete()
        return
    paper.state = State.FAILED if reason else State.MADE
    paper.reason, paper.lease_until = reason, None
    said = ("state", "reason", "lease_until", "computed_at", "made_at")
    # another maker may have found meanwhile that it shows no figure any more
    Paper.objects.filter(pk=paper.pk).update(**{name: getattr(paper, name) for name in said})


class NoFigure(Exception):
    """A report of a period that shows no figure (any more)."""


def _write(paper: Paper) -> str:
    """Why a report cannot be made; empty where its files are as they would be written now."""
    stage = Reason.FIGURES
    try:
        contents = contents_of(paper)
        if contents is None:
            raise NoFigure
        before = dict(
            paper.files.filter(content__isnull=False).values_list("ending", "fingerprint")
        )
        for kind in KINDS:
            stage = Reason(kind.ending)
            fingerprint = kind.fingerprint(contents)
            if before.get(kind.ending) != fingerprint:
                keep(paper, kind, fingerprint, kind.write(contents))
                paper.made_at = timezone.now()
    except NoFigure:
        raise
    except Exception as failure:  # whatever it is, the others are made
        logger.error("report %s failed (%s): %s", paper.pk, stage.value, told(failure))
        return stage
    paper.computed_at = contents.computed_at
    return ""


def contents_of(paper: Paper) -> Contents | None:
    """What a report says to whoever holds just its place; None where there is no figure to show."""
    place: Place | None = paper.office or paper.unit
    instrument = catalogue.current().by_id(paper.instrument_id)
    if place is None or instrument is None:
        return None
    territory = TerritoryMap(paper.map or TerritoryMap.TODAY)
    view = PaperView(span_of(paper.period, paper.start), instrument, territory)
    own = AdministrativeUnit.objects.filter(pk__in=[] if paper.unit_id is None else [paper.unit_id])
    page = Page("office", (place.slug,)) if isinstance(place, Office) else Page("unit", (place.pk,))
    return gathered(
        place,
        view,
        address=public_url(f"{path_of(page)}?{urlencode(asked_of(view))}"),
        release=release_of(place, view.span, own),
        doubted=any_standing(),
    )


def _take() -> Paper | None:
    """The next report that waits, with a lease on it; None if there is none."""
    _count(GIVE_UP, deaths=DEATHS)
    with connection.cursor() as cursor:
        cursor.execute(TAKE, {"lease": settings.NIGHT_LEASE_SECONDS})
        row = cursor.fetchone()
    if row is None:
        return None
    return Paper.objects.select_related("office__unit", "unit").get(pk=row[0])


def _count(statement: str, **words: int) -> int:
    """Runs a statement about leases; the number that it selects, else how many rows it changed."""
    with connection.cursor() as cursor:
        cursor.execute(statement, {"lease": settings.NIGHT_LEASE_SECONDS, **words})
        return int(cursor.fetchone()[0]) if cursor.description else int(cursor.rowcount)


def _night_at_work() -> bool:
    newest = Night.objects.order_by("-day").first()
    left = (NightStep.State.WAITING, NightStep.State.RUNNING)
    return newest is not None and newest.steps.filter(state__in=left).exists()
