"""Alerts: a closed month out of its own place's past, told once, to whoever sees the place."""

from collections.abc import Iterator
from contextlib import nullcontext
from datetime import date
from email.message import Message
from urllib.parse import parse_qs, urlsplit

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from offices.models import Office
from offices.reading import one_page
from reports.briefing.alerting import alerts_of
from reports.briefing.brief import brief_of
from reports.briefing.letters import send_letters
from reports.briefing.placing import place_of
from reports.briefing.subscribing import subscribe
from reports.counting.periods import span_of
from reports.models import Period, Score
from reports.night import steps
from reports.showing.alerts import past_of
from surveys.models import EvidenceLevel, Instrument, Mark
from tests import factories
from tests.mailbox import Post
from tests.reports.briefing.months import THROUGH, TODAY, said

pytestmark = pytest.mark.django_db
PAST = [date(2025 + (month > 12), (month - 1) % 12 + 1, 12) for month in range(8, 17)]
MAY = date(2026, 5, 13)


def text_of(mail: Message) -> str:
    return str(mail.get_content())  # type: ignore[attr-defined]


def lived(office: Office, good: int, bad: int) -> None:
    """Nine months of 34 of 40 satisfied, then a May of this."""
    for number, day in enumerate(PAST):
        said(office, day, 34 + number % 3 - 1, 6 - number % 3 + 1)
    said(office, MAY, good, bad)


@pytest.fixture
def offices() -> Iterator[tuple[Office, Office, Office]]:
    """One that fell, one that rose, one as ever."""
    with time_machine.travel(factories.at(TODAY, 7), tick=False):
        factories.instrument({"A": 2, "B": 1})
        province = factories.province("An Giang")
        fell, rose, same = (
            factories.office(factories.unit(parent=province), name=f"Trung tâm {name}")
            for name in ("Hà Tiên", "Tô Châu", "Kiên Lương")
        )
        lived(fell, 12, 28)
        lived(rose, 80, 0)
        lived(same, 34, 6)
        steps.close(THROUGH)
        yield fell, rose, same


def test_who_fell_stands_before_who_rose_and_the_list_is_the_comparison(
    offices: tuple[Office, Office, Office],
) -> None:
    fell, rose, _same = offices
    province = fell.unit.province
    (one,) = alerts_of(factories.official(province), TODAY)
    assert one.words == (
        "Tháng 5/2026: thấp hơn hẳn quá khứ của chính mình: Trung tâm Hà Tiên; "
        "cao hơn hẳn: Trung tâm Tô Châu."
    )
    address = urlsplit(one.address)
    assert address.path == f"/bao-cao/don-vi/{province.pk}/so-sanh/"
    assert parse_qs(address.query) == {"ky": ["month"], "tu": ["2026-05-01"]}
    assert one.fresh
    assert rose.pk


def test_a_head_hears_of_the_own_office_only(offices: tuple[Office, Office, Office]) -> None:
    fell, _rose, same = offices
    (one,) = alerts_of(factories.official(fell), TODAY)
    assert "Trung tâm Hà Tiên" in one.words
    assert "Tô Châu" not in one.words
    assert one.address.startswith(f"/bao-cao/co-quan/{fell.slug}/?")
    assert alerts_of(factories.official(same), TODAY) == []


def test_on_a_page_the_brief_has_read_what_alerts_of_its_office_need(
    offices: tuple[Office, Office, Office],
) -> None:
    for office in offices:
        head = factories.official(office)
        alone = alerts_of(head, TODAY)
        assert len(alone) == (office != offices[2])
        with one_page():
            brief_of(head, office, TODAY)
            with CaptureQueriesContext(connection) as captured:
                assert alerts_of(head, TODAY) == alone
        asked = " ".join(query["sql"] for query in captured.captured_queries)
        assert "reports_score" not in asked
        assert "surveys_evidencelevel" not in asked


def test_on_a_page_too_other_forms_begin_another_past(
    offices: tuple[Office, Office, Office],
) -> None:
    fell, *_others = offices
    head = factories.official(fell)
    EvidenceLevel.objects.create(
        office=fell, year=2026, level=EvidenceLevel.Level.A, set_at=factories.at(TODAY)
    )
    with one_page():
        brief_of(head, fell, TODAY)
        assert alerts_of(head, TODAY) == []


