"""What it adds up to: tallies, batches, scores, the nightly run."""

from reports.models.score import NightlyRun, Period, Score, TerritoryMap
from reports.models.stale import Stale
from reports.models.tally import Batch, Tally

__all__ = ["Batch", "NightlyRun", "Period", "Score", "Stale", "Tally", "TerritoryMap"]
