"""Places boxes in rows so that the arrows between them can be followed.

An arrow that passes a row gets a narrow place of its own in it, so it never runs behind a box.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

Arrow = tuple[str, str]
Point = tuple[float, float]
Place = str | tuple[Arrow, int]  # a box, or where an arrow passes a row


@dataclass(frozen=True)
class Sizes:
    """Of boxes and of what lies between them."""

    wide: float = 188
    high: float = 74
    passing: float = 30
    gap: float = 26
    between: float = 84


SIZES = Sizes()


@dataclass
class Layers:
    """Where boxes stand (middle of the top edge) and the points that each arrow passes."""

    boxes: dict[str, Point]
    arrows: dict[Arrow, list[Point]]
    width: float
    height: float


def rows_of(names: Iterable[str], weights: dict[Arrow, int]) -> list[list[str]]:
    """The names in rows: users above, so that as few imports as can be found go up.

    First the order: each time a name that only its own circle uses, if any does; of a circle the
    one that is used least, measured against what it uses itself. Then the rows: each name one below
    the lowest of those before it that it touches. An arrow that goes up is part of a circle.
    """
    left, order = sorted(names), list[str]()
    while left:
        reached = {name: _reached(name, left, weights) for name in left}
        shares = {}
        for name in left:
            if any(name in reached[other] and other not in reached[name] for other in left):
                continue
            up = sum(weights.get((other, name), 0) for other in left if other != name)
            down = sum(weights.get((name, other), 0) for other in left if other != name)
            shares[name] = up / (up + down) if up + down else 1.0
        order.append(min(shares, key=lambda name: (shares[name], name)))
        left.remove(order[-1])
    row: dict[str, int] = {}
    for place, name in enumerate(order):
        touched = [
            row[other] for other in order[:place] if {(other, name), (name, other)} & weights.keys()
        ]
        row[name] = max(touched, default=-1) + 1
    return [[n for n in order if row[n] == d] for d in range(max(row.values(), default=-1) + 1)]


def _reached(start: str, names: Sequence[str], weights: dict[Arrow, int]) -> set[str]:
    """The name itself and what it uses, directly or through others of these names."""
    found, new = {start}, [start]
    while new:
        user = new.pop()
        used = {name for name in names if (user, name) in weights} - found
        found |= used
        new += used
    return found


def lay_out(rows: Sequence[Sequence[str]], arrows: Iterable[Arrow]) -> Layers:
    """The places of all boxes, and of the arrows between boxes of different rows."""
    depth = {name: number for number, row in enumerate(rows) for name in row}
    places: list[list[Place]] = [list(row) for row in rows]
    ways: dict[Arrow, list[Place]] = {}
    for arrow in sorted(arrows):
        top, bottom = sorted(arrow, key=lambda name: depth[name])
        passed = [(arrow, row) for row in range(depth[top] + 1, depth[bottom])]
        for between in passed:
            places[between[1]].append(between)
        ways[arrow] = [top, *passed, bottom]
    near = _neighbours(ways.values())
    x = _across(places, near)
    left = min((x[p] - _width(p) / 2 for row in places for p in row), default=0.0)
    right = max((x[p] + _width(p) / 2 for row in places for p in row), default=0.0)
    step = SIZES.high + SIZES.between
    boxes = {name: (x[name] - left, depth[name] * step) for name in depth}
    ends = _ends(ways, x)
    lines = {}
    for arrow, way in ways.items():
        points: list[Point] = [(ends[arrow, 0] - left, depth[str(way[0])] * step + SIZES.high)]
        for place in way[1:-1]:
            y = int(place[1]) * step
            points += [(x[place] - left, y), (x[place] - left, y + SIZES.high)]
        points.append((ends[arrow, 1] - left, depth[str(way[-1])] * step))
        lines[arrow] = points if arrow[0] == way[0] else points[::-1]
    return Layers(boxes, lines, right - left, len(rows) * step - SIZES.between)


def _width(place: Place) -> float:
    return SIZES.wide if isinstance(place, str) else SIZES.passing


def _neighbours(ways: Iterable[Sequence[Place]]) -> dict[Place, list[list[Place]]]:
    """What lies above (first) and below (second) each place on some arrow's way."""
    found: dict[Place, list[list[Place]]] = {}
    for way in ways:
        for one, other in pairwise(way):
            found.setdefault(one, [[], []])[1].append(other)
            found.setdefault(other, [[], []])[0].append(one)
    return found


def _across(places: list[list[Place]], near: dict[Place, list[list[Place]]]) -> dict[Place, float]:
    """The middle of each place: rows are swept down and up until arrows cross little."""
    x: dict[Place, float] = {}
    for row in places:
        x.update(_apart(row, {place: 100.0 * number for number, place in enumerate(row)}))
    for sweep in range(24):
        side = sweep % 2
        centre = sum(x[place] for place in near) / len(near) if near else 0.0
        for row in places if side == 0 else places[::-1]:
            wish = {}
            for place in row:
                others = near.get(place, [[], []])
                beside = others[side] if sweep < 20 else [*others[0], *others[1]]
                wish[place] = sum(x[p] for p in beside) / len(beside) if beside else x[place]
                if place not in near:
                    wish[place] = centre
            row.sort(key=lambda place, wish=wish: (wish[place], str(place)))  # type: ignore[misc]
            x.update(_apart(row, wish))
    return x


def _apart(row: Sequence[Place], wish: dict[Place, float]) -> dict[Place, float]:
    """As near to what each wishes as the widths allow, in this order (least squares)."""
    offsets, edge = [], 0.0
    for place in row:
        offsets.append(edge + _width(place) / 2)
        edge += _width(place) + SIZES.gap * (1 if isinstance(place, str) else 0.4)
    groups: list[tuple[float, int]] = []  # neighbours that touch move together
    for place, offset in zip(row, offsets, strict=True):
        total, number = wish[place] - offset, 1
        while groups and groups[-1][0] / groups[-1][1] > total / number:
            before, count = groups.pop()
            total, number = total + before, number + count
        groups.append((total, number))
    starts = [total / number for total, number in groups for _ in range(number)]
    return {p: start + o for p, start, o in zip(row, starts, offsets, strict=True)}


def _ends(ways: dict[Arrow, list[Place]], x: dict[Place, float]) -> dict[tuple[Arrow, int], float]:
    """Where arrows leave the upper box (0) and reach the lower one (1), side by side."""
    sides: dict[tuple[str, int], list[tuple[float, Arrow]]] = {}
    for arrow, way in ways.items():
        sides.setdefault((str(way[0]), 0), []).append((x[way[1]], arrow))
        sides.setdefault((str(way[-1]), 1), []).append((x[way[-2]], arrow))
    found = {}
    for (name, side), arrows in sides.items():
        step = (SIZES.wide - 24) / (len(arrows) + 1)
        for number, (_, arrow) in enumerate(sorted(arrows), 1):
            found[arrow, side] = x[name] - (SIZES.wide - 24) / 2 + number * step
    return found
