"""Whether the database is away, told from what was raised."""

import psycopg
from django.db import DatabaseError

# The server ends, was killed, starts, or has no room for another session.
ENDING = {"57P01", "57P02", "57P03", "53300"}
CONNECTION = "08"


class NoConnection(psycopg.OperationalError):
    """None could be made; nothing was asked."""


def could_not_connect(error: BaseException) -> bool:
    """Whether nobody was there to be asked, so that asking again at once is of no use."""
    return isinstance(error.__cause__, NoConnection)


def is_lost(error: BaseException | None) -> bool:
    """Whether the connection is gone, or none could be made; what was asked may well be right.

    A statement that the server itself has ended (a lock, a time limit, a deadlock) is another
    thing: its session lives.
    """
    if isinstance(error, DatabaseError):  # Django's own, around the driver's
        return is_lost(error.__cause__)
    if not isinstance(error, psycopg.OperationalError):
        return False
    if error.sqlstate is None:  # no word from the server
        return True
    return error.sqlstate in ENDING or error.sqlstate.startswith(CONNECTION)
