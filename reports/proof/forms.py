"""What the proof knows of each questionnaire, read from its tables and not from its copy in memory.

Which bytes are criteria, which criteria make which figure, what counts: put together here anew,
apart from `reports.sipas.counts.layout`.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from hashlib import blake2b

from django.db import connection

from reports.sipas.index.headline import REVISION

READ = """
SELECT i.id, i.slug, i.version, i.method, i.satisfied, i.valid,
       c.position, c.code, c.scale, f.code, f.component, c.group
FROM surveys_instrument i
LEFT JOIN surveys_criterion c ON c.instrument_id = i.id
LEFT JOIN surveys_factor f ON f.id = c.factor_id
ORDER BY i.id, c.position
"""

ANSWERS = 10
USUAL = (1, 2, 3, 4, 5)


@dataclass(frozen=True, slots=True)
class ItemRow:
    """One byte of a response; of a reason, `group` is the criterion that it stands below."""

    position: int
    code: str
    scale: str
    factor: str | None
    component: str | None
    group: str = ""


@dataclass(frozen=True, slots=True)
class FormPart:
    """A factor, or a criterion that has none; `group`: where the sums of a factor stand."""

    code: str
    positions: tuple[int, ...]
    group: int | None


@dataclass(frozen=True)
class Form:
    """One version of a questionnaire; `items` in the order of their bytes."""

    key: int
    name: str
    method: str
    satisfied: tuple[int, ...]
    valid: tuple[int, ...]
    items: tuple[ItemRow, ...]

    @property
    def size(self) -> int:
        return len(self.items)

    @cached_property
    def criteria(self) -> tuple[int, ...]:
        return tuple(item.position for item in self.items if item.scale == "satisfaction")

    @cached_property
    def groups(self) -> tuple[tuple[int, ...], ...]:
        """The positions that make a figure each, in the order in which sums are stored.

        Factors, then components, each where its first criterion stands; then all criteria, unless
        one component is just that.
        """
        factors: dict[str, list[int]] = {}
        for position in self.criteria:
            item = self.items[position]
            if item.factor is not None:
                factors.setdefault(item.factor, []).append(position)
        found = [*factors.values(), *self._components.values()]
        everything = list(self.criteria)
        if everything not in self._components.values():
            found.append(everything)
        return tuple(tuple(group) for group in found)

    @cached_property
    def _components(self) -> dict[str, list[int]]:
        found: dict[str, list[int]] = {}
        for position in self.criteria:
            component = self.items[position].component
            if component is not None:
                found.setdefault(component, []).append(position)
        return found

    @cached_property
    def headline(self) -> int:
        """Which of the groups a page shows large."""
        for name in ("overall", "services"):
            if name in self._components:
                return self.groups.index(tuple(self._components[name]), len(self._factor_codes))
        everything = self.criteria
        return next(
            row for row in reversed(range(len(self.groups))) if self.groups[row] == everything
        )

    @cached_property
    def _factor_codes(self) -> set[str]:
        return {
            factor
            for position in self.criteria
            if (factor := self.items[position].factor) is not None
        }

    @cached_property
    def headline_factors(self) -> tuple[tuple[int, ...], ...]:
        """What of each factor lies in the headline."""
        wanted = set(self.groups[self.headline])
        shares = (
            tuple(position for position in group if position in wanted)
            for group in self.groups[: len(self._factor_codes)]
        )
        return tuple(share for share in shares if share)

    @cached_property
    def parts(self) -> tuple[FormPart, ...]:
        """What the criteria are divided into, in the order of the questionnaire."""
        alone = [p for p in self.criteria if self.items[p].factor is None]
        found = [FormPart(f"#{self.items[p].code}", (p,), None) for p in alone]
        for group in range(len(self._factor_codes)):
            positions = self.groups[group]
            code = self.items[positions[0]].factor or ""
            found.append(FormPart(code, positions, group))
        return tuple(sorted(found, key=lambda part: part.positions[0]))

    @cached_property
    def anchor_part(self) -> str:
        """The part of the first criterion of the headline, by which people are counted."""
        first = self.groups[self.headline][0]
        return next(part.code for part in self.parts if first in part.positions)

    @cached_property
    def headline_parts(self) -> frozenset[str]:
        """The parts whose criteria the headline sums."""
        summed = set(self.groups[self.headline])
        return frozenset(part.code for part in self.parts if summed.issuperset(part.positions))

    @property
    def numbers(self) -> int:
        """How many numbers follow that of the people in stored sums."""
        return self.size * ANSWERS + len(self.groups) * 5

    @cached_property
    def mark(self) -> bytes:
        """The eight bytes that stored sums carry so that two questionnaires are never mixed."""
        described = (
            self.name,
            [(item.code, item.scale, item.factor, item.component) for item in self.items],
            sorted(self.satisfied),
            sorted(self.valid),
        )
        return blake2b(repr(described).encode(), digest_size=8).digest()

    def method_name(self, revision: int = REVISION) -> str:
        """What a score says of how it was made, by a revision of the arithmetic."""
        counted = "".join(map(str, sorted(self.satisfied)))
        if tuple(sorted(self.valid)) != USUAL:
            counted += "of" + "".join(map(str, sorted(self.valid)))
        return f"{self.method}-{counted}-{revision}"


def forms() -> Mapping[int, Form]:
    """All questionnaires, by key."""
    with connection.cursor() as cursor:
        cursor.execute(READ)
        rows = cursor.fetchall()
    items: dict[int, list[ItemRow]] = {}
    about: dict[int, tuple[str, str, tuple[int, ...], tuple[int, ...]]] = {}
    for key, slug, version, method, satisfied, valid, *item in rows:
        about[key] = (f"{slug}@{version}", method, _numbers(satisfied), _numbers(valid))
        of = items.setdefault(key, [])
        if item[0] is not None:
            of.append(ItemRow(*item))
    return {key: Form(key, *about[key], tuple(of)) for key, of in items.items()}


def _numbers(stored: object) -> tuple[int, ...]:
    """A list of numbers as the database gives it."""
    found = json.loads(stored) if isinstance(stored, str) else stored
    return tuple(found) if isinstance(found, list) else ()
