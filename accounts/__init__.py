"""Officials' accounts: signing in, second factors, sessions, what was typed when one ended.

Above the directory, below everything that asks or counts. Start reading at `apps`.
"""

__all__ = ["factors", "people"]
