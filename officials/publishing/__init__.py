"""Pages of releases: what was published, how to check it, and publishing itself.

They show what `reports.release` keeps. Start reading at `releases`.
"""

__all__ = ["releases"]
