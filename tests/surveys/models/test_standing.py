"""Whose answers stand in figures is one rule: in statements, in querysets, in arrays, for rules."""

from datetime import date
from itertools import product
from types import SimpleNamespace
from typing import cast

import numpy as np
import pytest
from django.db import connection

from demo.simulation.draw import People, is_in_scores
from offices.models import Office
from surveys.exclusions.rules import Rule
from surveys.exclusions.steps import preview
from surveys.models import Channel, Stage, State, standing
from tests import factories

pytestmark = pytest.mark.django_db
DAY = date(2026, 11, 2)
STAND = {
    (stage, channel)
    for stage, channel in product(Stage, Channel)
    if stage != Stage.WAITING and channel != Channel.INTERVIEW
}


@pytest.fixture
def office() -> Office:
    """An office that got a form of every state, channel and stage, some of them excluded."""
    factories.instrument({"A": 2, "B": 1})
    made = factories.office()
    for state, channel, stage, valid, excluded in product(
        State, Channel, Stage, (True, False), (True, False)
    ):
        factories.responses(
            made,
            1,
            day=DAY,
            state=state,
            channel=channel,
            stage=stage,
            valid=valid,
            excluded=excluded,
        )
    return made


def kinds_where(condition: str) -> set[tuple[int, ...]]:
    """State, stage, channel, valid and excluded of the responses that a statement finds."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT state, stage, channel, valid::int, excluded::int FROM surveys_response"
            f" WHERE {condition}"
        )
        return set(cursor.fetchall())


def test_who_stands_came_forward_has_a_result_and_said_enough(office: Office) -> None:
    standing_people = {
        (state, stage, channel, 1)
        for state, (stage, channel) in product((State.FINISHED, State.SETTLED), STAND)
    }
    assert {kind[:4] for kind in kinds_where(standing.STANDING)} == standing_people
    assert kinds_where(standing.IN_QUEUE) == {(*kind, 0) for kind in standing_people}


def test_arrays_mean_the_same_as_statements(office: Office) -> None:
    assert {kind[1:3] for kind in kinds_where(standing.STANDING)} == STAND
    every = np.array([(*kind, valid) for *kind, valid in product(Stage, Channel, (0, 1))])
    people = SimpleNamespace(stage=every[:, 0], channel=every[:, 1], valid=every[:, 2] == 1)
    told = every[is_in_scores(cast(People, people))].tolist()
    assert {tuple(row) for row in told} == {(*kind, 1) for kind in STAND}


def test_a_rule_counts_exactly_those_who_stand(office: Office) -> None:
    standing_people = len(kinds_where(standing.STANDING))
    assert preview(Rule(office.pk, DAY, DAY)).people == standing_people // 10 * 10
