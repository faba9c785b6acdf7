"""What the file of a release holds is explained beside it, whole."""

import csv
import gzip
import io

import pytest

from officials.publishing.columns import COLUMNS, MARKS
from reports.release import export
from reports.release.publish import PERIODS
from reports.sipas.hiding.suppression import WithheldReason
from tests.upgrade.old import FACTS, HERE

WITH_MARKS = ("period", "of", "map", "kind", "not_shown_because")


def test_every_column_is_explained_in_the_order_of_the_file() -> None:
    assert tuple(COLUMNS) == export.COLUMNS


@pytest.mark.parametrize("slug", FACTS["releases"])
def test_every_mark_in_a_file_is_explained(slug: str) -> None:
    text = gzip.decompress((HERE / "releases" / f"{slug}.csv.gz").read_bytes()).decode("utf-8-sig")
    found = {row[name] for row in csv.DictReader(io.StringIO(text)) for name in WITH_MARKS}
    assert {"headline", "office", "then"} <= found
    assert found - {""} <= set(MARKS)


def test_marks_that_these_files_happen_to_lack_are_explained() -> None:
    assert {kind.value for kind in PERIODS} | {WithheldReason.TOO_FEW.value} <= set(MARKS)
