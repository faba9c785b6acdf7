"""A release names its offices by their short names, so that a name and a release never part."""

import pytest

from offices.changing.offices import rename
from reports.models import Release
from reports.night import steps
from reports.release import CannotPublish, publish
from reports.release.reproduce import reproduce
from tests import factories
from tests.overlapping import held
from tests.reports.release.released import CLOSED, JUNE, answered, office_in

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_name_that_changes_while_it_is_published_is_published_by_neither() -> None:
    factories.instrument()
    province = factories.province()
    office = office_in(province)
    answered(office, 14)
    steps.close(CLOSED)

    def press() -> str:
        try:
            publish(province, JUNE)
        except CannotPublish as refused:
            return str(refused)
        return ""

    with held(press, 'INSERT INTO "reports_releasemembership"') as running:
        rename(office.pk, "ten-moi")
    assert running.result() != ""
    assert not Release.objects.exists()
    release = publish(province, JUNE)
    assert not reproduce(release).differences
