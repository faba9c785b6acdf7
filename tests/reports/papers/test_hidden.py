"""Whoever is hidden moves nothing: neither how many they are nor what they said changes a byte."""

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import pytest
import time_machine
from django.db import transaction
from django.test import override_settings
from django.utils.translation import override

from reports.papers.pdf import pdf_of
from reports.papers.xlsx import xlsx_of
from tests.reports.papers.reporting import of_unit, reported

pytestmark = pytest.mark.django_db
NOW = datetime(2025, 8, 20, 3, tzinfo=UTC)


def files(few_said: Sequence[Sequence[int]], heads: Path) -> tuple[bytes, bytes]:
    """The files of a province with an office that these few people answered about.

    heads: where this world writes the heads of its audit.
    """
    with override_settings(AUDIT_HEADS=heads), transaction.atomic(), override("vi"):
        contents = of_unit(reported(months=(6,), few_said=few_said).province)
        made = pdf_of(contents), xlsx_of(contents)
        transaction.set_rollback(True)
    return made


@time_machine.travel(NOW, tick=False)
def test_those_who_are_too_few_change_no_byte(tmp_path: Path) -> None:
    none = files([], tmp_path / "none")
    assert files([[1, 1, 1]] * 7, tmp_path / "7") == none
    assert files([[5, 5, 5]] * 9, tmp_path / "9") == none
    assert files([[5, 5, 5]] * 12, tmp_path / "12") != none
