"""Why a change cannot be made, in a sentence for whoever asked for it."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.functional import Promise


@dataclass(frozen=True, slots=True)
class Objection:
    """One thing that is wrong. field: what it is about; confirmable: goes away when confirmed."""

    field: str
    sentence: str | Promise
    confirmable: bool = False


class ChangeRefused(Exception):
    """Nothing was changed."""

    def __init__(self, objections: Sequence[Objection]) -> None:
        super().__init__("; ".join(str(one.sentence) for one in objections))
        self.objections = tuple(objections)
