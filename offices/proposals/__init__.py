"""Two persons: one proposes, another approves, and only then it is done, once.

    register(Kind("release", _("a release"), Action.PUBLISH, Action.APPROVE, carry_out=…))
    made = propose("release", province, {"period": "month", …}, lan, "Báo cáo tháng 6")
    approve(made, minh)            # carried out in one transaction with the decision
    refuse(made, minh, "…"); withdraw(made, lan)

The rooms further up register the kinds. What the preview showed when it was proposed is kept
(`facts`): if something of it is different when it is approved, it is not carried out.

Start reading at `steps`.
"""

from offices.proposals.kinds import (
    KINDS,
    CannotCarryOut,
    ChangedMeanwhile,
    Kind,
    Line,
    NotDecided,
    NotDone,
    NotProposed,
    Preview,
    differing,
    kind_of,
    register,
)
from offices.proposals.steps import (
    approve,
    approve_on_the_machine,
    content_of,
    expire,
    may_decide,
    may_look,
    others_who_may,
    propose,
    refuse,
    withdraw,
)

__all__ = [
    "KINDS",
    "CannotCarryOut",
    "ChangedMeanwhile",
    "Kind",
    "Line",
    "NotDecided",
    "NotDone",
    "NotProposed",
    "Preview",
    "approve",
    "approve_on_the_machine",
    "content_of",
    "differing",
    "expire",
    "kind_of",
    "may_decide",
    "may_look",
    "others_who_may",
    "propose",
    "refuse",
    "register",
    "withdraw",
]
