"""Where a unit that no longer exists is counted on today's map. Pure functions over keys.

Figures are never shared out: a unit that went over whole has one heir; one that was divided, or a
district, is counted in the smallest unit above it that has a place on today's map, in a row of its
own there (design: "giải thể, không quy được về một đơn vị").
"""

from collections.abc import Callable, Hashable, Mapping, Sequence
from typing import Literal, TypeVar

Key = TypeVar("Key", bound=Hashable)
Relation = Literal["unchanged", "merged", "split"]
Links = Mapping[Key, Sequence[tuple[Key, Relation]]]


class NoPlace(ValueError):
    """The successions run in a circle, or a unit has neither heir nor parent."""


def single_heir(links: Sequence[tuple[Key, Relation]]) -> Key | None:
    """The one unit that took over the whole of another; None if it was divided or just ended."""
    if len(links) == 1 and links[0][1] != "split":
        return links[0][0]
    return None


def place_on_todays_map(
    unit: Key,
    links: Links[Key],
    parent: Callable[[Key], Key | None],
    is_valid: Callable[[Key], bool],
) -> Key:
    """The unit of today in which `unit` is counted: itself, its heir, or its parent's place.

    Follows heirs over any number of reforms. Raises NoPlace.
    """
    seen: set[Key] = set()
    here = unit
    while not is_valid(here):
        if here in seen:
            raise NoPlace(f"The successions of {unit} run in a circle.")
        seen.add(here)
        heir = single_heir(links.get(here, ()))
        above = parent(here) if heir is None else heir
        if above is None:
            raise NoPlace(f"{unit} has no place on today's map: {here} has no heir and no parent.")
        here = above
    return here


def district_links(communes: Sequence[Key], links: Links[Key]) -> list[tuple[Key, Relation]]:
    """What became of a district, from its communes: merged only if all went whole into one."""
    heirs = {heir for commune in communes for heir, _ in links.get(commune, ())}
    whole = all(single_heir(links.get(commune, ())) is not None for commune in communes)
    relation: Relation = "merged" if whole and len(heirs) == 1 else "split"
    return [(heir, relation) for heir in sorted(heirs, key=str)]
