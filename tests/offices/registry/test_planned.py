"""After a load the database knows how large the tables are, whatever it believed before."""

import pytest
from django.db import connection, transaction

from offices import directory
from offices.registry.load import load, read_registry
from tests import factories

pytestmark = pytest.mark.django_db
PATIENCE = "20s"  # of the database; it takes tens of milliseconds


class _Failed(Exception):
    """What came up while the registry was loaded."""


@transaction.atomic
def load_and_fail() -> None:
    load(read_registry())
    raise _Failed


def test_after_a_load_that_failed_the_directory_is_read_at_once() -> None:
    """What a load that failed left behind makes tables of many pages and no row.

    A statement of seven tables that are believed to be empty compares each row with each.
    """
    with pytest.raises(_Failed):
        load_and_fail()
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE offices_administrativeunit, offices_office")
    factories.the_whole_country()
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = %s", [PATIENCE])
    assert len(directory.current().offices) > 3_000
