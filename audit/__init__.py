"""Who did what: one append-only table, chained by hashes. Knows no office, no account, no page.

Whatever acts on figures, rights or personal data calls `recording.record` inside the transaction of
the act; a refusal is recorded apart, so that it stays. Start reading at `recording`.
"""

__all__ = ["actors", "models", "recording"]
