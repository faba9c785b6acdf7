"""Plans for weak criteria: made from a shown figure, measured again by themselves.

A night compares the criterion's figure with that of the first closed period of the same kind that
begins after the plan was done (or after its day), and in which it is shown. Both figures stand on
the page of the criterion already, so that a result says nothing new of anybody.
"""

from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import groupby

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from audit.actors import official
from audit.recording import record
from offices.models import Office, User
from reports.counting.layouts import instrument_of
from reports.counting.periods import Span, span_of
from reports.counting.policy import POLICY
from reports.models import Plan, Score
from reports.showing.evidence import breaks_of
from reports.showing.figures import Figure, figures
from reports.showing.waiting import period_name
from reports.showing.written import decimal, rounded
from reports.sipas.comparing.difference import Difference, Estimate, difference
from reports.sipas.hiding.suppression import Policy
from reports.sipas.index.headline import same_counting
from surveys.questionnaires.catalogue import InstrumentEntry
from surveys.questionnaires.questionnaire import Texts

State, Obstacle = Plan.State, Plan.Obstacle
PERCENT = "\N{NO-BREAK SPACE}%"
ACTS = {State.DONE: "plan.done", State.GIVEN_UP: "plan.given_up"}


class FigureNotShown(Exception):
    """The criterion has no figure that is shown in that closed period: there is nothing to plan."""


class PlanNotOpen(Exception):
    """The office has no such plan, or it is done or given up already."""


@dataclass(frozen=True, slots=True)
class Wish:
    """A plan as it is asked for; span: the closed period that it is made from."""

    instrument: InstrumentEntry
    code: str
    span: Span
    text: str
    owner: User
    due_on: date


@dataclass(frozen=True, slots=True)
class PlanRow:
    """A plan as pages show it. late: open past its day; result: a sentence, empty before it."""

    plan: Plan
    span: Span
    words: Texts | None
    late: bool
    result: str


@transaction.atomic
def make(office: Office, wish: Wish, by: User, today: date, policy: Policy = POLICY) -> Plan:
    """The new plan. Raises FigureNotShown; policy: what `by` may see."""
    score = Score.objects.filter(
        office=office, instrument=wish.instrument.id, period=wish.span.kind, start=wish.span.first
    ).first()
    if score is None or not score.closed or _shown(score, wish.code, policy) is None:
        raise FigureNotShown(wish.code)
    made = Plan.objects.create(
        office=office,
        instrument_id=wish.instrument.id,
        code=wish.code,
        period=wish.span.kind,
        start=wish.span.first,
        text=wish.text,
        owner=wish.owner,
        due_on=wish.due_on,
        made_by=by,
        made_on=today,
    )
    _record("plan.made", made, by, {"owner": wish.owner.username, "due": f"{wish.due_on}"})
    return made


@transaction.atomic
def end(office: Office, key: int, state: Plan.State, by: User, today: date) -> Plan:
    """The plan of this office, done or given up from today on. Raises PlanNotOpen.

    What was measured before it was done says nothing of it: the next whole period does.
    """
    standing = Plan.objects.select_for_update().filter(office=office, pk=key, state=State.OPEN)
    plan = standing.first()
    if plan is None:
        raise PlanNotOpen(key)
    plan.state = state
    plan.done_on = today if state == State.DONE else None
    if state == State.DONE:
        plan.measured_on = plan.measured_start = plan.verdict = None
        plan.was = plan.now = plan.low = plan.high = None
        plan.obstacle = ""
    plan.save()
    _record(ACTS[state], plan, by, {})
    return plan


def _record(act: str, plan: Plan, by: User, more: dict[str, object]) -> None:
    details = {"plan": plan.pk, "period": plan.period, "start": f"{plan.start}", **more}
    record(act, subject=plan.code, office_id=plan.office_id, details=details, by=official(by))


