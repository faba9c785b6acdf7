"""Having the heads of offices reminded whose forms will not be enough: one press, one mail each."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from offices.access import may
from offices.models import AdministrativeUnit, Office, User
from offices.names import short
from offices.rights import Action
from officials.access import Reader, unit_or_404
from officials.checking import checking
from officials.figures.choice import Choice, for_reader, on_a_map_of, read_choice
from officials.figures.lines import ProgressLine, lines_of_unit
from reports.briefing.reminding import REST, ask, heads_of, lately, resting
from reports.counting.periods import KEPT
from reports.models import Reminder, TerritoryMap
from reports.showing.parts import parts_of
from reports.showing.subjects import Subjects
from surveys.invitations.messages import sends_mail

Level = AdministrativeUnit.Level


@dataclass(frozen=True, slots=True)
class Reminding:
    """Whom the reader may have reminded now, and what became of it within the last week.

    without: offices that are behind and have nobody to write to.
    """

    offices: tuple[Office, ...] = ()
    reminded: int = 0
    without: tuple[Office, ...] = ()
    returned: tuple[Reminder, ...] = ()
    waiting: int = 0
    sends_mail: bool = True

    @property
    def names_without(self) -> list[str]:
        """The names of those without an address, the first few."""
        return [short(office.name) for office in self.without[:5]]


def reminding(
    user: Reader, unit: AdministrativeUnit, choice: Choice, lines: Iterable[ProgressLine]
) -> Reminding | None:
    """None for whoever may not, and where there is nothing to remind of: in a closed period."""
    if unit.level == Level.COUNTRY or choice.territory != TerritoryMap.TODAY:
        return None
    if choice.span.kind not in KEPT or timezone.localdate() not in choice.span:
        return None
    if not may(user, Action.SET_TARGETS, unit):
        return None
    behind = {
        line.office.pk: line.office
        for line in lines
        if line.office is not None and line.office.valid_to is None and line.state.is_behind
    }
    known = {line.office.pk for line in lines if line.office is not None}
    before = lately(known, timezone.now())
    heads = heads_of(behind.keys())
    rest = resting(before)
    rows = [row for those in before.values() for row in those]
    state = Reminder.State
    return Reminding(
        tuple(one for key, one in behind.items() if key in heads and key not in rest),
        sum(key in rest for key in behind),
        tuple(one for key, one in behind.items() if key not in heads),
        tuple(row for row in rows if row.state == state.RETURNED),
        sum(row.state in (state.ASKED, state.TAKEN) for row in rows),
        sends_mail(),
    )


def rest_days() -> int:
    """For how many days an office is not reminded again."""
    return REST // timedelta(days=1)


@login_required
@require_POST
def remind(request: HttpRequest, pk: int) -> HttpResponse:
    """Has the heads of all offices of a unit written to that will not have enough forms."""
    unit = unit_or_404(request.user, pk, Action.SET_TARGETS)
    if unit.level == Level.COUNTRY:
        raise Http404
    user = cast(User, request.user)
    asked, territory = on_a_map_of(unit, request.POST.dict())
    figure_of = Subjects.of_unit(unit, territory)
    choice = for_reader(read_choice(figure_of, asked, timezone.localdate()), user)
    if choice is None:
        return redirect("officials:unit_progress", unit.pk)
    lines = lines_of_unit(user, unit, choice, parts_of(unit, choice), checking(user))
    found = reminding(user, unit, choice, lines)
    made = None
    if found is not None and found.sends_mail:
        keys = [office.pk for office in found.offices]
        made = ask(user, unit, keys, choice.span, choice.instrument.id)
    if made is None or not made.offices:
        messages.info(request, _("There is no office to write to now."))
    else:
        said = ngettext(
            "The heads of %(number)s office will get a mail within minutes.",
            "The heads of %(number)s offices will get a mail within minutes.",
            made.offices,
        )
        messages.success(request, said % {"number": made.offices})
    return redirect(reverse("officials:unit_progress", args=[unit.pk]) + choice.query())
