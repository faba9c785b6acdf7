"""Short ASCII names for addresses and QR codes."""

import re
import unicodedata

from offices.letters import composed


def ascii_slug(text: str) -> str:
    """`Hà Tiên` → `ha-tien`, `Đông Hồ` → `dong-ho`; only a-z, 0-9 and hyphens are left."""
    plain = composed(text.replace("Đ", "D").replace("đ", "d"), "NFD")
    letters = "".join(mark for mark in plain if not unicodedata.combining(mark)).lower()
    return re.sub(r"[^a-z0-9]+", "-", letters).strip("-")
