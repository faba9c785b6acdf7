"""Free text as it is kept, whoever typed it: remarks, replies, reasons."""

import unicodedata


def clean_text(text: str) -> str:
    """Free text as we keep it: NFC, no control characters but line ends, no outer blanks."""
    composed = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))
    return "".join(
        c for c in composed if c in "\n\t" or unicodedata.category(c) not in ("Cc", "Cs")
    ).strip()
