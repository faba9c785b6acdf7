"""What it adds up to: counting, scores, what may be shown, releases, the proof, the night.

It may use surveys and offices, and knows no HTTP. Start reading at `counting.recount`;
`sipas` is the arithmetic, `night.steps` the order of a night.
"""

__all__ = [
    "briefing",
    "counting",
    "mergers",
    "models",
    "night",
    "papers",
    "plans",
    "proof",
    "release",
    "showing",
    "sipas",
]
