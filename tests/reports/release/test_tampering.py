"""What is published cannot be changed; what is changed behind its back is found and named."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from offices.models import AdministrativeUnit, Office
from reports.models import Release, ReleaseCheck
from reports.release import CannotPublish, publish, reproduce
from surveys.models import Instrument, Response
from tests import factories
from tests.reports.release.released import JUNE, answered, published

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def form() -> Instrument:
    """Three criteria in two factors."""
    return factories.instrument({"A": 2, "B": 1})


@pytest.fixture
def province() -> AdministrativeUnit:
    """A province without offices."""
    return factories.province("An Giang", code="91")


@contextmanager
def without_triggers(table: str) -> Iterator[None]:
    """As somebody who owns the database could work on it."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        yield
        cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")


def delete_a_response(release: Release) -> None:
    Response.objects.filter(id=Response.objects.order_by("id").values("id")[:1]).delete()


def change_an_answer(release: Release) -> None:
    response = Response.objects.order_by("id").first()
    assert response is not None
    Response.objects.filter(id=response.id).update(answers=bytes([1, 1, 1]))


def change_what_no_sum_shows(release: Release) -> None:
    """Every sum stays as it is; only the hash can tell."""
    one = Response.objects.order_by("id").first()
    assert one is not None
    Response.objects.filter(id=one.id).update(day=one.day + timedelta(days=1))


def add_a_response(release: Release) -> None:
    office = Office.objects.get()
    answered(office, 1)
    Response.objects.filter(batch=None).update(batch=release.memberships.get().batches[0])


def change_the_questionnaire(release: Release) -> None:
    Instrument.objects.update(content_hash="changed")


def tamper(table: str, change: str) -> Callable[[Release], None]:
    def doing(release: Release) -> None:
        with without_triggers(table), connection.cursor() as cursor:
            cursor.execute(change)

    return doing


HEAD = "kind = 'headline' AND office_id IS NOT NULL"


@pytest.mark.parametrize(
    ("harm", "said"),
    [
        (delete_a_response, "1 of 14 responses are missing"),
        (change_an_answer, "responses have been changed"),
        (change_what_no_sum_shows, "responses have been changed"),
        (add_a_response, "1 responses more than the 14 published"),
        (change_the_questionnaire, "its content has changed"),
        (
            tamper(
                "reports_releasefigure",
                f"UPDATE reports_releasefigure SET people = 15 WHERE {HEAD}",
            ),
            "published headline - 15 28 42",
        ),
        (
            tamper(
                "reports_releasefigure",
                f"UPDATE reports_releasefigure SET high = high + 0.0001 WHERE {HEAD}",
            ),
            "published headline",
        ),
        (
            tamper("reports_releasefigure", f"DELETE FROM reports_releasefigure WHERE {HEAD}"),
            "is not among the published figures",
        ),
        (
            tamper(
                "reports_releasefigure",
                f"UPDATE reports_releasefigure SET code = 'X', kind = 'factor' WHERE {HEAD}",
            ),
            "no such figure was computed",
        ),
        (
            tamper("reports_releasecut", "UPDATE reports_releasecut SET batches = '{}'"),
            "14 of 14 responses are missing",
        ),
        (
            tamper("reports_releasecut", "UPDATE reports_releasecut SET today = '{}'"),
            "nobody in the membership stands behind them",
        ),
        (
            tamper("reports_releasecut", "UPDATE reports_releasecut SET added = 3"),
            "published as 3 people added and 0 removed, recomputed 14 and 0",
        ),
        (
            tamper("reports_releasecut", "DELETE FROM reports_releasecut"),
            "release, people: published 14, recomputed 0",
        ),
        (
            tamper(
                "reports_release",
                "UPDATE reports_release SET policy = jsonb_set(policy, '{minimum_people}', '1')",
            ),
            "release, hash of the figures",
        ),
        (
            tamper("reports_release", "UPDATE reports_release SET data_hash = 'x'"),
            "release, data hash: published x",
        ),
        (
            tamper("reports_release", "UPDATE reports_release SET figures_hash = 'x'"),
            "release, hash of the figures: published x",
        ),
    ],
)
def test_tampering_is_found_and_named(
    province: AdministrativeUnit, harm: Callable[[Release], None], said: str
) -> None:
    release = published(province)
    assert reproduce(release).differences == ()
    harm(release)
    found = reproduce(Release.objects.get()).differences
    assert [difference for difference in found if said in difference], found
    check = ReleaseCheck.objects.first()
    assert check is not None
    assert check.differences == len(found)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE reports_release SET reason = 'x'",
        "DELETE FROM reports_release",
        "UPDATE reports_releasecut SET withdrawn = '{}'",
        "DELETE FROM reports_releasecut",
        "UPDATE reports_releasefigure SET people = 0",
        "DELETE FROM reports_releasefigure",
        "UPDATE reports_releasecheck SET differences = 0",
        "DELETE FROM reports_releasecheck",
        "TRUNCATE reports_release CASCADE",
        "TRUNCATE reports_releasecheck",
    ],
)
def test_what_is_published_cannot_be_changed(province: AdministrativeUnit, statement: str) -> None:
    reproduce(published(province))
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        with pytest.raises(IntegrityError, match="never changes"), transaction.atomic():
            cursor.execute(statement)


def test_nothing_is_published_on_top_of_changed_answers(province: AdministrativeUnit) -> None:
    release = published(province)
    change_an_answer(release)
    with pytest.raises(CannotPublish, match="đã bị thay đổi"):
        publish(province, JUNE, reason="Tính lại")
