"""Sampled surveys and the command: files, designs, sizes of samples, all figures of a file.

It may use the whole arithmetic. Start reading at `figures`, which the command prints.
"""

__all__ = ["csvfile", "figures", "instrument", "sampling"]
