"""How offices compare: one procedure for a list, planned differences, a common mix of fields.

It may use `counts` and `index`. Start reading at `tiers`, then `difference`.
"""

__all__ = ["control", "difference", "standardise", "tiers"]
