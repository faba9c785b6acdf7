"""Published figures: every row has a source, and the Kiên Giang row says what was published."""

from decimal import Decimal
from urllib.parse import urlsplit

from reports.showing.reference import _published, reference_figures
from tests.reports.showing.hosts import is_unfit


def test_every_row_has_an_address() -> None:
    rows = reference_figures("country", "VN", True)
    assert rows
    assert all(row.source.startswith("http") for row in rows)


def test_nobody_is_sent_to_a_blog_or_a_site_of_shared_files() -> None:
    hosts = {f"{urlsplit(row.source).hostname}" for row in _published()}
    assert len(hosts) > 10
    assert {host for host in hosts if is_unfit(host)} == set()


def test_kien_giang_2022() -> None:
    rows = {(r.year, r.metric): r for r in reference_figures("province", "91", False)}
    assert rows[2022, "service_component"].percent == Decimal("83.07")
    assert rows[2022, "sipas_overall"].rank == "24"


def test_both_values_of_2023_are_kept() -> None:
    values = {
        row.value
        for row in reference_figures("country", "VN", True)
        if (row.year, row.metric) == (2023, "service_component")
    }
    assert values == {"82.97", "82.90"}


def test_provinces_of_today_have_none() -> None:
    assert reference_figures("province", "91", True) == []
