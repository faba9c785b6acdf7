"""What of a score may be shown, and beside what: figures, comparisons, breakdowns, progress.

Pages and reports read figures here only, after `reports.sipas.hiding` has judged them. No HTTP.
Start reading at `figures`.
"""

__all__ = [
    "alerts",
    "answered",
    "batteries",
    "behind",
    "beside_others",
    "breakdowns",
    "change",
    "circumstances",
    "collecting",
    "comparison",
    "counted",
    "evidence",
    "figures",
    "happened",
    "lasting",
    "leaving",
    "lifetime",
    "oddness",
    "other_measures",
    "parts",
    "planned",
    "policy",
    "progress",
    "questions",
    "reference",
    "rhythms",
    "side_by_side",
    "standardised",
    "subjects",
    "summed",
    "waiting",
    "wording",
    "written",
]
