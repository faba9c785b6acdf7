"""The page of one criterion says why people were not satisfied, and what of it is withheld."""

import re
from datetime import date
from html import unescape

import pytest
from django.test import Client
from django.urls import reverse

from offices.models import AdministrativeUnit, Office
from reports.models import Score
from reports.night import steps
from reports.proof.run import prove
from tests import factories
from tests.reports.reasoned import answered, questionnaire

pytestmark = pytest.mark.django_db
DAY, LAST = date(2025, 1, 15), date(2025, 1, 31)
WHY, WITHHELD = "Vì sao chưa hài lòng", "Không cho biết, vì dưới ba người nêu"

# The limits are those of every other share: the outer one corrected for skewness (`wilson`).
EIGHT = "Chờ lâu khoảng tin cậy 95 % từ 30,1 đến 75,4 8 15 53,33 %"
FIVE = "Phí không rõ khoảng tin cậy 95 % từ 14,5 đến 58,3 5 15 33,33 %"


@pytest.fixture
def place() -> Office:
    questionnaire()
    return factories.office()


def section(place: Office | AdministrativeUnit, code: str = "A1", period: str = "month") -> str:
    """The words of the section as an officer of the place reads them, if there is one."""
    client = Client()
    client.force_login(factories.official(place))
    if isinstance(place, Office):
        address = reverse("officials:office_criterion", args=[place.slug, code])
    else:
        address = reverse("officials:unit_criterion", args=[place.pk, code])
    answer = client.get(f"{address}?ky={period}&tu=2025-01-01")
    assert answer.status_code == 200
    _, _, found = answer.content.decode().partition('<section class="sheet" id="reasons"')
    plain = unescape(re.sub(r"<[^>]*>", " ", found.partition("</section>")[0].partition(">")[2]))
    return re.sub(r"[\s\N{NO-BREAK SPACE}]+", " ", plain).strip()


def test_each_reason_stands_with_who_named_it_of_how_many_the_most_frequent_first(
    place: Office,
) -> None:
    answered(place, DAY, 15, 8)
    steps.close(LAST)
    said = section(place)
    assert said.startswith(WHY)
    assert "Mỗi người có thể nêu nhiều lý do hoặc không nêu" in said
    assert "Phiếu giấy không hỏi lý do" in said
    assert f"{EIGHT} {FIVE}" in said
    assert WITHHELD not in said
    # of the criterion without reasons nothing is said of them
    assert section(place, "B1") == ""


def test_what_is_withheld_is_named_and_why(place: Office) -> None:
    answered(place, DAY, 15, 2)
    steps.close(LAST)
    said = section(place)
    assert FIVE in said
    assert re.search(rf"{WITHHELD}.*: Chờ lâu\s?\.$", said)


def test_few_low_answers_tell_nothing_and_it_says_from_when_on(place: Office) -> None:
    answered(place, DAY, 9, 4)
    steps.close(LAST)
    said = section(place)
    assert "ít nhất mười người" in said
    assert "Chờ lâu" not in said
    assert "%" not in said


def test_a_unit_says_it_of_its_offices_and_an_open_period_never(place: Office) -> None:
    answered(place, DAY, 15, 8)
    steps.close(LAST)
    unit = place.unit
    assert EIGHT in section(unit)
    assert section(unit, period="quarter").endswith("Lý do chỉ được cho biết ở các kỳ đã khóa sổ.")
    assert section(place, period="quarter").endswith("Lý do chỉ được cho biết ở các kỳ đã khóa sổ.")


def test_a_figure_that_is_being_checked_marks_its_reasons_too(place: Office) -> None:
    answered(place, DAY, 15, 8)
    steps.close(LAST)
    assert "đang kiểm tra" not in section(place)
    Score.objects.filter(office=place, period="month").update(satisfied=1)
    prove()
    assert section(place).count("đang kiểm tra") == 2
