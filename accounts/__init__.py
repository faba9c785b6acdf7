"""Officials' accounts: signing in, second factors, sessions, what was typed when one ended.

Above the directory, below everything that asks or counts. Pages come from allauth where it has
them; what is slowed down, stored and said is ours. Start reading at `signing_in`.
"""

__all__ = ["cleaning", "factors", "idle", "people", "throttle"]
