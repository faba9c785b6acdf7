"""Free text as it is kept, whoever typed it: remarks, replies, reasons."""

import re

from offices.letters import composed

# Control characters but tab and line end, halves of letters, and what nobody sees: letters of no
# width and marks that turn the direction of reading.
UNWANTED = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\xad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff"
    "\ud800-\udfff\U000e0000-\U000e007f]"
)

# What a template leaves for whoever writes: "[…]" or "[… by when]".
BLANK = re.compile(r"\[\s*(?:…|\.\.\.)[^\]\n]*\]")


def has_blanks(text: str) -> bool:
    """Whether something of a template still has to be filled in."""
    return bool(BLANK.search(text))


def one_line(text: str) -> str:
    """The same on a single line, such as a reason."""
    return " ".join(clean_text(text).split())


def clean_text(text: str) -> str:
    """Free text as we keep it: NFC, nothing unseen but line ends, no outer blanks."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    return composed(UNWANTED.sub("", lines)).strip()
