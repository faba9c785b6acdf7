"""What officials see, and what they do not."""

import re
from datetime import date, timedelta

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from offices.models import AdministrativeUnit, Office, User
from offices.rights import Role
from reports.models import Score
from reports.night import steps
from reports.showing.figures import figures
from surveys.models import Factor, Instrument
from tests import factories

pytestmark = pytest.mark.django_db
LAST = factories.last_month_end()
END = date(2025, 6, 30)


@pytest.fixture
def province() -> AdministrativeUnit:
    """A province with a form to answer."""
    factories.instrument({"A": 2, "B": 1})
    return factories.province("An Giang", code="91", valid_from=END + timedelta(days=1))


def official(unit: AdministrativeUnit | None = None, office: Office | None = None) -> Client:
    """A signed-in official who holds this."""
    place = office or unit
    assert place is not None
    return signed_in(factories.official(place))


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def office_with(
    people: int, place: AdministrativeUnit, answers: list[int] | None = None, day: date = LAST
) -> Office:
    """An office in a commune of `place` that so many people answered about."""
    office = factories.office(factories.unit(parent=place))
    for _ in range(people):
        factories.answer(office, answers or [5, 4, 1], now=factories.at(day))
    return office


def unit_page(unit: AdministrativeUnit, **query: str) -> str:
    return reverse("officials:unit", args=[unit.pk]) + (
        "?" + "&".join(f"{k}={v}" for k, v in query.items()) if query else ""
    )


def headlines(html: str) -> list[tuple[str, str]]:
    """Value and people of the headline figures of a page."""
    return re.findall(r'class="headline" value="([^"]*)" data-n="([^"]*)"', html)


def test_a_stranger_is_asked_to_sign_in(client: Client, province: AdministrativeUnit) -> None:
    office = office_with(0, province)
    for address in (
        reverse("officials:home"),
        unit_page(province),
        reverse("officials:office", args=[office.slug]),
    ):
        response = client.get(address)
        assert response.status_code == 302
        assert response["Location"].startswith(reverse("login"))


def test_home_is_about_the_highest_place_that_is_held(province: AdministrativeUnit) -> None:
    office = office_with(0, province)
    officer, head = official(province), official(office=office)
    both = factories.user()
    for place in (office_with(0, province).unit, province):
        factories.official(place, Role.AUDITOR, account=both)
    for client in (signed_in(both), officer):
        page = client.get(reverse("officials:home")).content.decode()
        assert "<h1>Tỉnh An Giang</h1>" in page
        assert f'href="{unit_page(province)}"' in page
    page = head.get(reverse("officials:home")).content.decode()
    assert f'href="{reverse("officials:office", args=[office.slug])}"' in page
    nobody = signed_in(factories.user()).get(reverse("officials:home"))
    assert nobody.status_code == 200
    assert "chưa được phân công đơn vị nào" in nobody.content.decode()


def test_nothing_beside_is_seen(province: AdministrativeUnit) -> None:
    mine = office_with(0, province)
    other = office_with(0, factories.province())
    head, officer = official(office=mine), official(province)
    assert head.get(reverse("officials:office", args=[mine.slug])).status_code == 200
    assert head.get(unit_page(province)).status_code == 404
    assert officer.get(reverse("officials:office", args=[other.slug])).status_code == 404
    assert officer.get(unit_page(other.unit)).status_code == 404
    assert officer.get(unit_page(factories.country())).status_code == 404


def test_links_to_what_an_office_was_and_became_lead_only_where_one_may_go(
    province: AdministrativeUnit,
) -> None:
    mine = office_with(0, province)
    other = office_with(0, factories.province())
    other.predecessors.add(mine)
    mine.predecessors.add(office_with(0, factories.province()))
    text = official(office=mine).get(reverse("officials:office", args=[mine.slug])).content.decode()
    linked = set(re.findall(r'href="/bao-cao/co-quan/([^/"]+)/', text))
    assert linked == {mine.slug}  # its own progress page


def test_the_province_sees_the_figure_as_people_write_it(province: AdministrativeUnit) -> None:
    office_with(12, province)
    steps.close(LAST)
    html = official(province).get(unit_page(province, ky="day", tu=str(LAST)))
    text = html.content.decode()
    assert headlines(text) == [("66.67", "12")]
    assert "66,67\N{NO-BREAK SPACE}%" in text
    assert "12 phiếu" in text
    assert re.search(r"từ \d\d,\d đến \d\d,\d", text)


