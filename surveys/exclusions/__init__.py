"""Leaving responses out of the count by rules with a reason, and taking them in again.

`steps` makes and lifts a rule and keeps the responses in step with it; `rules` is the pure part:
whom a rule leaves out, and by how many people two sets of rules differ. Start reading at `steps`.
"""

__all__ = ["aside", "rules", "steps"]
