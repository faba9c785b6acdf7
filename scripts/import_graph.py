"""Draws which room imports which: `python -m scripts.import_graph FILE.svg`.

`--root FOLDER` draws another checkout of this repository, `--title TEXT` says what it is. A room is
a package at depth two, such as `surveys.intake`; the loose modules of an app stand together. Apps
lie below each other like floors. An arrow that goes down is grey, one that goes up is red: it is
part of a circle. Imports of the own app's models and of other apps have no arrow; their number
stands in the box.
"""

import sys
import tomllib
from argparse import ArgumentParser
from collections import Counter
from dataclasses import dataclass
from html import escape
from itertools import pairwise
from pathlib import Path

import grimp

from scripts.layers import SIZES, Layers, Point, lay_out, rows_of

ROOT = Path(__file__).resolve().parents[1]
LOOSE = "(loose modules)"
MODELS = "models"
Arrows = dict[tuple[str, str], tuple[int, int]]  # (importing modules, imports)


@dataclass(frozen=True)
class House:
    """The rooms of a checkout with their numbers of modules, and the arrows between them."""

    modules: dict[str, int]
    arrows: Arrows

    @property
    def apps(self) -> list[str]:
        """The apps, from the one that uses to the one that is used."""
        between: Counter[tuple[str, str]] = Counter()
        for (one, other), (_modules, imports) in self.arrows.items():
            if app(one) != app(other):
                between[app(one), app(other)] += imports
        return [
            name for floor in rows_of({app(r) for r in self.modules}, between) for name in floor
        ]

    def rooms(self, name: str) -> list[str]:
        """The rooms of an app."""
        return sorted(room for room in self.modules if app(room) == name)


def app(room: str) -> str:
    """The app of a room."""
    return room.split(".", 1)[0]


def read(root: Path) -> House:
    """The house in the checkout at `root`, by what its import-linter calls root packages."""
    with (root / "pyproject.toml").open("rb") as file:
        packages = tomllib.load(file)["tool"]["importlinter"]["root_packages"]
    sys.path.insert(0, str(root))
    try:
        graph = grimp.build_graph(*packages, cache_dir=None)
    finally:
        sys.path.remove(str(root))
    modules = sorted(name for name in graph.modules if ".migrations" not in name)
    folders = {name.rpartition(".")[0] for name in modules}

    def room(module: str) -> str:
        parts = module.split(".")
        inside = ".".join(parts[:2])
        return inside if len(parts) > 1 and inside in folders else f"{parts[0]}.{LOOSE}"

    pairs = {
        (module, other)
        for module in modules
        for other in graph.find_modules_directly_imported_by(module)
        if room(module) != room(other)
    }
    imports = Counter((room(one), room(other)) for one, other in pairs)
    importing = Counter(
        arrow for arrow, _ in {((room(one), room(other)), one) for one, other in pairs}
    )
    counted = Counter(room(name) for name in modules)
    arrows = {arrow: (importing[arrow], number) for arrow, number in sorted(imports.items())}
    return House(dict(sorted(counted.items())), arrows)


GAP, EDGE = 24, 170
INK, QUIET, UP, FLOOR = "#1b2733", "#5f6f80", "#b3261e", "#f2f5f8"


def draw(house: House, title: str) -> str:
    """The drawing as SVG."""
    placed = {name: _place(house, name) for name in house.apps}
    width = EDGE + max(720.0, *(layers.width for layers in placed.values())) + 2 * GAP
    bands, paths, boxes, labels, top = [], [], [], [], 74.0
    for name, layers in placed.items():
        height = max(layers.height + 2 * GAP, 130.0)
        bands.append(_band(house, name, top, width, height))
        right = EDGE + (width - EDGE - layers.width) / 2
        boxes += [_box(house, r, x + right, y + top + GAP) for r, (x, y) in layers.boxes.items()]
        ways = list(layers.arrows.items())
        for pair, points in ways:
            moved = [(x + right, y + top + GAP) for x, y in points]
            paths.append(_path(moved, house.arrows[pair][1]))
            beside = sum(other[0] == pair[0] and line[0] < points[0] for other, line in ways)
            labels.append(_label(moved, house.arrows[pair], 0.26 + 0.16 * (beside % 2)))
        top += height + 14
    heads = "".join(
        f'<marker id="{name}" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="9" markerHeight="9" '
        'markerUnits="userSpaceOnUse" orient="auto">'
        f'<path d="M0 0L8 4L0 8z" fill="{colour}"/></marker>'
        for name, colour in (("down", QUIET), ("up", UP))
    )
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:.0f} {top:.0f}" '
            'font-family="system-ui, sans-serif" font-size="13">',
            f"<title>{escape(title)}</title>",
            f"<defs>{heads}</defs>",
            f'<rect width="{width:.0f}" height="{top:.0f}" fill="#fff"/>',
            f'<text x="{GAP}" y="32" font-size="20" font-weight="600" fill="{INK}">'
            f"{escape(title)}</text>",
            f'<text x="{GAP}" y="56" fill="{QUIET}">{_legend(house)}</text>',
            *bands,
            *paths,
            *boxes,
            *labels,
            "</svg>\n",
        ]
    )


def _place(house: House, name: str) -> Layers:
    """An app's rooms in rows; its models are the ground everything stands on."""
    rooms = house.rooms(name)
    ground = [room for room in rooms if room == f"{name}.{MODELS}"]
    weights = {arrow: imports for arrow, (_, imports) in house.arrows.items()}
    rows = rows_of([room for room in rooms if room not in ground], weights)
    inside = [arrow for arrow in house.arrows if app(arrow[0]) == name and _drawn(arrow)]
    return lay_out([*rows, *([ground] if ground else [])], inside)


