"""New offices: what is proposed, what is refused, one and a whole province."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date
from threading import Barrier

import pytest

from offices.changing import bulk, counters, offices
from offices.changing.founding import Wish, found, objections, proposal
from offices.changing.offices import Facts
from offices.changing.refusal import ChangeRefused
from offices.models import AdministrativeUnit, Counter, Office, Succession
from offices.registry.centres import centres
from offices.registry.rows import OfficeRow, UnitRow, read
from scripts.centres import centres_of
from tests import factories
from tests.overlapping import on_own_connection

pytestmark = pytest.mark.django_db
CHANGE = date(2025, 7, 1)
TODAY = date(2026, 12, 1)
Level = AdministrativeUnit.Level
Kind = Office.Kind


@pytest.fixture
def an_giang() -> AdministrativeUnit:
    """The province of today's map, with two communes that the registry knows."""
    made = factories.province("An Giang", valid_from=CHANGE, code="91")
    for code, kind, name in (("30769", "phường", "Hà Tiên"), ("30337", "phường", "Châu Đốc")):
        factories.unit(Level.COMMUNE, made, kind=kind, name=name, code=code, valid_from=CHANGE)
    return made


def commune(code: str) -> AdministrativeUnit:
    """One of the two."""
    return AdministrativeUnit.objects.get(code=code, valid_from=CHANGE)


def wish_for(unit: AdministrativeUnit) -> Wish:
    """What is proposed for it."""
    proposed = proposal(unit, TODAY)
    assert proposed is not None
    return Wish.of(proposed)


def test_a_commune_gets_the_centre_that_the_registry_knows(an_giang: AdministrativeUnit) -> None:
    wish = wish_for(commune("30769"))
    assert (wish.kind, wish.slug, wish.begins, wish.ends) == (
        Kind.COMMUNE_CENTRE,
        "phuong-ha-tien",
        TODAY,
        None,
    )
    assert wish.name == "Trung tâm Phục vụ hành chính công phường Hà Tiên"
    office = found(wish)
    assert office.today_unit == office.unit
    (entry,) = factories.acts().all()
    assert (entry.action, entry.office_id) == ("office.created", office.pk)
    assert entry.details["now"]["slug"] == "phuong-ha-tien"


def test_a_place_of_the_past_gets_a_desk_that_ended_with_it(an_giang: AdministrativeUnit) -> None:
    old = factories.province("Kiên Giang", valid_to=date(2025, 6, 30))
    town = factories.unit(
        Level.COMMUNE, old, kind="phường", name="Đông Hồ", valid_to=date(2025, 6, 30)
    )
    Succession.objects.create(
        predecessor=town, successor=commune("30769"), effective_on=CHANGE, relation="merged"
    )
    wish = wish_for(town)
    assert (wish.kind, wish.slug) == (Kind.COMMUNE_DESK, "phuong-dong-ho-2025")
    assert wish.ends == date(2025, 6, 30)
    desk = found(wish)
    assert desk.today_unit == commune("30769")
    centre = found(wish_for(commune("30769")))
    desk.refresh_from_db()
    assert desk.heir == centre
    assert list(centre.predecessors.all()) == [desk]


def test_a_divided_commune_has_successors_and_no_heir(an_giang: AdministrativeUnit) -> None:
    old = factories.province(valid_to=date(2025, 6, 30))
    Succession.objects.create(
        predecessor=old, successor=an_giang, effective_on=CHANGE, relation="merged"
    )
    town = factories.unit(Level.COMMUNE, old, valid_to=date(2025, 6, 30))
    for code in ("30769", "30337"):
        Succession.objects.create(
            predecessor=town, successor=commune(code), effective_on=CHANGE, relation="split"
        )
    desk = found(wish_for(town))
    assert desk.today_unit == an_giang
    bulk.found_all(an_giang, TODAY)
    desk.refresh_from_db()
    assert desk.heir is None
    assert desk.successors.count() == 2


def sentences(wish: Wish) -> str:
    """Everything that is wrong, one after the other."""
    return " ".join(str(one.sentence) for one in objections(wish))


def test_impossible_places_and_days_are_refused_in_a_sentence(
    an_giang: AdministrativeUnit,
) -> None:
    here = wish_for(commune("30769"))
    gone = factories.unit(Level.COMMUNE, an_giang, valid_from=CHANGE, valid_to=date(2026, 1, 31))
    tries = {
        "ended on 31/01/2026, before": replace(here, unit=gone),
        "ended on that day at the latest": replace(here, unit=gone, begins=CHANGE),
        "since 01/07/2025 only": replace(here, begins=date(2025, 6, 30)),
        "must not be before": replace(here, ends=date(2026, 11, 30)),
        "stands in a province.": replace(here, kind=Kind.PROVINCIAL_CENTRE),
        "stands in a commune.": replace(here, unit=an_giang),
        "stands in a province, district or commune": replace(here, unit=factories.country()),
        "what kind": replace(here, kind="kiosk"),
        "its name": replace(here, name=" "),
        "small letters": replace(here, slug="Hà Tiên"),
        "word of our addresses": replace(here, slug="giao"),
    }
    for said, wish in tries.items():
        assert said in sentences(wish)
        with pytest.raises(ChangeRefused):
            found(wish, second=True)
    assert not Office.objects.exists()
    assert proposal(factories.country(), TODAY) is None


