"""Forms that count in another way: their figures on pages, lists and scores."""

import re
from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse

from offices.models import Office
from reports.counting.layouts import instrument_of, layout_of
from reports.counting.stored import inflate
from reports.models import Score
from reports.night import steps
from reports.showing.figures import Level, figures, headlines
from reports.sipas.index import headline
from surveys.models import Criterion, Instrument
from tests import factories

pytestmark = pytest.mark.django_db
LAST = factories.last_month_end()


def answered_by(*forms: tuple[int, list[int]]) -> Office:
    """An office that so many people gave these answers about; the day is closed."""
    office = factories.office()
    for people, answers in forms:
        for _ in range(people):
            factories.answer(office, answers, now=factories.at(LAST))
    steps.close(LAST)
    return office


def pages_of(office: Office) -> list[str]:
    """The pages of the office, its province and the country, as the operator sees them."""
    client = Client()
    client.force_login(factories.user(is_superuser=True))
    query = f"?ky=month&tu={LAST.replace(day=1)}"
    province = office.unit.parent
    assert province is not None
    addresses = [
        reverse("officials:office", args=[office.slug]),
        reverse("officials:unit", args=[province.pk]),
        reverse("officials:unit", args=[factories.country().pk]),
    ]
    return [client.get(address + query).content.decode() for address in addresses]


def values(html: str) -> list[str]:
    """Value and people of the headline figures of a page."""
    return re.findall(r'class="headline" value="([^"]*)"', html)


# 20 people satisfied with A1 and A2; ten of them were asked B1, nobody was satisfied with it.
SKIPPED = ((10, [5, 5, 9]), (10, [4, 4, 1]))


@pytest.mark.parametrize(
    ("method", "expected", "words"),
    [
        ("pooled", "80.00", ""),
        ("mean_of_criteria", "66.67", "trung bình cộng của các tiêu chí"),
        ("mean_of_factors", "50.00", "trung bình cộng của các yếu tố"),
    ],
)
def test_the_figure_of_a_form_is_that_of_its_method_wherever_it_stands(
    method: str, expected: str, words: str
) -> None:
    factories.instrument({"A": 2, "B": 1}, method=method)
    pages = pages_of(answered_by(*SKIPPED))
    written = expected.replace(".", ",") + "\N{NO-BREAK SPACE}%"
    for page in pages:
        assert values(page) == [expected]
        assert words in page
    assert all(page.count(written) >= 2 for page in pages[1:])  # headline and list
    assert ("Cách tổng hợp theo quy định của phiếu này" in pages[0]) == bool(words)


def test_a_score_keeps_its_pooled_counts_and_the_limits_of_its_method() -> None:
    factories.instrument({"A": 2, "B": 1}, method=Instrument.Method.MEAN_OF_FACTORS)
    office = answered_by(*SKIPPED)
    score = Score.objects.get(office=office, period="month")
    sums = inflate(layout_of(instrument_of(score.instrument_id)), score.sums)
    limits = headline.limits(sums, "component", "services")
    assert limits is not None
    assert (score.satisfied, score.answered) == (40, 50)
    assert (score.low, score.high) == (limits.low, limits.high)
    assert limits.low < 50 < limits.high < 80
    assert score.method == "mean_of_factors-45-3"
    shown = headlines([score])[0]
    assert (shown.value, shown.low, shown.high) == (Decimal("50.00"), score.low, score.high)
    assert [f.figure.value for f in figures(score).factors] == [Decimal(100), Decimal(0)]


def test_a_scale_of_three_levels_counts_its_own_answers() -> None:
    """Synthetic: 9 satisfied, 2 neutral, 1 dissatisfied."""
    form = factories.instrument({"A": 1}, satisfied=[3], valid=[1, 2, 3])
    words = ["Không hài lòng", "Bình thường", "Hài lòng"]
    options = [{"value": n, "text": {"vi": word}} for n, word in enumerate(words, start=1)]
    Criterion.objects.filter(instrument=form).update(options=options)
    office = answered_by((9, [3]), (2, [2]), (1, [1]))
    page = pages_of(office)[0]
    assert values(page) == ["75.00"]
    assert "Trả lời “Hài lòng” về việc phục vụ" in page
    assert "rất hài lòng" not in page
    score = Score.objects.get(office=office, period="month")
    assert score.method == "pooled-3of123-3"
    (criterion,) = figures(score).criteria
    # finer than satisfied or not is told from a hundred answers on
    assert criterion.levels == (Level((1, 2), 3), Level((3,), 9))
    assert criterion.figure.value == Decimal("75.00")


def test_an_answer_that_the_scale_does_not_have_is_not_taken() -> None:
    form = factories.instrument({"A": 1}, satisfied=[3], valid=[1, 2, 3])
    Criterion.objects.filter(instrument=form).update(
        options=[{"value": n, "text": {"vi": str(n)}} for n in (1, 2, 3)]
    )
    (item,) = instrument_of(form.pk).items
    assert [byte for byte in range(10) if item.accepts(byte)] == [0, 1, 2, 3, 9]


def test_very_satisfied_alone_can_be_what_counts() -> None:
    factories.instrument({"A": 1}, satisfied=[5])
    page = pages_of(answered_by((6, [5]), (6, [4])))[0]
    assert values(page) == ["50.00"]
    assert "Trả lời “Mức 5” về việc phục vụ" in page
