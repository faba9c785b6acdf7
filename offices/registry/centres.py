"""The centres of all communes of today's map, as the registry proposes them: `centres.csv`.

They are no offices before their province begins (decision 0029). Their short names are decided
here once and for all, so that they stay the same whenever a province begins.
"""

from collections.abc import Mapping
from datetime import date
from functools import lru_cache

from offices.registry.rows import OfficeRow, read
from offices.registry.slugs import ascii_slug


@lru_cache(maxsize=1)
def centres() -> Mapping[tuple[str, date], OfficeRow]:
    """By code and first day of the commune. Raises rows.BadRow."""
    return {(row.unit, row.valid_from): row for row in read(OfficeRow, "centres.csv")}


def centre_of(code: str, valid_from: date) -> OfficeRow | None:
    """The proposal for the commune with this code that began on that day."""
    return centres().get((code, valid_from))


def usual_slug(kind: str, name: str) -> str:
    """The short name of a unit's office where no other has it: `phuong-ha-tien`."""
    return ascii_slug(f"{kind} {name}")
