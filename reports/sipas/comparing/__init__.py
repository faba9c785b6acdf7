"""Which differences between offices are real: tests, ranks, the funnel, a common mix of fields.

It may use `counts` and `index`. Start reading at `difference`.
"""

__all__ = ["difference", "funnel", "ranking", "standardise"]
