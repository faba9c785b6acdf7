"""The night: what is left to count is counted, yesterday is closed, the figures are proved.

What is done in each step stands here. `close` does all of them in one process; Celery's workers
take them one by one (reports.tasks). Which steps there are says `nights`, who does them `leases`.
"""

from collections import defaultdict
from collections.abc import Collection, Iterator
from datetime import date, timedelta
from functools import partial

from django.db import transaction
from django.utils import timezone

from accounts.cleaning import clean
from accounts.idle import close_unused
from offices.models import Office
from offices.proposals import expire
from offices.validity import Days
from reports.briefing.letters import send_letters
from reports.counting.batching import days_held, waiting_offices
from reports.counting.closing import (
    closed_through,
    is_closed,
    last_closed_month,
    months_through,
)
from reports.counting.periods import Span, kept_spans_of, span_of
from reports.counting.recount import marked_offices, recount
from reports.handover import hand_over_everywhere
from reports.models import Night, NightStep, Period, Score, Stale
from reports.night import nights, papers, running
from reports.night.auditing import AuditChanged, audit
from reports.night.leases import Held
from reports.night.parts import Parts
from reports.night.proving import prove
from reports.plans import measure_all
from reports.scores.offices import rescore_office
from reports.scores.seals import key_seals
from reports.scores.units import (
    catch_up_country,
    catch_up_provinces,
    provinces_today,
)
from surveys.floods.deciding import empty_refused
from surveys.floods.judging import judge_office
from surveys.floods.levels import begin_year, may_set, take_over
from surveys.intake.settling import settle
from surveys.invitations.destroying import destroy_keys, destroy_years
from surveys.labels import fold
from surveys.models import Mark
from surveys.remarks import contacts

Name, State = NightStep.Name, NightStep.State


def count_office(office_id: int, through: date | None) -> set[Span]:
    """Recounts what is marked of one office and writes its scores, in one transaction.

    Returns the periods whose shown figures changed; units catch up later.
    """
    with transaction.atomic():
        return rescore_office(recount(office_id, through), through)


def close_office(office_id: int, day: date) -> set[Span]:
    """Counts one office as `count_office` does and closes its periods that end with `day`.

    Before, what came is judged: what exceeds the office's past stands aside of what is counted.
    """
    through, before = _through(day), closed_through()
    first = day if before is None else min(before + timedelta(days=1), day)
    nights = list(Days(first, day).each())
    with transaction.atomic():
        closed = last_closed_month(before).last if before else None
        judged = partial(judge_office, office_id, day, closed)
        counted = recount(office_id, through, nights=nights, before=judged)
        # Only now, under the office's lock: somebody else may just have taken the marks.
        spans = open_until(day, office_id).get(office_id, set())
        if any(span.kind == Period.MONTH for span in spans):
            # with their month, the batches appear that it held back
            spans |= {span for held in days_held(office_id) for span in kept_spans_of(held)}
        return rescore_office(counted, through, spans)


def _through(day: date) -> date:
    """What is closed once `day` is; more than that where a later day was closed before."""
    return max(day, closed_through() or day)


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
    """By office: the periods that the night of `day` closes, or one before, and that stand as open.

    offices: only these; all when none is named.
    """
    scores = Score.objects.filter(office__isnull=False, closed=False, start__lte=day)
    if offices:
        scores = scores.filter(office__in=offices)
    found: dict[int, set[Span]] = defaultdict(set)
    for office, period, start in scores.values_list("office_id", "period", "start"):
        span = span_of(period, start)
        if is_closed(span, day) and office is not None:
            found[office].add(span)
    return found


def offices_to_close(day: date, among: Collection[int] = ()) -> list[int]:
    """The offices with something to count, to close or to sum again, by key.

    Also those in which somebody waits for a batch: what is left of a day that is over is gathered.
    among: only these; all when none is named.
    """
    # marks before scores: what loses its mark in between has its score
    rows = [Mark.objects.all(), Stale.objects.filter(office__isnull=False)]
    left = waiting_offices(day)
    if among:
        left.intersection_update(among)
    for found in rows:
        if among:
            found = found.filter(office__in=among)
        left.update(found.values_list("office_id", flat=True).distinct())
    return sorted(left.union(open_until(day, *among)))


def begin(day: date) -> Night:
    """Notes the night and settles what citizens left unfinished. Raises ValueError for today."""
    night = nights.start(day)
    settle()
    return night


def _begin(held: Held, parts: Parts) -> None:
    """Settles, and says which provinces have something to close."""
    with parts.trying("settle"):
        settle()
    year = timezone.localdate().year
    if may_set(year):
        with parts.trying("levels"):
            parts.result["levels"] = begin_year(year)
    with parts.trying("levels"):
        parts.result["heirs"] = take_over(timezone.localdate())
    located = provinces_today()
    wanted = {located.get(office) for office in offices_to_close(held.step.night.day)}
    nights.plan_provinces(held.step.night, wanted)
    parts.result["provinces"] = len(wanted)


