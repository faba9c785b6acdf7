"""What signed-in officials see: pages of figures, of releases, and of what an office does.

It may use every room below it, has no models and computes no figure. Start reading at `urls`.
"""

__all__ = ["publishing"]
