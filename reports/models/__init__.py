"""What it adds up to: tallies, batches, scores, breakdowns, releases, the nightly run.

Tables only; who writes them is said in each. Start reading at `score`, which pages read.
"""

from reports.models.breakdown import Cut, CutCell, Dimension
from reports.models.handover import RemarkRelease
from reports.models.release import Release, ReleaseCheck, ReleaseCut, ReleaseFigure
from reports.models.score import NightlyRun, Period, Score, TerritoryMap
from reports.models.stale import Stale
from reports.models.tally import Batch, Tally

__all__ = [
    "Batch",
    "Cut",
    "CutCell",
    "Dimension",
    "NightlyRun",
    "Period",
    "Release",
    "ReleaseCheck",
    "ReleaseCut",
    "ReleaseFigure",
    "RemarkRelease",
    "Score",
    "Stale",
    "Tally",
    "TerritoryMap",
]
