"""Free text after it was handed over: assigned, answered, published, done; contacts stand apart.

It knows no answers and no figures. Start reading at `steps`; `contacts` keeps how to reach anyone
who asked for a personal reply, `workdays` counts what a deadline needs.
"""

__all__ = [
    "contacts",
    "envelopes",
    "erasing",
    "masking",
    "receipts",
    "reopening",
    "sorting",
    "steps",
    "telling",
    "text",
    "thanks",
    "themes",
    "timeliness",
    "urgent",
    "workdays",
]