def rows_of(
    office: Office, today: date, policy: Policy = POLICY, *, code: str = "", slug: str = ""
) -> list[PlanRow]:
    """The plans of an office, open ones first by their day, then the newest.

    code, slug: only of this criterion of this questionnaire. policy: what the reader may see; where
    it asks for more people than usual, results of figures that it hides are not told.
    """
    found = Plan.objects.filter(office=office).select_related("owner", "instrument")
    if code:
        found = found.filter(code=code, instrument__slug=slug)
    plans = list(found)
    told = _told(plans, policy)
    is_open = [plan for plan in plans if plan.state == State.OPEN]
    ended = [plan for plan in plans if plan.state != State.OPEN]
    is_open.sort(key=lambda plan: (plan.due_on, plan.pk))
    ended.sort(key=lambda plan: (plan.made_on, plan.pk), reverse=True)
    return [
        PlanRow(
            plan,
            span_of(plan.period, plan.start),
            _words(plan),
            plan.state == State.OPEN and plan.due_on < today,
            result_words(plan) if plan.pk in told else "",
        )
        for plan in (*is_open, *ended)
    ]


def _words(plan: Plan) -> Texts | None:
    items = instrument_of(plan.instrument_id).items
    return next((item.text for item in items if item.code == plan.code), None)


def _told(plans: list[Plan], policy: Policy) -> set[int]:
    """The plans whose result this policy lets a reader see."""
    measured = [plan for plan in plans if plan.measured_on is not None]
    if policy == POLICY or not measured:
        return {plan.pk for plan in measured}
    scores: dict[tuple[int, str, date | None], Score] = {
        (score.instrument_id, score.period, score.start): score
        for score in Score.objects.filter(
            office=measured[0].office_id,
            start__in={day for plan in measured for day in (plan.start, plan.measured_start)},
        )
    }
    return {
        plan.pk
        for plan in measured
        if plan.obstacle
        or all(
            score is not None and _shown(score, plan.code, policy) is not None
            for day in (plan.start, plan.measured_start)
            for score in [scores.get((plan.instrument_id, plan.period, day))]
        )
    }


def measure_all(
    today: date,
    beat: Callable[[str], None] = lambda _slug: None,
    trying: Callable[[str], AbstractContextManager[object]] = nullcontext,
) -> int:
    """Measures every plan whose later period has closed; returns how many those were.

    beat: called with the office's slug before each plan; trying: holds what one may raise, so that
    the others have their turn.
    """
    waiting = Plan.objects.filter(
        Q(state=State.DONE) | Q(state=State.OPEN, due_on__lt=today), measured_on=None
    )
    found = 0
    for key, slug in list(waiting.order_by("pk").values_list("pk", "office__slug")):
        beat(slug)
        with trying(slug):
            found += _measure(key, today)
    return found


@transaction.atomic
def _measure(key: int, today: date) -> bool:
    """Whether there was something to measure; writes it once."""
    waiting = Plan.objects.select_for_update(of=("self",)).select_related("instrument")
    plan = waiting.filter(pk=key, measured_on=None).exclude(state=State.GIVEN_UP).first()
    later = _later(plan) if plan is not None else None
    if plan is None or later is None:
        return False
    start, score = later
    compared = _compared(plan, start, score)
    if isinstance(compared, Obstacle):
        plan.obstacle = compared
    else:
        was, now, found = compared
        plan.was, plan.now, plan.low, plan.high = was.value, now.value, found.low, found.high
        plan.verdict = (found.low > 0) - (found.high < 0)
    plan.measured_start, plan.measured_on = start, today
    plan.save()
    return True


