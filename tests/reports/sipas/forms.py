"""Layouts of the shapes in use, and packed answers to them."""

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from reports.sipas.counts.layout import Item, Layout

SERVICES_2026 = {"A": 3, "B": 4, "C": 3, "D": 3, "E": 3}
SERVICES_2022 = {"A": 4, "B": 4, "C": 5, "D": 3, "E": 3}
POLICY_2026 = {"PA": 2, "PB": 2, "PC": 9, "PD": 10}
POLICY_2022 = {"PA": 2, "PB": 2, "PC": 8, "PD": 2}


def criteria(factors: Mapping[str, int], component: str | None) -> tuple[Item, ...]:
    return tuple(
        Item(f"{code}{number}", "satisfaction", code, component)
        for code, size in factors.items()
        for number in range(1, size + 1)
    )


SERVICES = Layout(criteria(SERVICES_2026, "services"), instrument="sipas-2026-services")
WHOLE = Layout(
    (
        Item("N1", "level4"),
        *criteria(POLICY_2026, "policy"),
        Item("N4", "choice"),
        *criteria(SERVICES_2026, "services"),
    ),
    instrument="sipas-2026",
)


def with_shares(shares: Sequence[float], people: int) -> NDArray[np.uint8]:
    """Forms without blanks in which the given percentage of `people` is satisfied, per item."""
    ranks = np.arange(people)[:, None]
    satisfied = ranks < np.rint(np.array(shares) / 100 * people)[None, :]
    return np.where(satisfied, 4, 3).astype(np.uint8)
