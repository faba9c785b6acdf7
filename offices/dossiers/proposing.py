"""Counts of closed months: one person sends the file, another looks at what it changes.

The file stays with the proposal; what is stored are the cells that it would change.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.formats import number_format
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from offices.access import Missing
from offices.chain import upward
from offices.dossiers.entering import Entering, by_official
from offices.dossiers.file import SHAPE, Cell, read
from offices.dossiers.store import differences, store
from offices.models import (
    AdministrativeUnit,
    DossierCount,
    DossierSource,
    Field,
    Office,
    Proposal,
    User,
)
from offices.proposals import CannotCarryOut, Kind, Line, NotProposed, Preview, propose, register
from offices.rights import Action
from offices.tables import FileRefused

KIND = "dossiers"
MOST_CHANGES = 2_000
LISTED = 100


def propose_file(content: bytes, offices: QuerySet[Office], by: User, reason: str) -> Proposal:
    """Proposes what a file of counts would change, closed months included.

    Raises FileRefused for mistakes in the file, NotProposed with a sentence.
    """
    today = timezone.localdate()
    entering = by_official(by, content, reason)
    changes = differences(read(content, offices, today), entering, today)
    if not changes:
        raise NotProposed(_("The file changes nothing."))
    if len(changes) > MOST_CHANGES:
        raise NotProposed(
            _("The file changes more than %(most)s numbers. Divide it and propose its parts.")
            % {"most": MOST_CHANGES}
        )
    concerned = Office.objects.filter(pk__in={one.office for one in changes})
    payload = {
        "cells": [[one.office, f"{one.day}", one.field, one.now] for one in changes],
        "sources": {f"{office.pk}": entering.source(office.pk).value for office in concerned},
    }
    try:
        return propose(KIND, _common_place(concerned), payload, by, reason, content)
    except Missing:
        raise NotProposed(_("Send a file of its own for each office.")) from None


def _common_place(offices: QuerySet[Office]) -> Office | AdministrativeUnit:
    """The office, or the lowest unit of today in which all of them are counted."""
    found = list(offices.select_related("today_unit"))
    if len(found) == 1:
        return found[0]
    first, *others = [list(upward(one.today_unit, lambda unit: unit.parent)) for one in found]
    return next(unit for unit in first if all(unit in chain for chain in others))


def _cells(proposal: Proposal) -> list[Cell]:
    rows: Sequence[Any] = proposal.payload["cells"]  # Any: JSON
    return [
        Cell(office, date.fromisoformat(day), field, finished, line)
        for line, (office, day, field, finished) in enumerate(rows, 1)
    ]


def _entering(proposal: Proposal) -> Entering:
    """The act as it was when it was proposed: what is told of oneself stays that."""
    sources = {
        int(office): DossierSource(source) for office, source in proposal.payload["sources"].items()
    }
    return Entering(
        DossierSource.OWN,
        sources,
        by=proposal.proposed_by_id,
        file=proposal.payload.get("sha256", ""),
        reason=proposal.reason,
        approved=proposal.pk,
    )


def _standing(cells: Sequence[Cell]) -> dict[tuple[int, date], dict[int | None, tuple[int, str]]]:
    """By office and day of the cells: by field, what is counted now and who told it."""
    found: dict[tuple[int, date], dict[int | None, tuple[int, str]]] = defaultdict(dict)
    days = {(cell.office, cell.day) for cell in cells}
    rows = DossierCount.objects.filter(
        office__in={office for office, _day in days}, day__in={day for _office, day in days}
    )
    for office, day, field, finished, source in rows.values_list(
        "office", "day", "field", "finished", "source"
    ):
        if (office, day) in days:
            found[office, day][field] = (finished, source)
    return found


def _facts(proposal: Proposal) -> Mapping[str, str]:
    """What stands now on every day that would change."""
    cells = _cells(proposal)
    standing = _standing(cells)
    slugs = dict(Office.objects.filter(pk__in={c.office for c in cells}).values_list("pk", "slug"))
    return {
        f"{slugs[office]}, {day:%d/%m/%Y}": "; ".join(
            f"{finished} ({source})"
            for field, (finished, source) in sorted(
                standing.get((office, day), {}).items(), key=lambda one: one[0] or 0
            )
        )
        for office, day in {(cell.office, cell.day) for cell in cells}
    }


def _said(fact: str | None) -> str | None:
    """Numbers with the names of their sources."""
    for source in DossierSource:
        fact = fact and fact.replace(f"({source.value})", f"({source.label})")
    return fact or None


def _preview(proposal: Proposal) -> Preview:
    """The months' sums before and after, then the numbers that change."""
    cells = _cells(proposal)
    entering = _entering(proposal)
    names = dict(Office.objects.filter(pk__in={c.office for c in cells}).values_list("pk", "name"))
    fields = dict(Field.objects.values_list("pk", "name"))
    standing = _standing(cells)
    unknown = _("field not told")
    lines = list(_months(cells, entering, standing, names))
    lines += [
        Line(
            f"{names[cell.office]}, {cell.day:%d/%m/%Y}, {fields.get(cell.field or 0, unknown)}",
            _number(standing.get((cell.office, cell.day), {}).get(cell.field)),
            _grouped(cell.finished),
        )
        for cell in cells[:LISTED]
    ]
    own = any(entering.source(cell.office) == DossierSource.OWN for cell in cells)
    points = [_("The office tells this of itself: it is measured against these numbers.")] * own
    if len(cells) > LISTED:
        points.append(_("Only the first %(listed)s numbers are listed.") % {"listed": LISTED})
    about = [(_("Numbers that change"), f"{len(cells)}")]
    return Preview(about, lines, points)


