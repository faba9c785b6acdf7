"""A country with a night before it, and the table of what was tried."""

import pytest

from tests.faults.country import Country, make_country

TABLE: list[tuple[str, str, float]] = []


@pytest.fixture
def country(guarded: None) -> Country:
    """Two provinces with two offices each, whose last month the next night closes."""
    return make_country()


class Tried:
    """Says in the table what was tried, what happened, and how long the night took."""

    def __call__(self, fault: str, happened: str, seconds: float) -> None:
        TABLE.append((fault, happened, seconds))


@pytest.fixture
def tried() -> Tried:
    """Writes a line of the table."""
    return Tried()


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Prints the table; leases are 3 s and ticks 1 s here, 180 s and 120 s in service."""
    if not TABLE:
        return
    terminalreporter.section("faults of a night (leases of 3 s, ticks of 1 s)")
    terminalreporter.write_line("| fault | what happened | seconds until the night was complete |")
    terminalreporter.write_line("|---|---|---|")
    for fault, happened, seconds in TABLE:
        terminalreporter.write_line(f"| {fault} | {happened} | {seconds:.1f} |")
