"""Vietnamese names: how they are searched and in which order they are listed.

The database has no collation for it (the embedded build has no ICU), so the keys are computed.
"""

import unicodedata

# What stands before the name of a province and says nothing about where to look for it.
KINDS = ("tỉnh ", "thành phố ")


def plain(text: str) -> str:
    """Without case and diacritics, for searching: `Hà Tiên` is found by `ha tien`."""
    decomposed = unicodedata.normalize("NFD", text.casefold().replace("đ", "d"))
    return "".join(c for c in decomposed if not unicodedata.combining(c))


def in_order(name: str) -> tuple[str, str]:
    """The key under which Vietnamese readers look for a name: letters first, then diacritics."""
    return plain(name), name


def province_in_order(name: str) -> tuple[str, str]:
    """The same for a province, under its own name: `Thành phố Đà Nẵng` among the D."""
    for kind in KINDS:
        if name.casefold().startswith(kind):
            return in_order(name[len(kind) :])
    return in_order(name)
