"""What it adds up to: batches, scores, cells of tables, releases, the nights.

Tables only; who writes them is said in each. Start reading at `score`, which pages read.
"""

from reports.models.batch import Batch, OfficeRhythm, Turn
from reports.models.breakdown import Breakdown, BreakdownCell, BreakdownMembership, Dimension
from reports.models.closing import OPEN_SEAL, SEAL, SEAL_OF, ClosedMonth
from reports.models.handover import Handover
from reports.models.night import MarkWatch, Night, NightStep
from reports.models.opening import BlockRow, Opening
from reports.models.paper import Paper, PaperFile
from reports.models.partition import Cell, Partition
from reports.models.plan import LONGEST_PLAN, Plan
from reports.models.proof import ROW, Difference, Proof, Repair
from reports.models.release import (
    PublicRelease,
    Release,
    ReleaseCheck,
    ReleaseFigure,
    ReleaseMembership,
)
from reports.models.reminder import Reminder
from reports.models.rule import Part, ProofRule
from reports.models.score import Period, Score, TerritoryMap
from reports.models.screen import Screen
from reports.models.stale import Stale
from reports.models.subscription import Following, Subscription, ToldClosing

__all__ = [
    "LONGEST_PLAN",
    "OPEN_SEAL",
    "ROW",
    "SEAL",
    "SEAL_OF",
    "Batch",
    "BlockRow",
    "Breakdown",
    "BreakdownCell",
    "BreakdownMembership",
    "Cell",
    "ClosedMonth",
    "Difference",
    "Dimension",
    "Following",
    "Handover",
    "MarkWatch",
    "Night",
    "NightStep",
    "OfficeRhythm",
    "Opening",
    "Paper",
    "PaperFile",
    "Part",
    "Partition",
    "Period",
    "Plan",
    "Proof",
    "ProofRule",
    "PublicRelease",
    "Release",
    "ReleaseCheck",
    "ReleaseFigure",
    "ReleaseMembership",
    "Reminder",
    "Repair",
    "Score",
    "Screen",
    "Stale",
    "Subscription",
    "TerritoryMap",
    "ToldClosing",
    "Turn",
]
