"""What people call a procedure, beside its official name. The names are ours, not the ministry's.

They help to find a procedure in a list and are no identity: figures, exports and reports say the
official name alone.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from offices.registry.rows import RegistryRow, read


@dataclass(frozen=True, slots=True)
class PlainNameRow(RegistryRow):
    """An everyday name of the procedure with this national code."""

    code: str
    plain_name: str


@cache
def plain_names() -> Mapping[str, str]:
    """Everyday names by national code. Raises rows.BadRow."""
    return {row.code: row.plain_name for row in read(PlainNameRow, "plain_names.csv")}
