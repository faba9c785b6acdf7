"""Pages with figures: a unit, an office, a comparison, progress, the method, and their charts.

They read `reports.showing` and compute nothing of their own. Start reading at `views`.
"""

__all__ = [
    "charts",
    "choice",
    "compare",
    "criterion",
    "drawings",
    "following",
    "method",
    "own_comparison",
    "progress",
    "proofs",
    "reminding",
    "results",
    "screens",
    "search",
    "today",
    "views",
]
