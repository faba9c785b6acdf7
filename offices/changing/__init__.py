"""How offices come to be, change, and go over into others: every way in which a person does it.

Each function checks, writes and records in one transaction, whoever calls it; it asks nobody's
rights. What comes from the registry's files is `offices.registry`'s. Start reading at `founding`.
"""

__all__ = ["bulk", "counters", "founding", "holidays", "hours", "merging", "offices", "refusal"]
