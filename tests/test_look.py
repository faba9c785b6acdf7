"""The look of the pages: readable, and from this host alone."""

import re
from itertools import pairwise
from pathlib import Path

import pytest

STATIC = Path(__file__).parents[1] / "static"
TEMPLATES = Path(__file__).parents[1] / "templates"
TOKENS = (STATIC / "css" / "tokens.css").read_text("utf-8")
LIGHT, DARK = TOKENS.split("@media screen and (prefers-color-scheme: dark)")
COLOUR = re.compile(r"(--[\w-]+): #([0-9a-f]{3,6});")

TEXT_ON_GROUND = [
    ("--ink", "--page"),
    ("--ink", "--surface-soft"),
    ("--ink-soft", "--page"),
    ("--ink-soft", "--surface-soft"),
    ("--action", "--page"),
    ("--action", "--surface-soft"),
    ("--on-action", "--action"),
    ("--error", "--page"),
    ("--ink", "--error-surface"),
    ("--warn-ink", "--warn-surface"),
]


def colours(scheme: str) -> dict[str, str]:
    """The colour tokens of a scheme as six digits; dark stands on light."""
    css = LIGHT if scheme == "light" else LIGHT + DARK
    return {
        name: "".join(digit * 2 for digit in value) if len(value) == 3 else value
        for name, value in COLOUR.findall(css)
    }


def luminance(colour: str) -> float:
    """Relative luminance, 0 to 1, of six hexadecimal digits (WCAG 2.2)."""
    parts = [int(colour[start : start + 2], 16) / 255 for start in (0, 2, 4)]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """The contrast ratio of two colours, 1 to 21 (WCAG 2.2)."""
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(("text", "ground"), TEXT_ON_GROUND)
def test_text_can_be_read(scheme: str, text: str, ground: str) -> None:
    known = colours(scheme)
    assert contrast(known[text], known[ground]) >= 4.5


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_frame_of_a_field_can_be_seen(scheme: str) -> None:
    known = colours(scheme)
    assert contrast(known["--line-strong"], known["--surface"]) >= 3


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_five_levels_differ_without_colour(scheme: str) -> None:
    """Black-and-white print keeps only the lightness, so no two levels may share one."""
    known = colours(scheme)
    greys = sorted(luminance(known[f"--level-{level}"]) for level in range(1, 6))
    assert all((light + 0.05) / (dark + 0.05) >= 1.3 for dark, light in pairwise(greys))


def test_nothing_is_loaded_from_another_host() -> None:
    loading = re.compile(r"""(?:src|<link[^>]*href|@import|url\()\s*[=\s]?["'(]*(?:https?:)?//""")
    files = [*STATIC.rglob("*.css"), *STATIC.rglob("*.js"), *TEMPLATES.rglob("*.html")]
    assert [str(path) for path in files if loading.search(path.read_text("utf-8"))] == []


def test_every_vendored_folder_has_its_licence() -> None:
    folders = [path for path in (STATIC / "vendor").iterdir() if path.is_dir()]
    assert folders
    assert [folder.name for folder in folders if not (folder / "LICENSE").is_file()] == []


def test_keys_in_attributes_are_written_as_forms_send_them() -> None:
    """With groups of digits key 1654 would be sent as 1.654, which names nothing."""
    key = re.compile(r"""=["'][^"'{]*\{\{ [\w.]*\b(?:pk|id) \}\}""")
    templates = sorted(TEMPLATES.rglob("*.html"))
    found = {path.name: key.findall(path.read_text("utf-8")) for path in templates}
    assert {name: keys for name, keys in found.items() if keys} == {}
