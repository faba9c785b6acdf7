"""Whether what is shown equals the responses, found out by another way than the one that made it.

It may read everything, and writes only what it found. Start reading at `run`; `standing` tells
pages what is being checked.
"""

__all__ = ["doubts", "repair", "run", "scope", "standing"]
