"""Publishing in a transaction of its own, while somebody else publishes too."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from offices.changing.offices import rename
from offices.models import AdministrativeUnit, Office
from reports.models import Release, ReleaseFigure
from reports.night import steps
from reports.release import CannotPublish, publish, reproduce
from reports.release.publish import alone
from tests import factories
from tests.officials.two import emptied
from tests.overlapping import held
from tests.reports.release.released import CLOSED, JUNE, answered, office_in

pytestmark = pytest.mark.django_db(transaction=True)
TABLES = ("releasecheck", "releasefigure", "releasecut", "release")


@pytest.fixture
def province(transactional_db: None) -> Iterator[AdministrativeUnit]:
    """June of a province, closed. Afterwards the tables are emptied, which they refuse by rule."""
    factories.instrument({"A": 2, "B": 1})
    made = factories.province("An Giang", code="91")
    answered(office_in(made), 14)
    steps.close(CLOSED)
    yield made
    emptied(*(f"reports_{table}" for table in TABLES))


def _publish(province: AdministrativeUnit) -> str:
    try:
        return publish(province, JUNE).slug
    except CannotPublish as refused:
        return str(refused)
    finally:
        connection.close()


def test_it_works_in_a_snapshot_of_its_own(province: AdministrativeUnit) -> None:
    release = publish(province, JUNE)
    assert reproduce(release).differences == ()
    with connection.cursor() as cursor:
        cursor.execute("SHOW transaction_isolation")
        assert cursor.fetchone() == ("read committed",)


def test_of_several_who_publish_at_once_one_does(province: AdministrativeUnit) -> None:
    with ThreadPoolExecutor(4) as pool:
        said = list(pool.map(_publish, [province] * 4))
    release = Release.objects.get()
    assert said.count(release.slug) == 1
    refused = [sentence for sentence in said if sentence != release.slug]
    assert all("chốt" in sentence for sentence in refused)
    assert ReleaseFigure.objects.exclude(release=release).count() == 0
    assert reproduce(release).differences == ()


def test_a_period_is_published_by_one_at_a_time(province: AdministrativeUnit) -> None:
    with alone(JUNE), ThreadPoolExecutor(1) as pool:
        assert "đang chốt số liệu" in pool.submit(_publish, province).result()
    assert publish(province, JUNE).revision == 1


def test_what_is_refused_leaves_nothing_behind(province: AdministrativeUnit) -> None:
    publish(province, JUNE)
    figures = ReleaseFigure.objects.count()
    with pytest.raises(CannotPublish, match="Không có gì khác"):
        publish(province, JUNE, reason="Lần nữa")
    assert ReleaseFigure.objects.count() == figures


def test_an_office_that_is_renamed_meanwhile_is_published_under_neither_name(
    province: AdministrativeUnit,
) -> None:
    """Its short name is in the hash: a release that names another could not be reproduced."""
    office = Office.objects.get()
    with held(lambda: _publish(province), 'INSERT INTO "reports_release') as running:
        rename(office.pk, "ten-moi")
    refused = running.result()
    assert not Release.objects.filter(slug=refused).exists()
    assert not Release.objects.exists()
    assert reproduce(publish(province, JUNE)).differences == ()
