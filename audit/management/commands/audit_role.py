"""`manage.py audit_role NAME`: a role of PostgreSQL that may add to the audit and read it."""

from argparse import ArgumentParser

from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError, connection, transaction
from psycopg import sql

# Sealing empties the table of what waits; nothing else is ever deleted. Whoever chose the number of
# an entry could take those of the next, whose acts would all be refused.
TOLD = "action, outcome, account_id, account, source, subject, office_id, unit_id, details"
RIGHTS = {
    "audit_entry": f"SELECT, INSERT ({TOLD})",
    "audit_link": "SELECT, INSERT",
    "audit_waiting": "SELECT, INSERT, DELETE",
    "audit_recurrence": "SELECT, INSERT, UPDATE, DELETE",
}


class Command(BaseCommand):
    """Run by whoever owns the tables. A second run changes nothing; tables of others are left."""

    help = "Lets a role of the database add to the audit and read it, and nothing else there."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("name", metavar="NAME", help="the role; made without a login if new")

    def handle(self, *args: object, name: str, **options: object) -> None:
        """Raises CommandError where the database refuses."""
        try:
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute("SELECT rolsuper FROM pg_roles WHERE rolname = %s", [name])
                found = cursor.fetchone()
                if found == (True,):
                    raise CommandError(f"{name} is a superuser, whom no right of a table holds")
                role = sql.Identifier(name)
                if found is None:
                    cursor.execute(sql.SQL("CREATE ROLE {} NOLOGIN").format(role))
                for table, rights in RIGHTS.items():
                    for statement in (
                        sql.SQL("REVOKE ALL ON {table} FROM {role}"),
                        sql.SQL("GRANT {rights} ON {table} TO {role}"),
                    ):
                        cursor.execute(
                            statement.format(
                                table=sql.Identifier(table), role=role, rights=sql.SQL(rights)
                            )
                        )
        except DatabaseError as error:
            raise CommandError(f"the database refuses: {error}".strip()) from None
        self.stdout.write(f"{name} may read the audit and add to it. Give it to a login with")
        self.stdout.write(f'  GRANT "{name}" TO login;')
