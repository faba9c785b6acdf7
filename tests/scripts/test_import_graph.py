"""The drawing of the imports: rooms, numbers, floors, and what goes up."""

import re
from pathlib import Path

import pytest

from scripts.import_graph import House, draw, main, read
from scripts.layers import rows_of

FILES = {
    "pyproject.toml": '[tool.importlinter]\nroot_packages = ["lower_floor", "upper_floor"]\n',
    "lower_floor/__init__.py": "",
    "lower_floor/models/__init__.py": "",
    "lower_floor/models/thing.py": "",
    "lower_floor/names.py": "from lower_floor.models import thing\n",
    "upper_floor/__init__.py": "",
    "upper_floor/pages/__init__.py": "",
    "upper_floor/pages/one.py": "from upper_floor.rules import first, second\n",
    "upper_floor/pages/two.py": "import lower_floor.names\nimport upper_floor.rules.first\n",
    "upper_floor/rules/__init__.py": "",
    "upper_floor/rules/first.py": "",
    "upper_floor/rules/second.py": "",
}


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    for name, text in FILES.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text, "utf-8")
    return tmp_path


def test_rooms_and_arrows_are_counted(checkout: Path) -> None:
    house = read(checkout)
    assert house.modules["upper_floor.pages"] == 3
    assert house.modules["lower_floor.(loose modules)"] == 2
    assert house.arrows == {
        ("lower_floor.(loose modules)", "lower_floor.models"): (1, 1),
        ("upper_floor.pages", "lower_floor.(loose modules)"): (1, 1),
        ("upper_floor.pages", "upper_floor.rules"): (2, 3),
    }
    assert house.apps == ["upper_floor", "lower_floor"]


def test_the_drawing_says_rooms_numbers_and_what_is_used_below(checkout: Path) -> None:
    main([str(checkout / "out.svg"), "--root", str(checkout), "--title", "A < B"])
    drawn = (checkout / "out.svg").read_text("utf-8")
    texts = re.findall(r"<text[^>]*>([^<]*)</text>", drawn)
    assert {"pages", "rules", "3 modules", "2→3", "uses lower_floor 1", "A &lt; B"} <= set(texts)
    assert "url(#up)" not in drawn


def test_one_import_back_is_a_red_arrow_that_goes_up(checkout: Path) -> None:
    (checkout / "upper_floor/rules/first.py").write_text("from upper_floor.pages import one\n")
    drawn = draw(read(checkout), "with a circle")
    assert drawn.count("url(#up)") == drawn.count("url(#down)") == 1


def test_only_arrows_of_a_circle_go_up() -> None:
    weights = {("a", "b"): 9, ("b", "c"): 1, ("c", "b"): 2, ("x", "a"): 1, ("c", "d"): 1}
    depth = {name: number for number, row in enumerate(rows_of("abcdx", weights)) for name in row}
    assert [pair for pair in weights if depth[pair[0]] >= depth[pair[1]]] == [("b", "c")]


def test_boxes_of_a_row_do_not_touch_and_no_arrow_runs_behind_one(checkout: Path) -> None:
    rooms = {f"app.{name}": 1 for name in "abcdef"}
    pairs = ["ab", "bc", "cd", "ad", "ac", "ae", "bf", "af"]
    house = House(rooms, {(f"app.{pair[0]}", f"app.{pair[1]}"): (1, 1) for pair in pairs})
    drawn = draw(house, "long arrows")
    boxes = [
        tuple(map(int, found))
        for found in re.findall(r'<rect x="(\d+)" y="(\d+)" width="(188)" height="(74)"', drawn)
    ]
    assert len(boxes) == len(rooms)
    for one in boxes:
        for other in boxes:
            assert one == other or one[1] != other[1] or abs(one[0] - other[0]) >= 188
    passing = re.findall(r" (\d+) (\d+)V(\d+)", drawn)
    assert passing
    for x, top, bottom in (map(int, found) for found in passing):
        for left, y, wide, high in boxes:
            assert not (left <= x <= left + wide and y < bottom and top < y + high)