def test_too_few_people_leave_no_number_in_the_page(province: AdministrativeUnit) -> None:
    office = office_with(9, province, [5, 5, 2])
    steps.close(LAST)
    for address in (unit_page(province), reverse("officials:office", args=[office.slug])):
        text = official(province).get(address + f"?ky=day&tu={LAST}").content.decode()
        assert "Chưa đủ số phiếu" in text
        assert headlines(text) == []
        assert "66,67" not in text
        assert "9 phiếu" not in text


def test_a_factor_that_few_answered_is_hidden_though_the_form_is_shown(
    province: AdministrativeUnit,
) -> None:
    Instrument.objects.update(is_default=False)
    factories.instrument({"A": 1, "B": 1, "C": 1})
    office = factories.office(factories.unit(parent=province))
    for number in range(12):
        last = 5 if number < 3 else 9
        factories.answer(office, [5, 4, last], now=factories.at(LAST))
    steps.close(LAST)
    score = Score.objects.get(office=office, period="month")
    shown = {factor.code: factor.figure for factor in figures(score).factors}
    assert shown["C"].hidden
    # from the headline, A and B one could subtract C
    assert shown["B"].hidden
    assert not shown["A"].hidden
    criteria = figures(score).criteria
    assert {"B1", "C1"} <= {c.code for c in criteria if c.figure.hidden}
    assert {c.levels for c in criteria if c.figure.hidden} == {()}


def test_a_headline_of_one_question_needs_people_who_answered_it(
    province: AdministrativeUnit,
) -> None:
    Factor.objects.filter(code="B").update(component="overall")
    office = office_with(30, province, [5, 5, 0])
    for _ in range(9):
        factories.answer(office, [5, 5, 1], now=factories.at(LAST))
    steps.close(LAST)
    client = official(factories.country())
    for address in (
        reverse("officials:office", args=[office.slug]),
        unit_page(province),
        unit_page(factories.country()),
    ):
        text = client.get(address + f"?ky=day&tu={LAST}").content.decode()
        assert headlines(text) == []
        assert ">0,00\N{NO-BREAK SPACE}%" not in text


def test_an_open_period_says_so(province: AdministrativeUnit) -> None:
    """Two nights of the month are over: what the newest one brought is held back."""
    office, tenth = office_with(0, province), timezone.localdate().replace(day=10)
    factories.rhythm(office)
    with time_machine.travel(factories.at(tenth), tick=True):
        for day, people in ((8, 20), (9, 10)):
            for _ in range(people):
                factories.answer(office, [5, 4, 1], now=factories.at(tenth.replace(day=day)))
            steps.close(tenth.replace(day=day))
        text = official(province).get(unit_page(province, ky="month")).content.decode()
    assert headlines(text) == [("66.67", "20")]
    assert "Kỳ đang mở" in text


def test_days_are_offered_by_their_month_and_the_last_with_a_figure_is_shown(
    province: AdministrativeUnit,
) -> None:
    """Which days nobody answered on is not told either."""
    answered = LAST - timedelta(days=3)
    office = office_with(12, province, day=answered)
    steps.close(LAST)
    client = official(province)
    for address in (unit_page(province), reverse("officials:office", args=[office.slug])):
        text = client.get(address + "?ky=day").content.decode()
        assert headlines(text) == [("66.67", "12")]
        assert f'value="{answered}" selected' in text
        offered = re.findall(r'<option value="(\d{4}-\d\d-\d\d)"', text)
        assert offered == [str(LAST - timedelta(days=n)) for n in range(24)]
        quiet = client.get(f"{address}?ky=day&tu={LAST}").content.decode()
        assert headlines(quiet) == []
        assert "Chưa đủ số phiếu" in quiet


def test_a_week_is_the_sum_of_its_offices_and_each_page_shows_the_same(
    province: AdministrativeUnit,
) -> None:
    offices = [
        office_with(10, province, [5, 5, 5], LAST),
        office_with(14, province, [1, 1, 1], LAST),
    ]
    steps.close(LAST)
    week = {"ky": "week", "tu": str(LAST)}
    country = official(factories.country())
    assert headlines(country.get(unit_page(province, **week)).content.decode()) == [("41.67", "24")]
    nation = country.get(unit_page(factories.country(), **week)).content.decode()
    assert headlines(nation) == [("41.67", "24")]
    assert nation.count("41,67\N{NO-BREAK SPACE}%") >= 2  # the headline, the province
    for office, share in zip(offices, ("100.00", "0.00"), strict=True):
        page = reverse("officials:office", args=[office.slug]) + f"?ky=week&tu={LAST}"
        assert headlines(country.get(page).content.decode())[0][0] == share


