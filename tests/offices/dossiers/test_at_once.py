"""Many imports at once: the ledger and the counts stay equal, and "was" is what stood before."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest

from offices.dossiers.checking import unequal
from offices.dossiers.entering import Entering
from offices.dossiers.file import Cell
from offices.dossiers.store import store
from offices.models import DossierChange, DossierCount, DossierSource
from tests import factories
from tests.officials.two import emptied
from tests.overlapping import on_own_connection

pytestmark = pytest.mark.django_db(transaction=True)
TODAY = date(2026, 3, 20)
DAYS = [date(2026, 3, day) for day in range(1, 11)]


def test_twelve_imports_at_once_leave_one_history() -> None:
    offices = [factories.office().pk for _ in range(3)]
    entering = Entering(DossierSource.ABOVE, {})

    def bring(number: int) -> None:
        order = offices if number % 2 else list(reversed(offices))
        cells = [Cell(office, day, None, number) for office in order for day in DAYS]
        store(cells, entering, TODAY)

    with ThreadPoolExecutor(6) as pool:
        running = [
            pool.submit(on_own_connection, lambda number=number: bring(number))
            for number in range(1, 13)
        ]
        for one in running:
            one.result(60)
    assert unequal() == (0, [])
    assert len(set(DossierCount.objects.values_list("finished", flat=True))) == 1
    for office in offices:
        for day in DAYS:
            history = DossierChange.objects.filter(office=office, day=day).order_by("pk")
            steps = list(history.values_list("was", "now"))
            assert steps[0][0] is None
            assert [was for was, _now in steps[1:]] == [now for _was, now in steps[:-1]]
    emptied("offices_dossierchange")
