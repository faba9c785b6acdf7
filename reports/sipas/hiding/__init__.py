"""What must not be shown: batches, what opens beside headlines, tables, who may leave.

It may use `counts`. Start reading at `opening`, the rule and why it is safe; `suppression` is the
gate of headlines, `batches` says why ten people are shown together.
"""

__all__ = [
    "batches",
    "blocks",
    "columns",
    "details",
    "partition",
    "reasons",
    "revision",
    "rows",
    "suppression",
]
