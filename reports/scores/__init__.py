"""Percentages ready to be read, of offices and of units, written after each recount.

They are sums of whole batches. Start reading at `offices`; `units` adds up what offices show.
"""

__all__ = ["anew", "offices", "seals", "units"]
