"""Reasons for low answers are counted as answers are, shown with closed periods, and tell nobody.

Everything that is shown of reasons is kept over months, quarters, a province and a revision, and
whoever combines it finds nothing that fewer than ten low answers make (decision 0059).
"""

from collections.abc import Iterator, Mapping
from datetime import date

import pytest
from django.db import connection

from offices.models import AdministrativeUnit, Office
from reports.counting.layouts import instrument_of, layout_of
from reports.counting.policy import POLICY
from reports.counting.stored import inflate_opened
from reports.models import BlockRow, Opening, Score
from reports.night import steps
from reports.showing.figures import figures
from reports.showing.reasons import ReasonFigure
from surveys.exclusions.rules import Rule
from surveys.exclusions.steps import exclude
from surveys.flags.rules import Flag
from surveys.models import Instrument, Response
from tests import factories
from tests.reports.proof.alterations import behind_the_product
from tests.reports.proof.proved import differences
from tests.reports.proof.world import auditor
from tests.reports.reasoned import GIVEN, NOT_GIVEN, REASONS, answered, questionnaire
from tests.reports.sipas.hiding.combining import Figure, fewest

pytestmark = pytest.mark.django_db
MONTHS = {1: 31, 2: 28, 3: 31, 4: 30, 5: 31, 6: 30}
K = POLICY.batch
PLACE = {"A1_W": 2, "A1_F": 3}


@pytest.fixture
def form() -> Instrument:
    return questionnaire()


def day_of(month: int) -> date:
    return date(2025, month, 15)


def closed(*months: int) -> None:
    for month in months:
        steps.close(date(2025, month, MONTHS[month]))


def shown(score: Score) -> dict[str, tuple[int, int] | None]:
    """By reason, how many gave it, of how many low answers; None where it is withheld."""
    criterion = next(one for one in figures(score).criteria if one.code == "A1")
    return {one.code: None if one.withheld else (one.given, one.low) for one in criterion.reasons}


def of(office: Office, period: str, month: int) -> dict[str, tuple[int, int] | None]:
    score = Score.objects.get(office=office, period=period, start=date(2025, month, 1))
    return shown(score)


def slowly(office: Office, *months: int) -> dict[str, tuple[int, int]]:
    """The same, each form looked at by itself."""
    found = dict.fromkeys(REASONS, (0, 0))
    for one in Response.objects.filter(office=office, day__month__in=months, withdrawn=False):
        answers = bytes(one.answers)
        for code in REASONS:
            given, low = found[code]
            if answers[0] in (1, 2):
                found[code] = given + (answers[PLACE[code]] == GIVEN), low + 1
    return found


def test_a_month_with_ten_low_answers_tells_why_and_the_proof_finds_the_same(
    form: Instrument,
) -> None:
    office = factories.office()
    answered(office, day_of(1), 15, 8)
    closed(1)
    assert of(office, "month", 1) == slowly(office, 1) == {"A1_W": (8, 15), "A1_F": (5, 15)}
    assert differences() == []


def test_small_months_tell_it_with_their_quarter_and_never_by_themselves(form: Instrument) -> None:
    office = factories.office()
    for month, low, given in ((1, 4, 2), (2, 5, 3), (3, 6, 2)):
        answered(office, day_of(month), low, given)
        closed(month)
    nothing = dict.fromkeys(REASONS)
    assert [of(office, "month", month) for month in (1, 2, 3)] == [nothing] * 3
    assert of(office, "quarter", 1) == slowly(office, 1, 2, 3) == {"A1_W": (7, 15), "A1_F": (6, 15)}
    together = Opening.objects.filter(columns__contains=["i:A1_W"])
    assert [len(one.rows) for one in together] == [3]
    assert differences() == []


