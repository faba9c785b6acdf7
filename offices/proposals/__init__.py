"""Two persons: one proposes, another approves, and only then it is done, once.

What is proposed waits in this process only. Start reading at `kinds`.
"""

from offices.proposals.kinds import (
    CannotCarryOut,
    Kind,
    NotDone,
    NotProposed,
    Preview,
    approve,
    propose,
    register,
)

__all__ = [
    "CannotCarryOut",
    "Kind",
    "NotDone",
    "NotProposed",
    "Preview",
    "approve",
    "propose",
    "register",
]
