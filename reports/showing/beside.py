"""What a reader sees beside a headline: columns that are open for enough of its people."""

from dataclasses import dataclass

from reports.counting.policy import POLICY
from reports.sipas.hiding.columns import STAGES, Opened


@dataclass(frozen=True, slots=True)
class Beside:
    """What has opened of a figure of so many people, for a reader who needs `minimum` of them."""

    opened: Opened
    people: int
    minimum: int

    def shows(self, column: str, answering: int) -> bool:
        """Whether the reader sees a column. answering: people who surely stand behind it.

        Whoever needs more people than the policy may find from what they see what others see, and
        not more, so it is enough to ask how many answered.
        """
        if self.minimum > POLICY.minimum_people and answering < self.minimum:
            return False
        return self.opened.shows(column, self.people)

    def stage(self, code: str) -> int:
        """How far the answers to a criterion are told apart: by all for whom it is open."""
        people = self.opened.people(f"i:{code}")
        stage = 0
        for each in STAGES:
            if self.opened.people(f"{each}:{code}") < people:
                break
            stage = int(each)
        return stage