def _drawn(pair: tuple[str, str]) -> bool:
    """Whether an arrow is drawn: inside an app, not onto its models."""
    return app(pair[0]) == app(pair[1]) and pair[1] != f"{app(pair[1])}.{MODELS}"


def _colour(points: list[Point]) -> tuple[str, str]:
    return (UP, "up") if points[-1][1] < points[0][1] else (QUIET, "down")


def _path(points: list[Point], imports: int) -> str:
    """An arrow: curves between rows, straight where it passes one."""
    colour, head = _colour(points)
    way = f"M{points[0][0]:.0f} {points[0][1]:.0f}"
    for number, ((x, y), (to_x, to_y)) in enumerate(pairwise(points)):
        middle = (y + to_y) / 2
        curve = f"C{x:.0f} {middle:.0f} {to_x:.0f} {middle:.0f} {to_x:.0f} {to_y:.0f}"
        way += curve if number % 2 == 0 else f"V{to_y:.0f}"
    return (
        f'<path d="{way}" fill="none" stroke="{colour}" stroke-opacity=".8" '
        f'stroke-width="{1 + min(imports, 40) / 12:.1f}" marker-end="url(#{head})"/>'
    )


def _label(points: list[Point], counts: tuple[int, int], share: float) -> str:
    """How many modules make how many imports, at this share of the arrow's first curve."""
    (x, y), (to_x, to_y) = points[:2]
    rest = 1 - share
    at_x = x + (to_x - x) * (3 * rest * share**2 + share**3)
    at_y = y + (to_y - y) * (1.5 * rest * share + share**3)
    return (
        f'<text x="{at_x:.0f}" y="{at_y + 4:.0f}" text-anchor="middle" fill="{_colour(points)[0]}" '
        f'font-size="11" stroke="{FLOOR}" stroke-width="4" paint-order="stroke">'
        f"{counts[0]}→{counts[1]}</text>"
    )


def _uses(house: House, room: str) -> list[str]:
    """What a room uses without an arrow of its own: its models and other apps."""
    found: Counter[str] = Counter()
    for (one, other), (_modules, imports) in house.arrows.items():
        if one == room and not _drawn((one, other)):
            found[MODELS if app(other) == app(room) else app(other)] += imports
    return [f"{name} {number}" for name, number in sorted(found.items())]


def _box(house: House, room: str, middle: float, y: float) -> str:
    name = room.split(".", 1)[1]
    x, number, uses = middle - SIZES.wide / 2, house.modules[room], _uses(house, room)
    lines = [f"{number} module{'s' if number != 1 else ''}"]
    if uses:
        lines += ["uses " + " · ".join(uses[:2]), " · ".join(uses[2:])]
    texts = "".join(
        f'<text x="{x + 10:.0f}" y="{y + 37 + 15 * place:.0f}" fill="{QUIET}" font-size="12">'
        f"{escape(line)}</text>"
        for place, line in enumerate(lines)
        if line
    )
    dashes = ' stroke-dasharray="5 4"' if name == LOOSE else ""
    return (
        f'<rect x="{x:.0f}" y="{y:.0f}" width="{SIZES.wide:.0f}" height="{SIZES.high:.0f}" rx="6" '
        f'fill="#fff" stroke="{INK}"{dashes}/><text x="{x + 10:.0f}" y="{y + 20:.0f}" '
        f'font-weight="600" fill="{INK}">{escape(name)}</text>{texts}'
    )


def _band(house: House, name: str, top: float, width: float, height: float) -> str:
    """The floor of an app: its name, its modules, and the apps that it uses."""
    order, other_apps = house.apps, Counter[str]()
    for (one, other), (_, imports) in house.arrows.items():
        if app(one) == name != app(other):
            other_apps[app(other)] += imports
    number = sum(house.modules[room] for room in house.rooms(name))
    texts = [f'<text x="{GAP}" y="{top + 58:.0f}" fill="{QUIET}">{number} modules</text>']
    for place, (other, imports) in enumerate(sorted(other_apps.items()), 1):
        colour = UP if order.index(other) < order.index(name) else QUIET
        texts.append(
            f'<text x="{GAP}" y="{top + 58 + 18 * place:.0f}" fill="{colour}">'
            f"→ {escape(other)} {imports}</text>"
        )
    return (
        f'<rect x="12" y="{top:.0f}" width="{width - 24:.0f}" height="{height:.0f}" rx="8" '
        f'fill="{FLOOR}"/><text x="{GAP}" y="{top + 36:.0f}" font-size="18" font-weight="600" '
        f'fill="{INK}">{escape(name)}</text>{"".join(texts)}'
    )


def _legend(house: House) -> str:
    modules = sum(house.modules.values())
    imports = sum(number for _, number in house.arrows.values())
    return (
        f"{modules} modules, {imports} imports between rooms. An arrow 3→5: three modules of a "
        "room make five imports of the other. Red goes up."
    )


def main(arguments: list[str] | None = None) -> None:
    """Writes the drawing."""
    parser = ArgumentParser(description="Draws the imports between rooms as SVG.")
    parser.add_argument("file", type=Path)
    parser.add_argument("--root", type=Path, default=ROOT)
    parser.add_argument("--title", default="Imports between the rooms")
    given = parser.parse_args(arguments)
    given.file.write_text(draw(read(given.root.resolve()), given.title), "utf-8")


if __name__ == "__main__":
    main()
