"""Free text as it is kept, whoever typed it: remarks, replies, reasons."""

import re

from offices.letters import composed

# Control characters but tab and line end, and halves of letters.
UNWANTED = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")


def clean_text(text: str) -> str:
    """Free text as we keep it: NFC, no control characters but line ends, no outer blanks."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    return UNWANTED.sub("", composed(lines)).strip()
