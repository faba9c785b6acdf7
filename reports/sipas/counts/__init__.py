"""What a response is to arithmetic: its layout, counts that add up, many cells at once.

It uses numpy only. Start reading at `layout`, then `sums`.
"""

__all__ = ["cells", "layout", "sums"]
