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

    def __init__(
        self, random: Random, province: AdministrativeUnit, begin: date, *, plans: bool = False
    ) -> None:
        """plans: whether everything is done in an order in which people come back late."""
        self.random, self.province, self.begin, self.plans = random, province, begin, plans

    @cached_property
    def user(self) -> User:
        """Who may leave answers out."""
        return factories.official(self.province, Role.AUDITOR)

    def act(self, offices: Sequence[int], day: date) -> None:
        """What an auditor does before the night of this day."""
        random = self.random
        if self.plans:
            self._follow_plan(offices[0], day)
            return
        if random.random() < 0.15:
            self._exclude(self._drawn(random.choice(offices), day))
        if random.random() < 0.6:
            rule = self._of_open_month(random.choice(offices), day)
            if not any(one.office_id == rule.office_id for one in self._standing(rule.first_day)):
                self._exclude(rule)
        if random.random() < 0.1:
            self._lift(self._standing()[:1])
        if random.random() < 0.4:
            office, quarter = random.choice(offices), span_of(Period.QUARTER, day)
            old = [one for one in self._standing() if one.last_day < quarter.first]
            self._lift([one for one in old if one.office_id == office])
        if random.random() < 0.5:
            self._exclude_again(day)

    def _follow_plan(self, office: int, day: date) -> None:
        """The first days of each month are left out late in it, until their quarter is closed."""
        random, through = self.random, closed_through()
        first = self._open_month()
        if day > first + timedelta(days=22) and not self._standing(first) and random.random() < 0.8:
            self._exclude(Rule(office, first, first + timedelta(days=random.choice((9, 14)))))
        quarters = {one: span_of(Period.QUARTER, one.first_day) for one in self._standing()}
        self._lift([one for one, of in quarters.items() if is_closed(of, through)][:2])
        if random.random() < 0.4:
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
        random, first = self.random, self._open_month()
        last = min(day, span_of(Period.MONTH, first).last)
        days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
        begins, ends = sorted(random.choices(days, k=2)) if random.random() < 0.3 else (first, last)
        middle = random.choice(days)
        begins, ends = random.choice(((begins, ends), (first, middle), (middle, last)))
        return Rule(office, begins, ends, random.choice((NO_FLAG, NO_FLAG, Flag.BURST)))

    def _open_month(self) -> date:
        first, through = self.begin, closed_through()
        while is_closed(span_of(Period.MONTH, first), through):
            first = span_of(Period.MONTH, first).last + timedelta(days=1)
        return first

    def _exclude_again(self, day: date) -> None:
        """A rule that was lifted before, or one beside it: whoever came back, or others, leave."""
        lifted = list(self._rules().filter(lifted_at__isnull=False).order_by("pk"))
        if not lifted:
            return
        before = rule_of(self.random.choice(lifted))
        month = span_of(Period.MONTH, before.first_day)
        last, one = min(month.last, day), timedelta(days=1)
        beside = [before]
        if before.last_day < last:
            beside.append(replace(before, first_day=before.last_day + one, last_day=last))
        if before.first_day > month.first:
            beside.append(replace(before, first_day=month.first, last_day=before.first_day - one))
        self._exclude(self.random.choice(beside))

    def _rules(self) -> QuerySet[Exclusion]:
        return Exclusion.objects.filter(office__unit__parent=self.province)

    def _standing(self, since: date = date.min) -> list[Exclusion]:
        return list(self._rules().filter(lifted_at=None, last_day__gte=since).order_by("pk"))

    def _exclude(self, rule: Rule) -> None:
        """Makes the rule, unless too few are meant, or it is too close to what was before."""
        with suppress(ExclusionNotPossible):
            exclusions.exclude(rule, REASON, self.user, approved=1)

    def _lift(self, rules: Sequence[Exclusion]) -> None:
        """Takes these rules back."""
        for one in rules:
            exclusions.lift(one.pk, REASON, self.user, approved=1)