def test_a_reason_of_one_or_two_people_is_withheld_and_the_others_are_told(
    form: Instrument,
) -> None:
    office = factories.office()
    answered(office, day_of(1), 15, 2)
    closed(1)
    assert of(office, "month", 1) == {"A1_W": None, "A1_F": (5, 15)}
    # with the next months three named it: those of January and those of later ones are one number
    answered(office, day_of(2), 15, 1)
    closed(2, 3)
    assert of(office, "month", 1)["A1_W"] is None
    assert of(office, "quarter", 1) == {"A1_W": (3, 30), "A1_F": (10, 30)}
    assert differences() == []


def test_nothing_is_told_of_an_open_month(form: Instrument) -> None:
    office = factories.office()
    factories.rhythm(office, instrument=form)
    answered(office, date(2025, 1, 10), 15, 8)
    steps.close(date(2025, 1, 10))
    answered(office, date(2025, 1, 11), 15, 8)
    steps.close(date(2025, 1, 11))
    score = Score.objects.get(office=office, period="month")
    assert score.people > 100
    assert not any(shown(score).values())
    assert not bytes(score.opened)


@pytest.mark.parametrize(
    ("columns", "where"),
    [
        ("array_append(columns, 'i:A1_W')", "reports_opening.row"),
        ("array_remove(columns, 'i:A1_F')", "reports_opening.row"),
    ],
)
def test_the_proof_finds_a_reason_that_may_not_be_told_and_one_that_is_missing(
    form: Instrument, columns: str, where: str
) -> None:
    office = factories.office()
    answered(office, day_of(1), 15, 2)
    closed(1)
    with behind_the_product(), connection.cursor() as cursor:
        cursor.execute(f"UPDATE reports_opening SET columns = {columns}")
        assert any(one.startswith(where) for one in differences())


def test_the_proof_finds_a_reason_that_opened_for_other_rows_than_its_low_answers(
    form: Instrument,
) -> None:
    """What the rule is for: the low answers of these rows are no sum of known ones."""
    office = factories.office()
    for month in (1, 2, 3):
        answered(office, day_of(month), 20, 8, satisfied=70)  # told apart with the quarter
        closed(month)
    base = Opening.objects.get(columns__contains=["2:A1"])
    together = Opening.objects.get(columns__contains=["i:A1_W"])
    assert set(base.rows) == set(together.rows) == {1, 2, 3}
    assert differences() == []
    with behind_the_product(), connection.cursor() as cursor:
        cursor.execute("UPDATE reports_opening SET rows = %s WHERE id = %s", [[1, 2], together.pk])
        assert any("i:A1_F, i:A1_W" in one for one in differences())


def test_releases_and_units_say_what_offices_say(form: Instrument) -> None:
    province = factories.province()
    big, small = (factories.office(factories.unit(parent=province)) for _ in range(2))
    answered(big, day_of(1), 20, 8, satisfied=600)
    answered(small, day_of(1), 5, 3)
    closed(1)
    whole = Score.objects.get(unit=province, map="today", period="month")
    # the small office's are withheld; nothing of it is in the province's
    assert shown(whole) == of(big, "month", 1) == {"A1_W": (8, 20), "A1_F": (7, 20)}
    assert differences() == []


# --- the attack ---


class Watcher:
    """Keeps every sum of reasons that was ever shown: who was asked for them, and who gave them."""

    def __init__(self, offices: Mapping[int, Office]) -> None:
        self.offices = offices
        self.asked: set[Figure] = set()
        self.looked = 0

    def look(self) -> None:
        """Looks at everything as it is now; each score must say what is taken to stand in it."""
        asked: dict[tuple[int, int, str], Figure] = {}
        for one in Opening.objects.filter(office__in=self.offices):
            blocks = BlockRow.objects.filter(office=one.office_id, number__in=one.rows).values_list(
                "blocks", flat=True
            )
            people = Response.objects.filter(
                office=one.office_id, batch__in=[n for of in blocks for n in of], withdrawn=False
            )
            for code in REASONS:
                if f"i:{code}" in one.columns:
                    asked[one.office_id, one.pk, code] = frozenset(
                        (row.id, code) for row in people if bytes(row.answers)[0] in (1, 2)
                    )
        self.asked |= set(asked.values())
        for score, code, low in self._scores():
            within = {
                of
                for (office, _, of_code), of in asked.items()
                if code == of_code and (score.office_id in (office, None))
            }
            assert low == 0 or low in _sums(sorted(len(one) for one in within)), (score, code)
            self.looked += 1

    def _scores(self) -> Iterator[tuple[Score, str, int]]:
        for score in Score.objects.all():
            layout = layout_of(instrument_of(score.instrument_id))
            counts = inflate_opened(layout, score.opened).sums.counts
            for code in REASONS:
                row = counts[PLACE[code]]
                yield score, code, int(row[GIVEN] + row[NOT_GIVEN])