def _number(known: tuple[int, str] | None) -> str | None:
    return None if known is None else _grouped(known[0])


def _grouped(number: int) -> str:
    return str(number_format(number, force_grouping=True))


def _months(
    cells: Sequence[Cell],
    entering: Entering,
    standing: Mapping[tuple[int, date], Mapping[int | None, tuple[int, str]]],
    names: Mapping[int, str],
) -> Sequence[Line]:
    """By office and month: the sum of all its days now and afterwards."""
    change: dict[tuple[int, date], int] = defaultdict(int)
    told: dict[tuple[int, date], set[int | None]] = defaultdict(set)
    for cell in cells:
        key = (cell.office, cell.day.replace(day=1))
        was = standing.get((cell.office, cell.day), {}).get(cell.field, (0, ""))[0]
        change[key] += cell.finished - was
        told[cell.office, cell.day].add(cell.field)
    for (office, day), known in standing.items():
        if entering.source(office) != DossierSource.OWN:  # what it told itself goes
            gone = sum(
                finished
                for field, (finished, source) in known.items()
                if source == DossierSource.OWN and field not in told[office, day]
            )
            change[office, day.replace(day=1)] -= gone
    found = []
    for (office, month), difference in sorted(change.items(), key=lambda one: (one[0][1], one[0])):
        counts = DossierCount.objects.filter(
            office=office, day__year=month.year, day__month=month.month
        )
        whole = sum(counts.values_list("finished", flat=True))
        label = format_lazy(
            "{name}, {month} {when}",
            name=names[office],
            month=gettext_lazy("month"),
            when=f"{month:%m/%Y}",
        )
        found.append(Line(label, _grouped(whole), _grouped(whole + difference)))
    return found


def _offices(proposal: Proposal) -> Collection[int]:
    """Those whose counts change, where there are several."""
    return () if proposal.office_id else [int(key) for key in proposal.payload["sources"]]


def _carry_out(proposal: Proposal, _by: User | None) -> Mapping[str, Any]:  # Any: JSON
    try:
        stored = store(_cells(proposal), _entering(proposal), timezone.localdate())
    except FileRefused as refused:
        raise CannotCarryOut(refused.mistakes[0].text) from None
    return {"new": stored.new, "changed": stored.changed, "replaced": stored.replaced}


register(
    Kind(
        KIND,
        gettext_lazy("Finished dossiers of a closed month"),
        Action.IMPORT_DOSSIERS,
        Action.APPROVE,
        carry_out=_carry_out,
        facts=_facts,
        preview=_preview,
        said=_said,
        offices=_offices,
        most_bytes=SHAPE.most_bytes,
        keeps_file=True,
    )
)
