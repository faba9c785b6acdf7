"""Beside dossiers of Thu phiếu stands the way to their ledger, for whoever may read that one."""

from datetime import date

import pytest
from django.urls import reverse

from offices.models import DossierCount
from offices.rights import Role
from tests import factories
from tests.officials.figures.test_progress_page import unit_text
from tests.officials.two import client_of

pytestmark = pytest.mark.django_db
JUNE = date(2026, 6, 10)


def test_a_ledger_is_offered_where_it_may_be_read_and_nowhere_else() -> None:
    factories.instrument({"A": 2, "B": 1})
    province = factories.province("An Giang")
    mine, other = (factories.office(factories.unit(parent=province)) for _ in range(2))
    for office in (mine, other):
        DossierCount.objects.create(office=office, day=JUNE, finished=100)
    head = factories.official(province, Role.ANALYST)
    factories.official(mine, Role.OFFICE_HEAD, account=head)
    commune = factories.official(mine.unit, Role.UNIT_OFFICER)
    factories.official(province, Role.ANALYST, account=commune)
    officer = factories.official(province, Role.PROVINCIAL_OFFICER)
    month = {"ky": "month", "tu": "2026-06-01"}
    for reader, offered in (
        (head, {mine}),
        (commune, {mine}),
        (officer, {mine, other}),
        (factories.official(province, Role.ANALYST), set()),
    ):
        html = unit_text(client_of(reader), province, **month)
        ledgers = {
            office
            for office in (mine, other)
            if reverse("officials:dossier_changes", args=[office.slug]) in html
        }
        assert ledgers == offered
