"""The night: what is left to count is counted, yesterday is closed, tallies are checked.

`close` does it all in one process. The Celery tasks do the same spread over provinces.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date

from django.db import connection, transaction
from django.utils import timezone

from reports.closing import closed_through
from reports.models import NightlyRun, Score
from reports.periods import Span, span_of
from reports.reconcile import differences
from reports.scores import rescore_office
from reports.tally import marked_offices, recount
from reports.units import rescore_country, rescore_provinces, rescore_units
from surveys.settling import settle


def count_office(office_id: int, through: date | None, spans: Iterable[Span] = ()) -> set[Span]:
    """Recounts what is marked of one office and writes its scores, in one transaction.

    Returns the periods whose shown figures changed; units are the caller's.
    """
    with transaction.atomic():
        return rescore_office(recount(office_id), through, spans)


def count_marked() -> int:
    """Counts every marked office and then its units; returns how many offices there were.

    This is what runs every few seconds. Running it twice at once is safe: offices are locked.
    """
    through = closed_through()
    offices = marked_offices()
    changed = {office: count_office(office, through) for office in offices}
    rescore_units({office: spans for office, spans in changed.items() if spans}, through)
    return len(offices)


def spans_to_close(day: date) -> Mapping[int, set[Span]]:
    """By office: the periods that end with `day` or before and still stand as open."""
    found: dict[int, set[Span]] = defaultdict(set)
    for office, period, start in Score.objects.filter(
        office__isnull=False, closed=False, start__lte=day
    ).values_list("office_id", "period", "start"):
        span = span_of(period, start)
        if span.last <= day and office is not None:
            found[office].add(span)
    return found


def close(day: date) -> NightlyRun:
    """Closes `day` and everything before it. Running it again repairs and changes nothing else.

    Raises ValueError for a day that is not over.
    """
    run = begin(day)
    rescore_country(close_offices(day, offices_to_close(day)), day)
    return finish(run)


def offices_to_close(day: date) -> list[int]:
    """The offices with something to count or to close, by key."""
    return sorted(set(marked_offices()) | set(spans_to_close(day)))


def close_offices(day: date, offices: Iterable[int]) -> set[Span]:
    """Counts and closes these offices and their units up to the province; for one worker.

    Returns the periods for which the country must be written again.
    """
    wanted = set(offices)
    to_close = spans_to_close(day)
    changed = {
        # units close with their offices, even where no office's figure moved
        office: count_office(office, day, to_close.get(office, ())) | to_close.get(office, set())
        for office in sorted(wanted)
    }
    rescore_provinces(changed, day)
    return {span for spans in changed.values() for span in spans}


def begin(day: date) -> NightlyRun:
    """Notes the run and settles what citizens left unfinished. Raises ValueError for today."""
    if day >= timezone.localdate():
        raise ValueError(f"{day} is not over; the last day that can be closed is yesterday")
    settle()
    run, _ = NightlyRun.objects.update_or_create(day=day, defaults={"started_at": timezone.now()})
    return run


def finish(run: NightlyRun) -> NightlyRun:
    """Checks that tallies equal the responses and marks the run as done."""
    found = differences()
    with connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(sum(people), 0)::bigint FROM reports_tally")
        (people,) = cursor.fetchone()
    run.responses = people
    run.differences = len(found)
    run.details = found[:100]
    run.finished_at = timezone.now()
    run.save()
    return run