def _close_province(held: Held, parts: Parts) -> None:
    """Closes the offices of a province, and its units. One that cannot be closed is named.

    The one at which the holder before us died comes last.
    """
    night, located = held.step.night, provinces_today()
    members = dict(Office.objects.values_list("pk", "slug"))
    members = {key: members[key] for key in members if located.get(key) == held.step.province_id}
    wanted = offices_to_close(night.day, members) if members else []
    for office in sorted(wanted, key=lambda key: (members[key] == held.at, key)):
        held.beat(members[office])
        with parts.trying(members[office]):
            close_office(office, night.day)
    held.beat()
    catch_up_provinces(_through(night.day), wanted)


def _hand_over(held: Held, parts: Parts) -> None:
    parts.result["remarks"] = hand_over_everywhere(held.beat, parts.trying)
    parts.result["plans"] = measure_all(timezone.localdate(), held.beat, parts.trying)


def _prove(held: Held, parts: Parts) -> None:
    try:
        parts.result.update(prove(held.step.night, held.beat))
    except ExceptionGroup as failures:
        for failure in failures.exceptions:  # each says which province
            parts.note(", ".join(getattr(failure, "__notes__", ())), failure)


def _clear_sessions(_held: Held, parts: Parts) -> None:
    with parts.trying("accounts"):
        parts.result["closed"] = close_unused()
    parts.result.update(clean())


def _destroy_keys(held: Held, parts: Parts) -> None:
    parts.result["keys"] = len(destroy_keys()) + len(destroy_years())
    through = months_through()
    if through is not None:
        parts.result["labels"] = fold(through, held.beat)
        parts.result["seals"] = key_seals(held.beat)


def _delete_contacts(_held: Held, parts: Parts) -> None:
    parts.result["contacts"] = contacts.delete_every_ended()
    parts.result["refused"] = empty_refused()
    # with what nobody approved in a month, the files that wait with it
    parts.result["expired"] = expire()


def _audit(held: Held, parts: Parts) -> None:
    """Each break of the chain is a failure, so that the log, the page and /readyz say so."""
    found = audit(held.step.night, held.beat)
    for broken in found.breaks:
        parts.note("", AuditChanged(f"{broken.code}: {broken.sentence}"))
    parts.result["links"] = found.links
    parts.result["heads"] = found.heads
    parts.result["breaks"] = len(found.breaks) + found.more
    parts.result["accepted"] = len(found.accepted)


def _write_letters(held: Held, parts: Parts) -> None:
    if Night.objects.filter(day__gt=held.step.night.day).exists():
        return  # an old night that runs again: its letter would be of another morning
    sent = send_letters(held.step.night.day, held.beat, parts.trying)
    parts.result["letters"], parts.result["returned"] = sent.handed, sent.returned


def _ask_for_papers(held: Held, parts: Parts) -> None:
    if not Night.objects.filter(day__gt=held.step.night.day).exists():
        parts.result.update(papers.ask(held.step.night))


WORK: running.Work = {
    Name.BEGIN: _begin,
    Name.PROVINCE: _close_province,
    Name.COUNTRY: lambda held, _parts: catch_up_country(_through(held.step.night.day)),
    Name.TABLES: lambda _held, _parts: None,  # of a night that an earlier version planned
    Name.HANDOVER: _hand_over,
    Name.PROOF: _prove,
    Name.KEYS: _destroy_keys,
    Name.CONTACTS: _delete_contacts,
    Name.SESSIONS: _clear_sessions,
    Name.AUDIT: _audit,
    Name.LETTERS: _write_letters,
    Name.PAPERS: _ask_for_papers,
}


def run_next() -> running.Ran | None:
    """Runs the next step that is due of any night; None if there is none."""
    return running.run_next(WORK)


def run_all(night: Night) -> Iterator[running.Ran]:
    """Runs the steps of a night until each is done or has failed."""
    return running.run_all(WORK, night)


def close(day: date) -> Night:
    """Closes `day` and everything before it. Running it again repairs and changes nothing else.

    Raises ValueError for a day that is not over, and an ExceptionGroup with whatever failed, once
    the rest is done.
    """
    night = nights.start(day)
    if night.steps.exclude(state=State.WAITING).exists():
        nights.repeat(night)
    failures = [failure for ran in run_all(night) for _, failure in ran.parts.failures]
    if failures:
        raise ExceptionGroup(f"the night of {day}", failures)
    night.refresh_from_db()
    return night
