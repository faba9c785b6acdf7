"""Who did what: one append-only table, chained by hashes. Knows no office, no account, no page.

Whatever acts on figures, rights or personal data calls `recording.record` inside the transaction of
the act; a refusal is recorded apart, so that it stays. `history.watch` notes what becomes of rows
of settings, whoever changes them. `chain` seals, `verification` says whether anything was changed
since, `guards` whether the database still notes and refuses. Start reading at `recording`.
"""

__all__ = [
    "actors",
    "chain",
    "heads",
    "history",
    "models",
    "recording",
    "recurring",
    "verification",
]
