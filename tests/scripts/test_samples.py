"""Sample reports are of simulated figures and say so."""

from pathlib import Path

import pytest

from reports.models import Score
from scripts.samples import NotSimulated, write
from tests.reports.papers.opening import pages, sheets
from tests.reports.papers.reporting import JUNE, reported
from tests.test_house import ROOT

pytestmark = pytest.mark.django_db
SAID = "Số liệu mô phỏng"


def test_figures_of_people_are_no_sample(tmp_path: Path) -> None:
    world = reported(months=(6,))
    with pytest.raises(NotSimulated):
        list(write(world.office.slug, "month", JUNE.first, tmp_path))
    Score.objects.update(simulated=True)
    assert len(list(write(world.office.slug, "month", JUNE.first, tmp_path))) == 4


def test_the_samples_that_are_kept_say_that_they_are_simulated() -> None:
    files = sorted((ROOT / "docs" / "samples").glob("bao-cao-*"))
    assert len(files) == 4
    for file in files:
        if file.suffix == ".pdf":
            assert SAID in pages(file.read_bytes())[0]
        else:
            first = next(iter(sheets(file.read_bytes()).values()))
            assert any(SAID in row for row in first)
