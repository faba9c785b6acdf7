import numpy as np
import pytest

from reports.sipas.counts.layout import Item, Layout
from tests.reports.sipas.forms import SERVICES, WHOLE, criteria


def test_factors_and_components_keep_the_instruments_order() -> None:
    assert list(WHOLE.factors) == ["PA", "PB", "PC", "PD", "A", "B", "C", "D", "E"]
    assert list(WHOLE.components) == ["policy", "services"]
    assert [len(ix) for ix in WHOLE.components.values()] == [23, 16]


def test_only_satisfaction_items_are_criteria() -> None:
    assert WHOLE.n_items == 41
    assert len(WHOLE.criteria) == 39
    assert WHOLE.index_of("N1") not in WHOLE.criteria.tolist()


def test_groups_are_factors_then_components_then_the_overall_figure() -> None:
    assert [group.kind for group in WHOLE.groups] == ["factor"] * 9 + ["component"] * 2 + [
        "overall"
    ]


def test_a_single_component_is_the_overall_figure() -> None:
    assert SERVICES.n_groups == 6
    assert SERVICES.group_of("overall") == SERVICES.group_of("component", "services")


def test_criteria_without_a_component_still_have_an_overall_figure() -> None:
    layout = Layout(criteria({"C": 3, "D": 2}, None))
    overall = layout.groups[layout.group_of("overall")]
    assert np.array_equal(overall.indices, [0, 1, 2, 3, 4])


def test_an_unknown_group_is_an_error() -> None:
    with pytest.raises(KeyError):
        SERVICES.group_of("factor", "Z")


def test_the_name_of_the_instrument_tells_layouts_apart() -> None:
    other = Layout(SERVICES.items, instrument="another")
    assert other != SERVICES
    assert other.fingerprint != SERVICES.fingerprint


@pytest.mark.parametrize(
    ("items", "satisfied", "valid"),
    [
        ((Item("A1", "satisfaction"), Item("A1", "yesno")), {4, 5}, {1, 2, 3, 4, 5}),
        ((Item("A1", "satisfaction"),), {3, 4}, {1, 2, 3}),
        ((Item("A1", "satisfaction"),), {9}, {1, 9}),
        (tuple(Item(f"A{i}", "satisfaction") for i in range(256)), {4, 5}, {1, 2, 3, 4, 5}),
    ],
)
def test_an_impossible_layout_is_refused(
    items: tuple[Item, ...], satisfied: set[int], valid: set[int]
) -> None:
    with pytest.raises(ValueError, match=r"twice|valid|more than"):
        Layout(items, frozenset(satisfied), frozenset(valid))
