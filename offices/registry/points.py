"""Where communes lie: a point in the middle of each, for who looks for the office that is near."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from offices.registry.rows import RegistryRow, read


@dataclass(frozen=True, slots=True)
class PointRow(RegistryRow):
    """The middle of the commune with this code, in degrees of WGS 84, to half a kilometre.

    reach: how far from it in kilometres one may still be there, where it is not the usual: the
    archipelagos lie scattered over the sea.
    """

    code: str
    latitude: float
    longitude: float
    reach: int | None = None


@cache
def points() -> Mapping[str, PointRow]:
    """The points of today's communes, by code. Raises rows.BadRow."""
    return {row.code: row for row in read(PointRow, "points.csv")}
