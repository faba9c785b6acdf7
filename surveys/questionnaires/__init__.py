"""What is asked: one file per version, its tables, and the copy that each process keeps.

It may use nothing of surveys but models. Start reading at `reader` (files), `load` (tables) or
`catalogue` (what pages and the intake look up).
"""

__all__ = [
    "catalogue",
    "drafts",
    "entry",
    "live",
    "load",
    "minutes",
    "questionnaire",
    "reader",
    "terms",
]