def test_both_maps_have_the_same_total_and_the_dissolved_stand_apart(
    province: AdministrativeUnit,
) -> None:
    old = factories.province("Kiên Giang", code="91", valid_to=END)
    heir = factories.office(factories.unit(parent=province))
    whole = factories.office(factories.unit(parent=old, valid_to=END), heir=heir, valid_to=END)
    divided = factories.office(
        factories.unit("district", old, valid_to=END), today_unit=province, valid_to=END
    )
    for office, people in ((whole, 14), (divided, 11)):
        for _ in range(people):
            factories.answer(office, [4, 4, 2], now=factories.at(END))
    steps.close(date(2025, 12, 31))
    country = official(factories.country())
    year = {"ky": "year", "tu": "2025-01-01"}
    today = country.get(unit_page(province, **year)).content.decode()
    then = country.get(unit_page(old, **year)).content.decode()
    assert headlines(today) == headlines(then) == [("66.67", "25")]
    assert "Giải thể, không quy được về một đơn vị" in today
    assert heir.name in today
    assert "Giải thể" not in then
    nation = country.get(unit_page(factories.country(), **year)).content.decode()
    assert headlines(nation) == [("66.67", "25")]
    assert "Tỉnh An Giang" in nation


def test_simulated_figures_are_labelled(province: AdministrativeUnit) -> None:
    office = office_with(12, province)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE surveys_response SET simulated = true")
    steps.close(LAST)
    text = official(province).get(reverse("officials:office", args=[office.slug])).content.decode()
    assert "Số liệu mô phỏng" in text


@pytest.mark.parametrize("offices", [1, 6])
def test_statements_do_not_grow_with_the_offices(
    province: AdministrativeUnit, offices: int
) -> None:
    for _ in range(offices):
        office_with(10, province)
    steps.close(LAST)
    client = official(province)
    client.get(unit_page(province))
    with CaptureQueriesContext(connection) as captured:
        client.get(unit_page(province, ky="day", tu=str(LAST)))
    assert len(captured.captured_queries) <= 26


def test_pages_never_read_responses(province: AdministrativeUnit) -> None:
    office = office_with(12, province)
    steps.close(LAST)
    client = official(province)
    with CaptureQueriesContext(connection) as captured:
        client.get(unit_page(province))
        client.get(reverse("officials:office", args=[office.slug]))
    assert not [q for q in captured.captured_queries if "surveys_response" in q["sql"]]


@pytest.mark.parametrize(
    "query",
    [
        "ky=century",
        "ky=%00",
        "tu=yesterday",
        "tu=9999-12-31",
        "ky=week&tu=9999-12-31",
        "ky=week&tu=0001-01-01",
        "ky=month&tu=0001-01-01",
        "ky=year&tu=1999-12-31",
        "phieu=x.y",
        "phieu=x.99999999999",
        "phieu=x." + "9" * 5000,
        "phieu=%00.1",
        "ban-do=7",
    ],
    ids=lambda query: query[:30],
)
def test_an_address_that_makes_no_sense_shows_the_usual_view(
    province: AdministrativeUnit, query: str
) -> None:
    office_with(12, province)
    steps.close(LAST)
    office = office_with(0, province)
    reader = official(province)
    for address in (
        unit_page(province),
        reverse("officials:unit_progress", args=[province.pk]),
        reverse("officials:office_progress", args=[office.slug]),
    ):
        assert reader.get(f"{address}?{query}").status_code == 200


def test_an_empty_province_says_what_to_do(province: AdministrativeUnit) -> None:
    text = official(province).get(unit_page(province)).content.decode()
    assert "Chưa có phiếu" in text
    assert headlines(text) == []


def test_published_figures_stand_beside_ours_with_their_source() -> None:
    old = factories.province("Kiên Giang", code="91", valid_to=END)
    text = official(old).get(unit_page(old)).content.decode()
    assert "83,07\N{NO-BREAK SPACE}%" in text
    assert "baokiengiang.vn" in text
    assert headlines(text) == []


def test_the_province_that_reuses_the_code_does_not_get_its_figures(
    province: AdministrativeUnit,
) -> None:
    assert "83,07" not in official(province).get(unit_page(province)).content.decode()


def test_the_method_is_public(client: Client) -> None:
    text = client.get(reverse("officials:methodology")).content.decode()
    assert "không phải là" in text
