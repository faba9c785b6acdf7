"""The arithmetic of the index: numpy and the standard library, no Django, no database.

Anyone can check it with a pocket calculator, or run it on a file by `python -m reports.sipas`. It
may use nothing of ours. Start reading at `index`; `hiding` decides what may be shown.
"""

__all__ = ["comparing", "counts", "hiding", "index", "samples"]
