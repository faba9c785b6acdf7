"""Codes of dossiers and procedures as people and portals write them."""

import re

from offices.letters import composed

# 000.00.13.H33-220315-0012 until 2020, H15.50.05.13-261008-0975 since; see the guideline of the
# Government Office on dossier codes. The agency is not checked: offices change theirs.
AGENCY = r"(?:[A-Z][0-9]{2}(?:\.[0-9A-Z]{2,3}){0,4}|(?:[0-9A-Z]{2,3}\.){1,3}[GH][0-9]{2})"
DOSSIER = re.compile(rf"{AGENCY}-[0-9]{{6}}-[0-9]{{4,10}}")
# 1.001193, with the suffix of a province or without: 1.001193.000.00.00.H41, 1.014383.H13.
PROCEDURE = re.compile(r"([0-9]\.[0-9]{6})(?:\.(?:000\.00\.00\.)?[GH][0-9]{2})?")
DASHES = str.maketrans(dict.fromkeys("‐‑‒–—−", "-"))
LONGEST = 60


def dossier_code(written: str) -> str | None:
    """The code of a dossier in its one form, however it was written; None if it is none."""
    return _matched(DOSSIER, written, 0)


def year_of(code: str) -> int:
    """The year in which the dossier was received, as its code says. code: in its one form."""
    return 2000 + int(code.split("-")[1][:2])


def national_code(written: str) -> str | None:
    """The national code of a procedure, without a local suffix; None if it is none."""
    return _matched(PROCEDURE, written, 1)


def _matched(shape: re.Pattern[str], written: str, part: int) -> str | None:
    if len(written) > LONGEST:
        return None
    letters = composed(written, "NFKC").translate(DASHES)
    found = shape.fullmatch(re.sub(r"\s", "", letters).upper())
    return found[part] if found else None
