"""Pages of releases, and reports to take away: what was published, how to check it, as files.

They show what `reports.release` keeps and `reports.papers` writes. Start reading at `releases`.
"""

__all__ = ["papers", "releases"]
