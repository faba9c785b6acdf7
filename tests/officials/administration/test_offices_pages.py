"""The pages about offices: who may, what stands there, what is refused, what happens."""

from datetime import date, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from audit.models import Entry
from launch.page import Form
from offices import directory
from offices.models import AdministrativeUnit, Counter, Holiday, Office
from reports.models import Release, ReleaseMembership
from tests import factories
from tests.officials.administration.conftest import Role, commune, signed_in

pytestmark = pytest.mark.django_db
Level = AdministrativeUnit.Level


def pages(an_giang: AdministrativeUnit) -> list[str]:
    """Every page about offices, for the province."""
    unit, slug = commune("30766").pk, "phuong-to-chau"
    return [
        reverse("officials:manage_offices"),
        reverse("officials:office_place"),
        reverse("officials:office_new", args=[unit]),
        reverse("officials:office_edit", args=[slug]),
        reverse("officials:office_hours", args=[slug]),
        reverse("officials:begin", args=[unit]),
        reverse("officials:begin_province", args=[an_giang.pk]),
        reverse("officials:holidays", args=[an_giang.pk]),
        reverse("officials:merge", args=[an_giang.pk]),
    ]


def test_an_officer_of_the_province_opens_every_page(
    officer: Client, an_giang: AdministrativeUnit
) -> None:
    assert [officer.get(page).status_code for page in pages(an_giang)] == [200] * 9
    listed = officer.get(reverse("officials:administration")).content.decode()
    assert reverse("officials:manage_offices") in listed


@pytest.mark.parametrize("role", [Role.OFFICE_HEAD, Role.CLERK, Role.ANALYST, Role.AUDITOR])
def test_whoever_may_not_manage_is_refused(role: str, an_giang: AdministrativeUnit) -> None:
    of_office = role in (Role.OFFICE_HEAD, Role.CLERK)
    office = Office.objects.get()
    client = signed_in(role, None if of_office else an_giang, office if of_office else None)
    for page in pages(an_giang):
        assert client.get(page).status_code in (403, 404)
        assert client.post(page, {"step": "facts", "name": "X"}).status_code in (403, 404, 405)
    assert not factories.acts().exists()


def test_another_province_is_as_if_it_were_not(an_giang: AdministrativeUnit) -> None:
    client = signed_in(Role.PROVINCIAL_OFFICER, factories.province("Cà Mau"))
    for page in pages(an_giang)[2:]:
        assert client.get(page).status_code == 404
    found = client.get(reverse("officials:office_place"), {"tim": "ha tien"})
    assert "Hà Tiên" not in found.content.decode()


@pytest.mark.parametrize("typed", ["to chau", "TO CHAU", "Tô Châu", "phuong-to", "30766", "tt to"])
def test_an_office_is_found_as_people_type_it(officer: Client, typed: str) -> None:
    Office.objects.update(name="Trung tâm Tô Châu")
    page = officer.get(reverse("officials:manage_offices"), {"tim": typed}).content.decode()
    assert ("Trung tâm Tô Châu" in page) == (typed != "tt to")


def test_namesakes_are_told_apart_by_province_and_days(
    officer: Client, an_giang: AdministrativeUnit
) -> None:
    last = date(2025, 6, 30)
    old = factories.province("Kiên Giang", valid_to=last)
    town = factories.unit(Level.DISTRICT, old, kind="thành phố", name="Hà Tiên", valid_to=last)
    factories.unit(Level.COMMUNE, town, kind="xã", name="Hà Tiên", valid_to=last)
    country = signed_in(Role.COUNTRY_OFFICER, factories.country())
    page = country.get(reverse("officials:office_place"), {"tim": "ha tien"}).content.decode()
    words = " ".join(page.split())
    assert "<strong>Phường Hà Tiên</strong> · An Giang · from 01/07/2025" in words
    assert "<strong>Xã Hà Tiên</strong> · Hà Tiên · Kiên Giang · 01/08/2008 to 30/06/2025" in words
    page = country.get(reverse("officials:office_place"), {"tim": "TP. Ha Tien"}).content.decode()
    assert "Thành phố Hà Tiên" in page
    assert "Phường Hà Tiên" not in page


def test_a_commune_comes_from_nothing_to_an_office_in_three_presses(officer: Client) -> None:
    unit = commune("30769")
    begin = reverse("officials:begin", args=[unit.pk])
    assert reverse("officials:office_new", args=[unit.pk]) in officer.get(begin).content.decode()
    new = reverse("officials:office_new", args=[unit.pk])
    proposed = Form(officer.get(new).content.decode()).filled
    assert proposed["slug"] == "phuong-ha-tien"
    proposed.pop("query", None)
    assert officer.post(new, proposed).headers["Location"] == begin
    page = officer.get(begin).content.decode()
    assert reverse("surveys:poster_pdf", args=["phuong-ha-tien"]) in page
    assert page.count("✓ done") == 1
    assert Client().get("/ks/phuong-ha-tien/").status_code == 200


