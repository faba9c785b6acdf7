"""Where a unit is counted on today's map, as the database has it: the files and what came after."""

from collections.abc import Mapping, Sequence
from typing import cast

from offices.models import AdministrativeUnit, Succession
from offices.registry.heirs import Relation, place_on_todays_map


def place_today(unit: AdministrativeUnit) -> AdministrativeUnit:
    """The unit itself, its heir of today, or the smallest unit above it that has a place.

    Raises heirs.NoPlace. Asks the database once for a unit that still holds.
    """
    if unit.valid_to is None:
        return unit
    return AdministrativeUnit.objects.get(pk=places_today()[unit.pk])


def places_today() -> Mapping[int, int]:
    """The place of every unit on today's map, by key."""
    parents: dict[int, int | None] = {}
    holds = set()
    rows = AdministrativeUnit.objects.values_list("pk", "parent", "valid_to")
    for key, parent, last in rows:
        parents[key] = parent
        if last is None:
            holds.add(key)
    links: dict[int, list[tuple[int, Relation]]] = {}
    for old, new, relation in Succession.objects.values_list(
        "predecessor", "successor", "relation"
    ):
        links.setdefault(old, []).append((new, cast(Relation, relation)))
    known: Mapping[int, Sequence[tuple[int, Relation]]] = links
    return {
        key: place_on_todays_map(key, known, parents.__getitem__, holds.__contains__)
        for key in parents
    }
