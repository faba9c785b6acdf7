"""Pages of releases, and reports to take away: what was published, how to check it, as files.

`public` has the pages of everybody: releases that two persons made public.

They show what `reports.release` keeps and `reports.papers` writes. Start reading at `releases`.
"""

__all__ = ["papers", "public", "releases"]
