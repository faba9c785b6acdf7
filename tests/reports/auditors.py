"""An auditor at random, who leaves answers out and takes them in again, early, late and again."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import date, timedelta
from functools import cached_property
from random import Random

from django.db.models import QuerySet

from offices.models import AdministrativeUnit, User
from offices.rights import Role
from reports.counting.closing import closed_through, is_closed
from reports.counting.periods import span_of
from reports.models import Period
from surveys.exclusions import steps as exclusions
from surveys.exclusions.rules import Rule
from surveys.exclusions.steps import ExclusionNotPossible, rule_of
from surveys.flags.rules import NO_FLAG, Flag
from surveys.models import Channel, Exclusion
from tests import factories

REASON = "Máy tính bảng ở quầy 1 do cán bộ tự bấm"


class Auditor:
    """Makes and lifts rules for the offices of a province."""

    def __init__(self, random: Random, province: AdministrativeUnit, begin: date) -> None:
        self.random, self.province, self.begin = random, province, begin

    @cached_property
    def user(self) -> User:
        """Who may leave answers out."""
        return factories.official(self.province, Role.AUDITOR)

    def act(self, offices: Sequence[int], day: date) -> None:
        """What an auditor does before the night of this day."""
        random = self.random
        if random.random() < 0.25:
            self.exclude(self._drawn(random.choice(offices), day))
        if random.random() < 0.5:
            self.exclude(self._of_open_month(random.choice(offices), day))
        if random.random() < 0.15:
            self.lift(self._standing())
        if random.random() < 0.3:
            quarter = span_of(Period.QUARTER, day)
            self.lift([one for one in self._standing() if one.last_day < quarter.first])
        if random.random() < 0.3:
            self._exclude_again(day)

    def _drawn(self, office: int, day: date) -> Rule:
        """Some days, a channel or a flag."""
        random = self.random
        first = max(self.begin, day - timedelta(days=random.randrange(1, 90)))
        last = min(day, first + timedelta(days=random.randrange(40)))
        if random.random() < 0.6:
            month = span_of(Period.MONTH, first)
            first, last = month.first, min(day, month.last)
        flags = random.choice((NO_FLAG, Flag.BURST, Flag.BURST))
        return Rule(office, first, last, flags, random.choice((None, None, Channel.PAPER)))

    def _of_open_month(self, office: int, day: date) -> Rule:
        """Days of the oldest month that is not closed, whose blocks may have been seen."""
        random = self.random
        first, through = self.begin, closed_through()
        while is_closed(span_of(Period.MONTH, first), through):
            first = span_of(Period.MONTH, first).last + timedelta(days=1)
        last = min(day, span_of(Period.MONTH, first).last)
        days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
        begins, ends = sorted(random.choices(days, k=2)) if random.random() < 0.3 else (first, last)
        middle = random.choice(days)
        begins, ends = random.choice(((begins, ends), (first, middle), (middle, last)))
        return Rule(office, begins, ends, random.choice((NO_FLAG, NO_FLAG, Flag.BURST)))

    def _exclude_again(self, day: date) -> None:
        """A rule that was lifted before, or one beside it: whoever came back, or others, leave."""
        lifted = list(self._rules().filter(lifted_at__isnull=False).order_by("pk"))
        if not lifted:
            return
        before = rule_of(self.random.choice(lifted))
        month = span_of(Period.MONTH, before.first_day)
        last = max(before.last_day, min(month.last, day))
        beside = replace(before, first_day=before.last_day, last_day=last)
        wider = replace(before, first_day=month.first, last_day=last)
        self.exclude(self.random.choice((before, before, beside, wider)))

    def _rules(self) -> QuerySet[Exclusion]:
        return Exclusion.objects.filter(office__unit__parent=self.province)

    def _standing(self) -> list[Exclusion]:
        return list(self._rules().filter(lifted_at=None).order_by("pk"))

    def exclude(self, rule: Rule) -> Exclusion | None:
        """Makes the rule; None where too few are meant, or too close to what was before."""
        with suppress(ExclusionNotPossible):
            return exclusions.exclude(rule, REASON, self.user, approved=1)
        return None

    def lift(self, rules: Sequence[Exclusion]) -> Exclusion | None:
        """Takes one of the rules back; None where there is none."""
        if not rules:
            return None
        return exclusions.lift(self.random.choice(rules).pk, REASON, self.user, approved=1)
