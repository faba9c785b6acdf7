"""What must not be shown: batches, the gate for figures, details and tables beside others.

It may use `counts`. Start reading at `suppression`, the one gate; `batches` says why ten people are
shown together.
"""

__all__ = ["batches", "details", "protect", "suppression"]
