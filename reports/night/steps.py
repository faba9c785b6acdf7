"""The night: what is left to count is counted, yesterday is closed, what is shown is proved.

`close` does it all in one process. The Celery tasks do the same spread over provinces.
"""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date

from django.db import transaction
from django.utils import timezone

from reports.counting.batching import days_held
from reports.counting.closing import closed_through
from reports.counting.periods import Span, span_of, spans_of
from reports.counting.tally import marked_offices, recount
from reports.handover import hand_over_everywhere
from reports.models import NightlyRun, Period, Score, Stale
from reports.proof.run import prove_night
from reports.scores.offices import rescore_office
from reports.scores.units import catch_up_country, catch_up_provinces
from reports.showing.breakdowns import catch_up_breakdowns
from surveys.intake.settling import settle


def count_office(office_id: int, through: date | None) -> set[Span]:
    """Recounts what is marked of one office and writes its scores, in one transaction.

    Returns the periods whose shown figures changed; units catch up later.
    """
    with transaction.atomic():
        return rescore_office(recount(office_id), through)


def close_office(office_id: int, day: date) -> set[Span]:
    """Counts one office as `count_office` does and closes its periods that end with `day`."""
    with transaction.atomic():
        counted = recount(office_id, closing=day)
        # Only now, under the office's lock: somebody else may just have taken the marks.
        spans = open_until(day, office_id).get(office_id, set())
        if any(span.kind == Period.MONTH for span in spans):
            # with their month, the batches appear that it held back
            spans |= {span for held in days_held(office_id) for span in spans_of(held)}
        return rescore_office(counted, day, spans)


def count_marked() -> int:
    """Counts every marked office and then its units; returns how many offices there were.

    This is what runs every few seconds. Running it twice at once is safe: offices are locked.
    An office that cannot be counted keeps its marks and does not hold up the others: its error is
    raised at the end.
    """
    through = closed_through()
    offices = marked_offices()
    failures: list[Exception] = []
    for office in offices:
        try:
            count_office(office, through)
        except Exception as failure:  # whatever it is, the other offices are counted
            failure.add_note(f"while counting office {office}")
            failures.append(failure)
    catch_up_provinces(through)
    catch_up_country(through)
    if failures:
        raise ExceptionGroup("offices that could not be counted", failures)
    return len(offices)


def open_until(day: date, *offices: int) -> dict[int, set[Span]]:
    """By office: the periods that end with `day` or before and still stand as open.

    offices: only these; all when none is named.
    """
    scores = Score.objects.filter(office__isnull=False, closed=False, start__lte=day)
    if offices:
        scores = scores.filter(office__in=offices)
    found: dict[int, set[Span]] = defaultdict(set)
    for office, period, start in scores.values_list("office_id", "period", "start"):
        span = span_of(period, start)
        if span.last <= day and office is not None:
            found[office].add(span)
    return found


def close(day: date) -> NightlyRun:
    """Closes `day` and everything before it. Running it again repairs and changes nothing else.

    Raises ValueError for a day that is not over.
    """
    run = begin(day)
    close_offices(day, offices_to_close(day))
    return finish(run)


def offices_to_close(day: date) -> list[int]:
    """The offices with something to count, to close or to sum again, by key."""
    stale = Stale.objects.filter(office__isnull=False).values_list("office_id", flat=True)
    left = {office for office in stale.distinct() if office is not None}
    # marks before scores: what loses its mark in between has its score
    return sorted(left.union(marked_offices(), open_until(day)))


def close_offices(day: date, offices: Iterable[int]) -> None:
    """Counts and closes these offices and their units up to the province; for one worker."""
    wanted = sorted(set(offices))
    for office in wanted:
        close_office(office, day)
    catch_up_provinces(day, wanted)


def begin(day: date) -> NightlyRun:
    """Notes the run and settles what citizens left unfinished. Raises ValueError for today."""
    if day >= timezone.localdate():
        raise ValueError(f"{day} is not over; the last day that can be closed is yesterday")
    settle()
    run, _ = NightlyRun.objects.update_or_create(day=day, defaults={"started_at": timezone.now()})
    return run


def finish(run: NightlyRun) -> NightlyRun:
    """Writes the country and breakdowns, hands over remarks, proves what is shown.

    Then the run is marked as done.
    """
    catch_up_country(run.day)
    catch_up_breakdowns()
    hand_over_everywhere()
    proofs = prove_night(run.day)
    run.responses = sum(proof.responses for proof in proofs)
    run.differences = sum(proof.differences for proof in proofs)
    run.finished_at = timezone.now()
    run.save()
    return run