def test_a_month_of_more_than_two_years_ago_is_no_past(
    offices: tuple[Office, Office, Office],
) -> None:
    fell, *_others = offices
    month = span_of(Period.MONTH, MAY)
    assert past_of(month)[0] == month
    assert past_of(month)[-1] == span_of(Period.MONTH, date(2024, 5, 31))
    head = factories.official(fell)
    newest = Score.objects.filter(office=fell, period="month", start=date(2026, 5, 1))
    for month_of_past in Score.objects.filter(office=fell, period="month").exclude(pk__in=newest):
        past = month_of_past.start
        Score.objects.filter(pk=month_of_past.pk).update(start=past.replace(year=past.year - 3))
    for asked in (nullcontext(), one_page()):
        with asked:
            assert alerts_of(head, TODAY) == []


def test_of_several_offices_the_questionnaire_of_most_people_speaks(
    offices: tuple[Office, Office, Office],
) -> None:
    """Not that of the office which the page opens with."""
    fell, *_others = offices
    first = factories.office(name="Trung tâm An Biên")
    other = factories.instrument({"A": 2, "B": 1}, default=False)
    factories.answered(first, [bytes([5, 5, 5])] * 12, day=MAY, instrument_id=other.pk)
    Mark.objects.create(office=first, day=MAY)
    steps.close(THROUGH)
    user = factories.official(first)
    factories.official(fell, account=user)
    assert place_of(user) == first
    (one,) = alerts_of(user, TODAY)
    assert "Trung tâm Hà Tiên" in one.words


def test_the_country_hears_of_provinces(offices: tuple[Office, Office, Office]) -> None:
    told = alerts_of(factories.official(factories.country()), TODAY)
    assert [one for one in told if "Trung tâm" in one.words] == []


def test_what_is_hidden_open_or_counted_otherwise_raises_nothing(
    offices: tuple[Office, Office, Office],
) -> None:
    fell, *_others = offices
    head = factories.official(fell)
    months = Score.objects.filter(office=fell, period="month")
    newest = months.filter(start=date(2026, 5, 1))
    newest.update(closed=False)
    assert alerts_of(head, TODAY) == []
    newest.update(closed=True)
    assert len(alerts_of(head, TODAY)) == 1
    EvidenceLevel.objects.create(
        office=fell, year=2026, level=EvidenceLevel.Level.A, set_at=factories.at(TODAY)
    )
    assert alerts_of(head, TODAY) == []  # five months alike are no past


def test_a_form_that_is_asked_in_another_way_has_a_past_of_its_own(
    offices: tuple[Office, Office, Office],
) -> None:
    head = factories.official(offices[0])
    Instrument.objects.update(stage_first_since=date(2026, 5, 6))
    assert alerts_of(head, TODAY) == []
    Instrument.objects.update(stage_first_since=date(2026, 6, 1))
    assert len(alerts_of(head, TODAY)) == 1


def test_a_province_with_an_office_that_counts_other_forms_now_raises_nothing(
    offices: tuple[Office, Office, Office],
) -> None:
    """The unit of the whole: its past was counted in another way where one office changed."""
    with time_machine.travel(factories.at(TODAY, 7), tick=False):
        province = factories.province("Cà Mau")
        first, second = (factories.office(factories.unit(parent=province)) for _ in range(2))
        lived(first, 8, 32)
        lived(second, 12, 28)
        steps.close(THROUGH)
        country = factories.official(factories.country())
        (one,) = alerts_of(country, TODAY)
        assert "Tỉnh Cà Mau" in one.words
        other = EvidenceLevel.objects.create(
            office=offices[2], year=2026, level=EvidenceLevel.Level.A, set_at=factories.at(TODAY)
        )
        assert len(alerts_of(country, TODAY)) == 1, "an office of another province"
        other.delete()
        EvidenceLevel.objects.create(
            office=second, year=2026, level=EvidenceLevel.Level.A, set_at=factories.at(TODAY)
        )
        assert alerts_of(country, TODAY) == []


def test_letters_tell_it_for_ten_days(offices: tuple[Office, Office, Office], post: Post) -> None:
    """May closed in the first days of June; the page goes on saying it."""
    head = factories.official(offices[0])
    head.email = "lan@example.vn"
    head.save()
    subscribe(head)
    for day in (THROUGH, date(2026, 6, 29)):
        send_letters(day, lambda: None, lambda _name: nullcontext())
        assert len(alerts_of(head, day)) == 1
    told = ["thấp hơn hẳn" in " ".join(text_of(mail).split()) for mail in post.mails]
    assert told == [True, False]
