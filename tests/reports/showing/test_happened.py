"""Marks on a line of months: what happened to these offices, on the day on which it did."""

from datetime import date

import pytest

from offices.models import Office
from reports.counting.periods import span_of
from reports.models import Period
from reports.showing.circumstances import Circumstances, circumstances_of
from reports.showing.happened import NEW_METHOD, happened
from tests import factories

pytestmark = pytest.mark.django_db


def circumstances(*offices: Office) -> Circumstances:
    keys = [one.pk for one in offices]
    month = span_of(Period.MONTH, date(2026, 1, 1))
    return circumstances_of(Office.objects.filter(pk__in=keys), month)


def marks(*offices: Office) -> list[tuple[date, str]]:
    """Without the method of 2022, which stands on every line."""
    found = happened(circumstances(*offices), ())
    assert found[0][0] == NEW_METHOD
    return found[1:]


def test_a_new_office_took_over_on_its_first_day_and_a_standing_one_the_day_after() -> None:
    new = factories.office(valid_from=date(2025, 7, 1))
    standing = factories.office(valid_from=date(2025, 7, 1))
    for heir, last in ((new, date(2025, 6, 30)), (standing, date(2026, 9, 30))):
        heir.predecessors.add(factories.office(valid_to=last))
    assert [day for day, _words in marks(new)] == [date(2025, 7, 1)]
    assert [day for day, _words in marks(standing)] == [date(2026, 10, 1)]
    assert [day for day, _words in marks(new, standing)] == [date(2025, 7, 1), date(2026, 10, 1)]


def test_an_office_of_its_own_has_none() -> None:
    assert marks(factories.office()) == []


def test_other_evidence_is_a_mark() -> None:
    office = factories.office()
    found = happened(circumstances(office), [date(2026, 1, 1)])
    assert (date(2026, 1, 1), "đổi mức chứng cứ được tính") in found


def test_another_way_of_asking_is_a_mark_of_the_questionnaire_s_line() -> None:
    office = factories.office()
    found = happened(circumstances(office), (), date(2026, 12, 3))
    assert (date(2026, 12, 3), "cách hỏi trên điện thoại đổi") in found


def test_the_stage_that_is_asked_first_is_a_mark_as_well() -> None:
    found = happened(circumstances(factories.office()), (), None, date(2026, 12, 4))
    assert (date(2026, 12, 4), "hỏi trước hồ sơ đã có kết quả chưa") in found
    assert not {"cách hỏi trên điện thoại đổi"} & {words for _day, words in found}