def test_nothing_typed_is_lost_where_the_place_is_impossible(officer: Client) -> None:
    unit = commune("30766")
    sent = {
        "kind": "provincial_centre",
        "name": "Một tên đã gõ",
        "slug": "mot-ten",
        "begins": "2020-01-01",
        "ends": "",
        "label": "Trung tâm ta",
    }
    answer = officer.post(reverse("officials:office_new", args=[unit.pk]), sent)
    assert answer.status_code == 422
    filled = Form(answer.content.decode()).filled
    assert {name: filled[name] for name in sent} == sent
    assert "since 01/07/2025 only" in answer.content.decode()


def test_a_second_centre_is_offered_for_confirmation(officer: Client) -> None:
    new = reverse("officials:office_new", args=[commune("30766").pk])
    sent = Form(officer.get(new).content.decode()).filled
    answer = officer.post(new, sent)
    assert answer.status_code == 422
    assert 'name="second"' in answer.content.decode()
    assert officer.post(new, sent | {"second": "on"}).status_code == 302
    assert Office.objects.filter(unit=commune("30766")).count() == 2


def edit(officer: Client, step: str, **sent: str) -> tuple[int, str]:
    """What the office's page says to this."""
    slug = Office.objects.order_by("pk").values_list("slug", flat=True)[0]
    answer = officer.post(reverse("officials:office_edit", args=[slug]), {"step": step, **sent})
    return answer.status_code, answer.content.decode()


def test_an_office_is_renamed_and_what_is_printed_goes_on_working(
    officer: Client, an_giang: AdministrativeUnit
) -> None:
    card = Client().get("/ks/phuong-to-chau/the-ban.pdf")
    assert card.status_code == 200
    status, _page = edit(officer, "slug", **{"address-slug": "to-chau"})
    assert status == 302
    code = Client().get("/ks/phuong-to-chau/?quay=1", follow=True)
    assert code.status_code == 200
    assert code.redirect_chain == [("/ks/to-chau/?quay=1", 302)]
    shown = officer.get("/bao-cao/quan-tri/co-quan/phuong-to-chau/gio/")
    assert shown.headers["Location"] == "/bao-cao/quan-tri/co-quan/to-chau/gio/"
    assert (
        "<code>phuong-to-chau</code>"
        in officer.get(reverse("officials:office_edit", args=["to-chau"])).content.decode()
    )


def test_a_bad_short_name_comes_back_with_its_reason(officer: Client) -> None:
    status, page = edit(officer, "slug", **{"address-slug": "Tô Châu"})
    assert status == 422
    assert 'value="Tô Châu"' in page
    assert "small letters" in page


def test_what_a_release_names_keeps_its_short_name(
    officer: Client, an_giang: AdministrativeUnit
) -> None:
    office, instrument = Office.objects.get(), factories.instrument({"B": 1}, default=False)
    release = Release.objects.create(
        slug="thu",
        unit=an_giang,
        period="month",
        start=date(2026, 1, 1),
        revision=1,
        method="x",
        policy={},
        instruments=[],
        people=0,
        data_hash="0",
        figures_hash="0",
        made_at=timezone.now(),
        simulated=False,
    )
    ReleaseMembership.objects.create(
        release=release,
        office=office,
        instrument=instrument,
        **{name: [] for name in ("batches", "withdrawn", "then", "today")},
        **dict.fromkeys(("people", "added", "removed"), 0),
        digest="0",
    )
    status, page = edit(officer, "slug", **{"address-slug": "to-chau"})
    assert status == 422
    assert "Published figures name this office" in page
    assert Office.objects.get().slug == "phuong-to-chau"
    assert not factories.acts().exists()


def test_days_may_not_leave_an_answer_outside(officer: Client) -> None:
    office, today = Office.objects.get(), timezone.localdate()
    factories.answer(office, [5, 4])
    facts = {"name": office.name, "label": "", "ends": ""}
    after = (today + timedelta(days=1)).isoformat()
    status, page = edit(officer, "facts", begins=after, **facts)
    assert (status, "People have answered since" in page) == (422, True)
    before = (today - timedelta(days=1)).isoformat()
    status, page = edit(officer, "facts", begins="2025-07-01", **facts | {"ends": before})
    assert (status, "People answered until" in page) == (422, True)
    office.refresh_from_db()
    assert office.valid_to is None
    status, _page = edit(officer, "facts", begins="2025-07-01", **facts | {"name": "Tên mới"})
    assert status == 302
    assert directory.current().offices["phuong-to-chau"].name == "Tên mới"


