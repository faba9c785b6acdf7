"""Which responses count, in which batches, on which days: from responses to mergeable counts.

Whose answers count is said once, in `surveys.models.standing`. It may use surveys' models and
`reports.sipas`. Start reading at `recount`, which recounts what is marked.
"""

__all__ = [
    "batching",
    "closing",
    "labels",
    "layouts",
    "periods",
    "policy",
    "recount",
    "rhythms",
    "shown",
    "stored",
]
