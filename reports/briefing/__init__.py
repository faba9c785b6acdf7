"""What somebody should know this morning of the place they hold, and the letter that says it.

It may use what is shown, the proof's summary, and what is due in surveys and offices; no HTTP.
Start reading at `brief`, which the page "Hôm nay" and the nightly letter both are made of.
"""

__all__ = [
    "alerting",
    "brief",
    "closings",
    "due",
    "last_night",
    "letters",
    "pages",
    "placing",
    "reminding",
    "screens",
    "subscribing",
]
