"""Two persons for tests: accounts that hold a place, and their browsers."""

from django.db import connection
from django.test import Client

from offices.models import AdministrativeUnit, Membership, Office, User
from tests import factories

Role = Membership.Role


def holder(place: Office | AdministrativeUnit, role: str, **given: object) -> User:
    """An account that holds the place."""
    made = factories.user(**given)  # type: ignore[arg-type]
    if isinstance(place, Office):
        Membership.objects.create(user=made, role=role, office=place)
    else:
        Membership.objects.create(user=made, role=role, unit=place)
    return made


def client_of(user: User) -> Client:
    """A browser in which the account is signed in."""
    client = Client()
    client.force_login(user)
    return client


# Which triggers refuse to empty tables and are on: those that tests let go stay off.
REFUSE = """
SELECT tgrelid::regclass, quote_ident(tgname) FROM pg_trigger
WHERE tgrelid = ANY(%s::regclass[]) AND tgtype & 32 > 0 AND tgenabled <> 'D'
"""


def emptied(*tables: str) -> None:
    """Empties tables that only ever grow: tests that commit have to leave nothing behind."""
    with connection.cursor() as cursor:
        cursor.execute(REFUSE, [list(tables)])
        refusing = cursor.fetchall()
        for table, trigger in refusing:
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER {trigger}")
        cursor.execute(f"TRUNCATE {', '.join(tables)} CASCADE")
        for table, trigger in refusing:
            cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER {trigger}")
