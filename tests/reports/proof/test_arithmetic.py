"""The proof's own arithmetic and that of the figures, written apart, agree."""

from random import Random

import numpy as np
import pytest

from reports.counting.layouts import instrument_of, layout_of
from reports.counting.stored import deflate, headline_group
from reports.proof.forms import Form, forms
from reports.proof.interval import REVISIONS, limits, pooled_limits, t_quantile
from reports.proof.numbers import Vector, read
from reports.proof.responses import MOST_PEOPLE, said
from reports.sipas.counts.sums import Sums, count
from reports.sipas.index import headline, interval
from reports.sipas.index.quantile import t_quantile as fast_quantile
from surveys.models import Response
from tests import factories
from tests.reports.proof import world

pytestmark = pytest.mark.django_db


def sums(form: Form, people: int, seed: int) -> Sums:
    """What so many people say, each inclined in their own way."""
    drawn = Random(seed)
    packed = b""
    for _ in range(people):
        level = drawn.choice([1, 3, 5, 5])
        answers = [min(5, max(0, level + drawn.randint(-1, 1))) for _ in form.items]
        packed += bytes(9 if drawn.random() < 0.1 else answer for answer in answers)
    return count(layout_of(instrument_of(form.key)), packed)


def vector(of: Sums) -> Vector:
    return np.concatenate(([of.people], of.counts.ravel(), of.moments.ravel()))


def test_the_proof_knows_each_form_as_the_figures_do() -> None:
    world.forms()
    factories.instrument({"A": 3, "B": 2}, default=False, valid=[1, 2, 3], satisfied=[3])
    assert len(forms()) == 5
    for key, form in forms().items():
        layout = layout_of(instrument_of(key))
        assert [list(group) for group in form.groups] == [
            group.indices.tolist() for group in layout.groups
        ]
        assert form.headline == layout.group_of(*headline_group(layout))
        assert form.mark == layout.fingerprint
        for revision in REVISIONS:
            assert form.method_name(revision) == headline.method_name(layout, revision)
        assert form.method_name() == headline.method_name(layout)
    assert list(REVISIONS) == sorted(headline.FORMULAS)


def test_intervals_are_those_of_the_figures() -> None:
    world.forms()
    compared = 0
    for key, form in forms().items():
        layout = layout_of(instrument_of(key))
        for seed, people in enumerate((1, 2, 10, 11, 40, 400, 3000)):
            of = sums(form, people, seed)
            for revision in REVISIONS:
                mine = limits(form, vector(of), revision)
                theirs = headline.limits(of, *headline_group(layout), revision=revision)
                if theirs is None:
                    assert mine is None
                    continue
                assert mine == pytest.approx((theirs.low, theirs.high), abs=1e-10)
                compared += 1
    assert compared > 40


@pytest.mark.parametrize("bad", [0, 1, 2, 5, 20, 35, 39, 40])
def test_intervals_are_those_of_the_figures_where_people_are_all_or_nothing(bad: int) -> None:
    """Both sides of 50 %, where the outer limit allows for skewness, and both ends."""
    row = np.array([16 * (40 - bad), 640, 256 * (40 - bad), 10_240, 256 * (40 - bad)])
    for revision, formula in headline.FORMULAS.items():
        theirs = interval.ratio(40, row, formula=formula)
        assert theirs is not None
        mine = pooled_limits(40, row.tolist(), revision)
        assert mine == pytest.approx((theirs.low, theirs.high), abs=1e-10)


@pytest.mark.parametrize("df", [1.0, 1.3, 2.0, 8.8, 99.5, 200.1, 999.0, 12_345.6, 1e6])
def test_the_quantile_is_found_in_another_way(df: float) -> None:
    assert t_quantile(df) == pytest.approx(fast_quantile(0.975, df), rel=1e-9)


def test_stored_sums_are_read_without_the_code_that_wrote_them() -> None:
    form = world.forms()[0].pk
    known = forms()[form]
    of = sums(known, 30, 1)
    stored = deflate(of)
    again = read(known, stored)
    assert again is not None
    assert (again == vector(of)).all()
    for broken in (b"", stored[:-4], stored[5:], b"x" * 40):
        assert read(known, broken) is None
    other = next(each for key, each in forms().items() if key != form)
    assert read(other, stored) is None


def test_more_people_in_a_day_than_the_bits_hold_are_counted_in_slices() -> None:
    answered = world.forms()[0]
    form = forms()[answered.pk]
    office = factories.office()
    people = MOST_PEOPLE + 900
    factories.responses(office, people, day=world.BEFORE, batch=1)
    some = Response.objects.order_by("id").values("id")[:100]
    Response.objects.filter(id__in=some).update(answers=bytes([1, 2, 9]), withdrawn=True)
    found = said(form, [office.pk], world.BEFORE, world.BEFORE)
    packed = bytes([5, 5, 5]) * (people - 100) + bytes([1, 2, 9]) * 100
    layout = layout_of(instrument_of(form.key))
    only = found[office.pk, 1, world.BEFORE]
    assert (only.people == vector(count(layout, packed))).all()
    assert only.gone is not None
    assert (only.gone == vector(count(layout, bytes([1, 2, 9]) * 100))).all()