def test_counters_are_kept_beside_their_mistakes(officer: Client) -> None:
    number = {"counter-number": "1", "counter-name": "Hộ tịch"}
    assert edit(officer, "new_counter", **number)[0] == 302
    status, page = edit(officer, "new_counter", **number)
    assert status == 422
    assert "is taken by" in page
    counter = Counter.objects.get()
    status, page = edit(officer, "counter", counter=str(counter.pk), name="")
    assert (status, "Say what the counter is for" in page) == (422, True)
    assert edit(officer, "counter", counter=str(counter.pk), name="Đất đai")[0] == 302
    counter.refresh_from_db()
    assert (counter.name, counter.active) == ("Đất đai", False)
    assert edit(officer, "counter", counter="9" * 30, name="X")[0] == 404
    assert edit(officer, "counter", counter="x", name="X")[0] == 404


def test_hours_are_kept_and_given_up(officer: Client) -> None:
    page = reverse("officials:office_hours", args=["phuong-to-chau"])
    shown = Form(officer.get(page).content.decode()).filled
    assert shown["sang_1_opens"] == "07:00"
    week = dict.fromkeys(shown, "") | {"step": "keep"}
    half = week | {"sang_6_opens": "7h30"}
    answer = officer.post(page, half)
    assert answer.status_code == 422
    assert "Give both times" in answer.content.decode()
    assert Form(answer.content.decode()).filled["sang_6_opens"] == "7h30"
    wrong = officer.post(page, half | {"sang_6_closes": "07:00"})
    assert "close after it opens" in wrong.content.decode()
    assert (
        "Write the time as"
        in officer.post(page, half | {"sang_6_closes": "ba giờ"}).content.decode()
    )
    assert officer.post(page, half | {"sang_6_closes": "11:30"}).status_code == 302
    assert [str(span.opens) for span in directory.current().offices["phuong-to-chau"].hours] == [
        "07:30:00"
    ]
    assert officer.post(page, {"step": "usual"}).status_code == 302
    assert directory.current().offices["phuong-to-chau"].hours == ()


def test_days_off_are_listed_decided_and_removed(
    officer: Client, an_giang: AdministrativeUnit
) -> None:
    page = reverse("officials:holidays", args=[an_giang.pk])
    assert officer.get(reverse("officials:holiday_places")).headers["Location"] == page
    assert "Quốc khánh" in officer.get(page, {"nam": "2026"}).content.decode()
    assert "not known yet" in officer.get(page, {"nam": "2031"}).content.decode()
    assert officer.get(page, {"nam": "0000"}).status_code == 200
    sent = {"step": "add", "day": "2026-12-09", "works": "no", "why": "Lễ hội"}
    assert officer.post(page, sent | {"why": ""}).status_code == 422
    assert officer.post(page, sent).headers["Location"] == f"{page}?nam=2026"
    again = officer.post(page, sent)
    assert (again.status_code, "already" in again.content.decode()) == (422, True)
    made = Holiday.objects.get()
    assert officer.post(page, {"step": "remove", "day": str(made.pk)}).status_code == 302
    assert officer.post(page, {"step": "remove", "day": "9" * 40}).status_code == 302
    assert not Holiday.objects.exists()
    assert officer.get(reverse("officials:holidays", args=[commune("30769").pk])).status_code == 404


def test_a_province_begins_with_one_press(officer: Client, an_giang: AdministrativeUnit) -> None:
    page = reverse("officials:begin_province", args=[an_giang.pk])
    shown = officer.get(page).content.decode()
    assert "Begin these offices: 2" in shown
    early = officer.post(page, {"begins": "2020-01-01", "step": "begin"})
    assert (early.status_code, "since 01/07/2025" in early.content.decode()) == (422, True)
    assert officer.post(page, {"begins": "", "step": "begin"}).status_code == 422
    assert Office.objects.count() == 1
    sent = {"begins": timezone.localdate().isoformat()}
    assert officer.post(page, {**sent, "step": "preview"}).status_code == 200
    assert officer.post(page, {**sent, "step": "begin"}).status_code == 302
    assert officer.post(page, {**sent, "step": "begin"}).status_code == 302
    assert Office.objects.count() == 3
    assert Entry.objects.filter(action="offices.created").count() == 1


def test_an_office_of_the_registry_is_nowhere_before_it_begins(
    an_giang: AdministrativeUnit,
) -> None:
    assert "Hà Tiên" not in Client().get("/ks/").content.decode()
    assert Client().get("/ks/phuong-ha-tien/").status_code == 404
