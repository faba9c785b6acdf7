"""Mergers of communes: what follows, what is refused, and that loading the registry keeps them."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.utils import timezone

from offices.access import may
from offices.changing.merging import Merger, NewUnit, carry_out, preview
from offices.changing.refusal import ChangeRefused
from offices.models import AdministrativeUnit, Membership, Office, Succession
from offices.registry.load import load
from offices.rights import Action
from reports import mergers
from reports.models import Period, Score, Stale, TerritoryMap
from tests import factories
from tests.offices.registry.test_load import part

pytestmark = pytest.mark.django_db
Level = AdministrativeUnit.Level
CHANGE = date(2025, 7, 1)


@pytest.fixture
def place() -> AdministrativeUnit:
    """A province with three communes, A, B and C, an office in A and in B."""
    made = factories.province("An Giang", valid_from=CHANGE)
    for name in "ABC":
        factories.unit(Level.COMMUNE, made, name=name, kind="xã", valid_from=CHANGE)
    for name in "AB":
        factories.office(unit(name), name=f"Trung tâm {name}", slug=f"xa-{name.lower()}")
    return made


def unit(name: str) -> AdministrativeUnit:
    """The commune."""
    return AdministrativeUnit.objects.get(name=name, level=Level.COMMUNE)


def office(slug: str) -> Office:
    """The office."""
    return Office.objects.get(slug=slug)


def into(successor: str | None = "A", *, gone: str = "B") -> Merger:
    """The communes `gone` into another, or into a new one, from today on."""
    new = None if successor else NewUnit("phường", "Mới", "30001")
    keys = tuple(sorted(unit(name).pk for name in gone))
    taking = unit(successor).pk if successor else None
    return Merger(keys, taking, new, timezone.localdate(), "Nghị quyết 1")


def test_a_commune_goes_over_into_its_neighbour(place: AdministrativeUnit) -> None:
    eve = timezone.localdate() - timedelta(days=1)
    old = factories.office(unit("B"), valid_to=date(2025, 12, 31), name="Cũ", slug="xa-b-cu")
    carry_out(into("A"), {})
    assert unit("B").valid_to == eve
    succession = Succession.objects.get()
    assert (succession.predecessor, succession.successor) == (unit("B"), unit("A"))
    assert succession.relation == "merged"
    closed = office("xa-b")
    assert (closed.valid_to, closed.heir, closed.today_unit) == (eve, office("xa-a"), unit("A"))
    assert list(office("xa-a").predecessors.all()) == [closed]
    old.refresh_from_db()
    assert (old.valid_to, old.today_unit, old.heir) == (date(2025, 12, 31), unit("A"), None)
    (entry,) = factories.acts().all()
    assert (entry.action, entry.unit_id) == ("merger.carried_out", place.pk)


def test_two_become_a_new_one_with_a_new_office(place: AdministrativeUnit) -> None:
    done = carry_out(into(None, gone="AB"), {})
    made = unit("Mới")
    assert done.wish is not None
    assert (made.valid_from, made.parent, made.code) == (timezone.localdate(), place, "30001")
    centre = office(done.wish.slug)
    assert centre.unit == made
    assert {o.heir for o in Office.objects.filter(slug__in=("xa-a", "xa-b"))} == {centre}
    assert centre.predecessors.count() == 2


def test_one_that_only_changes_its_name_is_unchanged(place: AdministrativeUnit) -> None:
    carry_out(into(None, gone="A"), {})
    assert Succession.objects.get().relation == "unchanged"


def test_a_role_gives_no_more_than_before_to_who_held_what_ended(
    place: AdministrativeUnit,
) -> None:
    loser, gainer = factories.user(), factories.user()
    Membership.objects.create(user=loser, role="office_head", office=office("xa-b"))
    Membership.objects.create(user=gainer, role="office_head", office=office("xa-a"))
    carry_out(into("A"), {})
    assert may(loser, Action.SEE_FIGURES, office("xa-b"))
    assert not may(loser, Action.SEE_FIGURES, office("xa-a"))
    assert may(gainer, Action.SEE_FIGURES, office("xa-b"))


def test_no_answer_lies_outside_of_its_offices_days(place: AdministrativeUnit) -> None:
    today = timezone.localdate()
    factories.instrument({"A": 1})
    factories.answer(office("xa-b"), [5])
    mergers.carry_out(into("A").payload())
    assert office("xa-b").valid_to == today
    assert unit("B").valid_to == today - timedelta(days=1)


def score(**given: object) -> Score:
    """A score of January 2026."""
    fixed = {
        "instrument_id": given.pop("instrument"),
        "period": Period.MONTH,
        "start": date(2026, 1, 1),
        "closed": True,
        **dict.fromkeys(("people", "answered", "satisfied"), 10),
        "sums": b"",
        "method": "x",
        "computed_at": timezone.now(),
    }
    return Score.objects.create(**fixed, **given)


def test_figures_of_todays_map_go_over_and_those_of_then_stay(place: AdministrativeUnit) -> None:
    instrument = factories.instrument({"A": 1}).pk
    score(instrument=instrument, office=office("xa-b"))
    score(instrument=instrument, unit=unit("B"), map=TerritoryMap.TODAY)
    then = score(instrument=instrument, unit=unit("B"), map=TerritoryMap.THEN)
    mergers.carry_out(into("A").payload())
    assert list(Score.objects.filter(unit=unit("B"))) == [then]
    waiting = Stale.objects.get()
    assert (waiting.office, waiting.period, waiting.start) == (
        office("xa-b"),
        Period.MONTH,
        date(2026, 1, 1),
    )


def test_nothing_happens_where_anything_is_in_the_way(place: AdministrativeUnit) -> None:
    today, merger = timezone.localdate(), into("A")
    foreign = factories.unit(Level.COMMUNE, factories.province())
    tries = {
        "takes over; leave it out": replace(merger, predecessors=(unit("A").pk,)),
        "lies in another province": replace(merger, successor=foreign.pk),
        "communes of one province": replace(
            merger, predecessors=tuple(sorted((unit("B").pk, foreign.pk)))
        ),
        "Only communes": replace(merger, predecessors=(place.pk,)),
        "at least one": replace(merger, predecessors=()),
        "or describe the new one": replace(merger, successor=None),
        "must exist today": replace(merger, successor=place.pk),
        "on the eve": replace(merger, effective_on=today + timedelta(days=2)),
        "Choose a later day": replace(merger, effective_on=CHANGE),
        "has this code": replace(merger, successor=None, new=NewUnit("xã", "Mới", unit("C").code)),
    }
    for said, wish in tries.items():
        with pytest.raises(ChangeRefused) as refused:
            carry_out(wish, {})
        if said == "has this code":
            continue
        assert said in str(refused.value)
    assert not Succession.objects.exists()
    assert not factories.acts().exists()


def test_the_second_of_two_approvals_is_refused(place: AdministrativeUnit) -> None:
    payload = into("A").payload()
    assert Merger.of(payload) == into("A")
    mergers.carry_out(payload)
    with pytest.raises(ChangeRefused, match="already"):
        mergers.carry_out(payload)
    assert Succession.objects.count() == 1


def test_what_the_registry_knows_is_followed_for_offices_that_are_still_open(
    place: AdministrativeUnit,
) -> None:
    merger = into("A")
    eve = merger.effective_on - timedelta(days=1)
    AdministrativeUnit.objects.filter(pk=unit("B").pk).update(valid_to=eve)
    with pytest.raises(ChangeRefused, match="already"):
        preview(merger)
    Succession.objects.create(
        predecessor=unit("B"),
        successor=unit("A"),
        effective_on=merger.effective_on,
        relation="merged",
    )
    carry_out(merger, {})
    assert office("xa-b").heir == office("xa-a")
    assert Succession.objects.count() == 1


def test_loading_the_registry_keeps_a_merger_and_the_short_names() -> None:
    registry = part("91", "89")
    load(registry)
    gone, stays = (
        AdministrativeUnit.objects.get(code=code, valid_to=None) for code in ("30766", "30769")
    )
    merger = Merger((gone.pk,), stays.pk, None, timezone.localdate(), "Nghị quyết 1")
    carry_out(merger, {})
    Office.objects.filter(slug="phuong-ha-tien").update(slug="ha-tien-moi")
    mine = factories.office(gone, slug="cua-toi", today_unit=gone)
    before = Office.objects.count()
    assert str(load(registry)) == "1 offices"
    assert str(load(registry)) == "nothing"
    gone.refresh_from_db()
    mine.refresh_from_db()
    closed = office("phuong-to-chau")
    assert gone.valid_to == timezone.localdate() - timedelta(days=1)
    assert (closed.heir, closed.today_unit) == (office("ha-tien-moi"), stays)
    assert closed in office("ha-tien-moi").predecessors.all()
    assert mine.today_unit == stays
    assert Office.objects.count() == before