def _sums(sizes: list[int]) -> set[int]:
    """Every sum of some of these numbers."""
    found = {0}
    for size in sizes:
        found |= {one + size for one in found}
    return found


def province_of(sizes: Mapping[str, int]) -> tuple[AdministrativeUnit, dict[str, Office]]:
    province = factories.province()
    return province, {n: factories.office(factories.unit(parent=province)) for n in sizes}


def test_no_combination_of_what_was_ever_shown_rests_on_fewer_than_ten_low_answers(
    form: Instrument,
) -> None:
    """Province less offices, quarter less months, before less after a revision, all of them."""
    sizes = {"big": 30, "middle": 12, "small": 3}
    _, offices = province_of(sizes)
    watcher = Watcher({one.pk: one for one in offices.values()})
    for month in (1, 2, 3):
        for name, low in sizes.items():
            office = offices[name]
            answered(office, day_of(month), low + month, low // 2)
            # few of a month are marked, many of another one
            marked = 12 if month == 2 else 3
            answered(
                office, day_of(month), marked, marked // 2, satisfied=30, flags=Flag.BURST.value
            )
        closed(month)
        watcher.look()
    before = {name: of(offices[name], "quarter", 1) for name in offices}
    moved = {}
    for name, office in offices.items():
        for month in (1, 2):
            first, last = date(2025, month, 1), date(2025, month, MONTHS[month])
            exclude(
                Rule(office.pk, first, last, Flag.BURST),
                "Mười phiếu giống nhau",
                auditor(office),
                approved=1,
            )
            steps.count_marked()
            watcher.look()
        moved[name] = of(office, "quarter", 1) != before[name]
    closed(4, 5, 6)
    steps.close(date(2025, 12, 31))
    watcher.look()
    assert fewest(watcher.asked, K) is None
    # it did look: at many figures, some of which a revision moved, and reasons opened together too
    assert (len(watcher.asked) > 8, watcher.looked > 50, any(moved.values())) == (True, True, True)
    assert any(len(one.rows) > 1 for one in Opening.objects.filter(columns__contains=["i:A1_W"]))
    assert differences() == []


def test_the_watcher_finds_a_month_of_few_beside_its_quarter(form: Instrument) -> None:
    """What the rule keeps away: the quarter told of everybody, and months of nine and less."""
    office = factories.office()
    watcher = Watcher({office.pk: office})
    for month, low in ((1, 4), (2, 20), (3, 20)):
        answered(office, day_of(month), low, 3 if low < 10 else 8)
        closed(month)
    watcher.look()
    assert fewest(watcher.asked, K) is None
    everybody = frozenset(
        (row.id, "A1_W") for row in Response.objects.all() if bytes(row.answers)[0] in (1, 2)
    )
    assert fewest(watcher.asked | {everybody}, K) is not None


def test_a_figure_of_a_reason_knows_its_share() -> None:
    assert (ReasonFigure("A1_W", {}).withheld, str(ReasonFigure("A1_W", {}).share)) == (True, "0")
    assert str(ReasonFigure("A1_W", {}, 8, 15).value) == "53.33"
