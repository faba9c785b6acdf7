"""A closed month forgets in which hour and at which counter single forms came."""

from datetime import date, timedelta

import pytest

from offices.models import Counter, Office
from offices.rights import Role
from surveys.exclusions.rules import Rule
from surveys.exclusions.steps import apply_exclusions, exclude, lift
from surveys.flags.rules import Flag
from surveys.intake.coarsening import coarsen
from surveys.models import Response, State
from surveys.questionnaires import catalogue
from tests import factories
from tests.surveys.exclusions.test_steps import REASON

pytestmark = pytest.mark.django_db
FIRST, LAST = date(2026, 10, 1), date(2026, 10, 31)
DAY = timedelta(days=1)


@pytest.fixture
def office() -> Office:
    factories.instrument({"A": 2, "B": 1})
    return factories.office()


def form() -> int:
    entry = catalogue.current().default
    assert entry is not None
    return entry.id


def known(**which: object) -> set[tuple[int | None, int | None]]:
    """Hour and counter of these forms."""
    return set(Response.objects.filter(**which).values_list("hour", "counter__number"))


def test_closed_forms_of_the_month_forget_both_and_nothing_else(office: Office) -> None:
    desk = Counter.objects.create(office=office, number=3, name="Quầy 3")
    for day in (FIRST, LAST):
        factories.responses(office, 2, day=day, counter=desk)
    for day in (FIRST - DAY, LAST + DAY):
        factories.responses(office, 1, day=day, counter=desk)
    factories.responses(office, 1, day=LAST, counter=desk, state=State.OPEN)
    factories.responses(factories.office(), 1, day=LAST)
    others = Response.objects.exclude(office=office, state=State.FINISHED, day__range=(FIRST, LAST))
    before = list(others.order_by("id").values())
    rest = Response.objects.order_by("id").defer("hour", "counter")
    kept = list(rest.values("id", "day", "received_on", "answers", "flags", "channel", "batch"))

    assert coarsen(office.pk, form(), FIRST, LAST) == 4
    closed = {"office": office, "state": State.FINISHED, "day__range": (FIRST, LAST)}
    assert known(**closed) == {(None, None)}
    assert list(others.order_by("id").values()) == before
    assert list(rest.values(*kept[0])) == kept
    assert coarsen(office.pk, form(), FIRST, LAST) == 0


def test_forms_of_another_questionnaire_are_left(office: Office) -> None:
    factories.responses(office, 2, day=LAST)
    assert coarsen(office.pk, form() + 1, FIRST, LAST) == 0
    assert known() == {(9, None)}


def test_a_counter_that_a_rule_names_stays_so_that_the_rule_can_be_lifted(office: Office) -> None:
    desks = [Counter.objects.create(office=office, number=n, name=f"Quầy {n}") for n in (1, 2)]
    for desk in desks:
        factories.responses(office, 12, day=LAST, counter=desk, flags=Flag.BURST.value)
    factories.responses(office, 12, day=FIRST, counter=desks[0])
    assert office.unit.parent is not None
    auditor = factories.official(office.unit.parent, Role.AUDITOR)
    rule = Rule(office.pk, LAST, LAST, Flag.BURST, counter_id=desks[0].pk)
    made = exclude(rule, REASON, auditor, approved=1)
    coarsen(office.pk, form(), FIRST, LAST)
    assert known(day=LAST) == {(None, 1), (None, None)}
    assert known(day=FIRST) == {(None, None)}

    apply_exclusions(office.pk, [FIRST, LAST])
    assert Response.objects.filter(excluded=True).count() == 12
    lift(made.pk, REASON, auditor, approved=1)
    assert not Response.objects.filter(excluded=True).exists()