def test_a_second_centre_needs_to_be_confirmed(an_giang: AdministrativeUnit) -> None:
    found(wish_for(commune("30769")))
    again = wish_for(commune("30769"))
    assert again.slug == "phuong-ha-tien-2"
    with pytest.raises(ChangeRefused, match="If it really has two"):
        found(again)
    assert found(again, second=True).slug == "phuong-ha-tien-2"


@pytest.mark.django_db(transaction=True)
def test_of_two_who_found_the_same_office_the_second_is_told(an_giang: AdministrativeUnit) -> None:
    wish, together = wish_for(commune("30769")), Barrier(2)

    def press() -> str:
        together.wait(30)
        try:
            return found(wish).slug
        except ChangeRefused as refused:
            return refused.objections[0].field

    with ThreadPoolExecutor(2) as pool:
        came = sorted(pool.map(on_own_connection, [press, press]))
    assert came == ["phuong-ha-tien", "slug"]
    assert Office.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_province_begins_once_however_often_it_is_pressed(an_giang: AdministrativeUnit) -> None:
    together = Barrier(2)

    def press() -> int:
        together.wait(30)
        return len(bulk.found_all(an_giang, TODAY))

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(on_own_connection, [press, press])) == [0, 2]
    assert bulk.found_all(an_giang, TODAY) == []
    (entry,) = factories.acts().all()
    assert (entry.action, entry.details["size"]) == ("offices.created", 2)


def test_the_preview_tells_what_is_new_what_is_there_and_what_is_in_the_way(
    an_giang: AdministrativeUnit,
) -> None:
    there = factories.office(commune("30337"), name="Cơ quan có sẵn", slug="chau-doc")
    assert [wish.slug for wish in bulk.plan(an_giang, TODAY).new] == ["phuong-ha-tien"]
    assert bulk.plan(an_giang, TODAY).there == [there]
    factories.office(slug="phuong-ha-tien")
    planned = bulk.plan(an_giang, TODAY)
    assert not planned.new
    assert "another office" in planned.conflicts[0].sentence
    with pytest.raises(ChangeRefused):
        bulk.found_all(an_giang, TODAY)
    assert not factories.acts().exists()


def test_only_a_province_of_today_begins_and_not_before_it_exists(
    an_giang: AdministrativeUnit,
) -> None:
    with pytest.raises(ChangeRefused, match="today's map"):
        bulk.plan(commune("30769"), TODAY)
    with pytest.raises(ChangeRefused, match="since 01/07/2025"):
        bulk.plan(an_giang, date(2025, 6, 30))


def test_changes_are_checked_and_recorded_as_was_and_now(an_giang: AdministrativeUnit) -> None:
    office = found(wish_for(commune("30769")))
    offices.change(office.pk, Facts("  Trung tâm   mới ", "Trung tâm", TODAY, None))
    offices.change(office.pk, Facts("Trung tâm mới", "Trung tâm", TODAY, None))
    entry = factories.acts().first()
    assert entry is not None
    assert factories.acts().count() == 2
    assert entry.details["was"] == {"name": office.name, "label": ""}
    assert entry.details["now"] == {"name": "Trung tâm mới", "label": "Trung tâm"}
    with pytest.raises(ChangeRefused, match="since 01/07/2025 only"):
        offices.change(office.pk, Facts("A", "", date(2020, 1, 1), None))
    with pytest.raises(ChangeRefused, match="its name"):
        offices.change(office.pk, Facts("", "", TODAY, None))


def test_counters_are_added_renamed_and_switched_off(an_giang: AdministrativeUnit) -> None:
    office = found(wish_for(commune("30769")))
    counter = counters.add(office, 1, " Hộ  tịch ")
    counters.change(office, counter.pk, name="Hộ tịch, chứng thực", active=False)
    counters.change(office, counter.pk, name="Hộ tịch, chứng thực", active=False)
    counter.refresh_from_db()
    assert (str(counter), counter.active) == ("1. Hộ tịch, chứng thực", False)
    assert [e.action for e in factories.acts().all()[:2]] == ["counter.changed", "counter.created"]
    for number, name in ((1, "Đất đai"), (0, "Đất đai"), (1000, "Đất đai"), (2, " ")):
        with pytest.raises(ChangeRefused):
            counters.add(office, number, name)
    with pytest.raises(ChangeRefused):
        counters.change(office, counter.pk, name=" ", active=True)
    with pytest.raises(Counter.DoesNotExist):
        counters.change(factories.office(), counter.pk, name="X", active=True)


def test_the_registry_proposes_a_centre_for_every_commune_of_today() -> None:
    units, shipped = read(UnitRow, "units.csv"), read(OfficeRow, "offices.csv")
    known = centres()
    assert len(known) == 3321
    decided = {key: row.slug for key, row in known.items()}
    assert centres_of(units, shipped, decided) == list(known.values())
    assert centres_of(units, shipped, {}) == list(known.values())
    slugs = [row.slug for row in known.values()]
    assert len({*slugs}) == len(slugs)
    own = {office.slug for office in shipped if office.kind == Kind.COMMUNE_CENTRE}
    assert own < {*slugs}
    assert not ({office.slug for office in shipped} - own) & {*slugs}