def _later(plan: Plan) -> tuple[date, Score | None] | None:
    """The period that answers: its first day, and the score; None in which another form was asked.

    None altogether while there is none: periods in which the criterion is hidden are passed over.
    """
    scores = Score.objects.filter(
        office=plan.office_id,
        instrument__slug=plan.instrument.slug,
        period=plan.period,
        closed=True,
        start__gt=plan.done_on or plan.due_on,
    )
    for start, together in groupby(scores.order_by("start"), lambda score: score.start):
        own = next((one for one in together if one.instrument_id == plan.instrument_id), None)
        if own is None:
            return start, None
        if _shown(own, plan.code) is not None:
            return start, own
    return None


def _compared(
    plan: Plan, start: date, score: Score | None
) -> Plan.Obstacle | tuple[Figure, Figure, Difference]:
    """The earlier figure, the later one and their difference, or why they are not compared."""
    if score is None:
        return Obstacle.INSTRUMENT
    offices = Office.objects.filter(pk=plan.office_id)
    if any(plan.start < day <= start for day in breaks_of(offices)):
        return Obstacle.LEVEL
    anew = instrument_of(plan.instrument_id).asked_anew
    if any(plan.start < day <= span_of(plan.period, start).last for day in anew):
        return Obstacle.INSTRUMENT
    earlier = Score.objects.filter(
        office=plan.office_id, instrument=plan.instrument_id, period=plan.period, start=plan.start
    ).first()
    was = _shown(earlier, plan.code) if earlier is not None else None
    now = _shown(score, plan.code)
    if earlier is None or was is None or now is None:
        return Obstacle.HIDDEN
    if not same_counting(earlier.method, score.method):
        return Obstacle.METHOD
    return was, now, difference(_estimate(now), _estimate(was))


def _shown(score: Score, code: str, policy: Policy = POLICY) -> Figure | None:
    """The figure of a criterion with which it may be planned; None where it is hidden."""
    found: Iterable[Figure] = (
        one.figure for one in figures(score, policy).criteria if one.code == code
    )
    return next((one for one in found if one.share is not None and one.answers), None)


def _estimate(figure: Figure) -> Estimate:
    """A criterion has one answer a person, so that its answers are independent."""
    assert figure.share is not None and figure.answers  # noqa: S101, PT018 - for the type checker
    people = figure.answers
    return Estimate(figure.share, people, float(people), max(people - 1.0, 1.0))


def result_words(plan: Plan) -> str:
    """What was found, in a sentence; empty before it was measured."""
    if plan.measured_start is None:
        return ""
    said = {"period": period_name(span_of(plan.period, plan.measured_start))}
    if plan.verdict is None or plan.was is None or plan.now is None:
        why = Obstacle(plan.obstacle).label
        return _("Measured again in %(period)s: not compared, because %(why)s.") % {
            **said,
            "why": why,
        }
    low, high = plan.low or 0.0, plan.high or 0.0
    ends = sorted((abs(low), abs(high))) if plan.verdict else (low, high)
    said |= {
        "was": _one_decimal(plan.was) + PERCENT,
        "now": _one_decimal(plan.now) + PERCENT,
        "points": _one_decimal(abs(plan.now - plan.was)),
        "low": _one_decimal(ends[0]),
        "high": _one_decimal(ends[1]),
    }
    if plan.verdict > 0:
        return (
            _(
                "Measured again in %(period)s: %(was)s → %(now)s, %(points)s points more (from "
                "%(low)s to %(high)s): a real change."
            )
            % said
        )
    if plan.verdict < 0:
        return (
            _(
                "Measured again in %(period)s: %(was)s → %(now)s, %(points)s points less (from "
                "%(low)s to %(high)s): a real change."
            )
            % said
        )
    return (
        _(
            "Measured again in %(period)s: %(was)s → %(now)s. No change beyond chance can be seen "
            "yet (the difference lies from %(low)s to %(high)s points)."
        )
        % said
    )


def _one_decimal(number: Decimal | float) -> str:
    """Half up, as every page writes it."""
    near = rounded(float(number)) + 0  # a limit just below nothing is no "−0,0"
    return decimal(float(near)).replace("-", "\N{MINUS SIGN}")
