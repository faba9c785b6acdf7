"""Where old units are counted: whole units follow their heir, the rest stays in its province."""

from collections import Counter
from collections.abc import Mapping, Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from offices.registry.heirs import (
    NoPlace,
    Relation,
    district_links,
    place_on_todays_map,
    single_heir,
)
from offices.registry.slugs import ascii_slug

World = tuple[dict[str, list[tuple[str, Relation]]], dict[str, str]]


@st.composite
def reforms(draw: st.DrawFn) -> World:
    """Up to three reforms in a row of provinces `p<era>.<n>` and their communes `c<era>.<n>`."""
    links: dict[str, list[tuple[str, Relation]]] = {}
    parents: dict[str, str] = {}
    eras = draw(st.integers(1, 4))
    sizes = [(draw(st.integers(1, 4)), draw(st.integers(1, 12))) for _ in range(eras)]
    for era, (provinces, communes) in enumerate(sizes):
        for number in range(provinces):
            parents[f"p{era}.{number}"] = "country"
            if era + 1 < eras:
                heir = draw(st.integers(0, sizes[era + 1][0] - 1))
                links[f"p{era}.{number}"] = [(f"p{era + 1}.{heir}", "merged")]
        for number in range(communes):
            parents[f"c{era}.{number}"] = f"p{era}.{draw(st.integers(0, provinces - 1))}"
            if era + 1 < eras:
                heirs = draw(st.sets(st.integers(0, sizes[era + 1][1] - 1), max_size=4))
                relation: Relation = "merged" if len(heirs) == 1 else "split"
                links[f"c{era}.{number}"] = [(f"c{era + 1}.{h}", relation) for h in sorted(heirs)]
    return links, parents


def valid(world: World) -> set[str]:
    """The units of the last era, and the country."""
    last = max(int(unit[1:].split(".")[0]) for unit in world[1])
    return {"country"} | {unit for unit in world[1] if unit[1:].startswith(f"{last}.")}


def place(world: World, unit: str) -> str:
    """Where the unit is counted."""
    return place_on_todays_map(unit, world[0], world[1].get, valid(world).__contains__)


@given(reforms(), st.data())
def test_both_maps_have_the_same_total(world: World, data: st.DataObject) -> None:
    answers = {unit: data.draw(st.integers(0, 50)) for unit in world[1]}
    today: Counter[str] = Counter()
    for unit, count in answers.items():
        today[place(world, unit)] += count
    assert set(today) <= valid(world)
    assert sum(today.values()) == sum(answers.values())


@given(reforms())
def test_a_unit_of_today_is_counted_in_itself(world: World) -> None:
    assert all(place(world, unit) == unit for unit in valid(world))


@given(reforms())
def test_a_divided_commune_is_in_no_commune(world: World) -> None:
    divided = [unit for unit, heirs in world[0].items() if unit[0] == "c" and len(heirs) != 1]
    assert all(place(world, unit).startswith("p") for unit in divided)


@given(reforms())
def test_a_commune_stays_in_the_province_that_followed_its_own(world: World) -> None:
    for unit in world[1]:
        if place(world, unit).startswith("p"):
            above = unit
            while above[0] == "c" and single_heir(world[0].get(above, ())) is not None:
                above = world[0][above][0][0]
            home = above if above[0] == "p" else world[1][above]
            assert place(world, unit) == place(world, home)


@pytest.mark.parametrize(
    ("links", "heir"),
    [
        ([], None),
        ([("a", "merged")], "a"),
        ([("a", "unchanged")], "a"),
        ([("a", "split")], None),
        ([("a", "split"), ("b", "split")], None),
    ],
)
def test_only_a_whole_unit_has_an_heir(
    links: Sequence[tuple[str, Relation]], heir: str | None
) -> None:
    assert single_heir(links) == heir


def test_a_circle_is_refused() -> None:
    links: Mapping[str, list[tuple[str, Relation]]] = {
        "a": [("b", "merged")],
        "b": [("a", "merged")],
    }
    with pytest.raises(NoPlace, match="circle"):
        place_on_todays_map("a", links, lambda _: None, lambda _: False)


def test_a_unit_without_heir_and_parent_is_refused() -> None:
    with pytest.raises(NoPlace, match="no heir and no parent"):
        place_on_todays_map("a", {}, lambda _: None, lambda _: False)


def test_a_district_is_whole_only_if_all_its_communes_went_whole_into_one() -> None:
    links: dict[str, list[tuple[str, Relation]]] = {
        "a": [("x", "merged")],
        "b": [("x", "merged")],
        "c": [("y", "merged")],
        "d": [("x", "split"), ("y", "split")],
    }
    assert district_links(["a", "b"], links) == [("x", "merged")]
    assert district_links(["a", "c"], links) == [("x", "split"), ("y", "split")]
    assert district_links(["a", "d"], links) == [("x", "split"), ("y", "split")]


def test_slugs_are_readable_ascii() -> None:
    assert ascii_slug("đặc khu Phú Quốc") == "dac-khu-phu-quoc"
    assert ascii_slug("Bà Rịa - Vũng Tàu") == "ba-ria-vung-tau"
    assert ascii_slug("Đ Ứ Ỷ ẵ, M'Nông") == "d-u-y-a-m-nong"
