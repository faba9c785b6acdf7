"""Whether what is kept equals the responses, found out by another way than the one that made it.

It may read everything and writes nothing. Start reading at `tallies`.
"""

__all__ = ["tallies"]
