"""Django's PostgreSQL with connections that are looked at before they are used.

A database that was away is met by nobody after it is back: decision 0023. Start reading at `pool`.
"""

__all__ = ["lost"]
