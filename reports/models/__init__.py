"""What it adds up to: tallies, batches, scores, breakdowns, releases, the nightly run.

Tables only; who writes them is said in each. Start reading at `score`, which pages read.
"""

from reports.models.breakdown import Breakdown, BreakdownCell, BreakdownMembership, Dimension
from reports.models.closing import SEAL, ClosedMonth
from reports.models.handover import Handover
from reports.models.proof import ROW, Difference, Proof, Repair
from reports.models.release import Release, ReleaseCheck, ReleaseFigure, ReleaseMembership
from reports.models.rule import Part, ProofRule
from reports.models.score import NightlyRun, Period, Score, TerritoryMap
from reports.models.stale import Stale
from reports.models.tally import Batch, Tally

__all__ = [
    "ROW",
    "SEAL",
    "Batch",
    "Breakdown",
    "BreakdownCell",
    "BreakdownMembership",
    "ClosedMonth",
    "Difference",
    "Dimension",
    "Handover",
    "NightlyRun",
    "Part",
    "Period",
    "Proof",
    "ProofRule",
    "Release",
    "ReleaseCheck",
    "ReleaseFigure",
    "ReleaseMembership",
    "Repair",
    "Score",
    "Stale",
    "Tally",
    "TerritoryMap",
]
