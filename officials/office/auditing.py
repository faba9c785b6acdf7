"""Kiểm tra: what stands out at the offices of a unit, for whoever audits; nothing is written here.

Every cell leads to the page that holds its evidence.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from offices.access import Missing, highest_unit, offices_where, require
from offices.models import AdministrativeUnit, Office
from offices.names import short
from offices.rights import Action
from officials.access import unit_or_404
from reports.counting.closing import closed_through, last_closed_month
from reports.counting.periods import Span
from reports.models import Release
from reports.showing.evidence import PARTS
from reports.showing.oddness import MONTHS, Column, Row, rows_of
from reports.showing.policy import policy_of

Level = AdministrativeUnit.Level
A_PAGE = 50
TITLES: Mapping[Column, Promise] = {
    Column.FLAGGED: gettext_lazy("Flagged forms"),
    Column.EVIDENCE: gettext_lazy("What forms rest on"),
    Column.WITHOUT: gettext_lazy("Without the flagged"),
    Column.EXCLUSIONS: gettext_lazy("Exclusions"),
    Column.EDITS: gettext_lazy("Dossiers changed late"),
    Column.DOSSIERS: gettext_lazy("Forms / dossiers"),
    Column.FLOODS: gettext_lazy("Forms that wait"),
    Column.PROOF: gettext_lazy("Differences of the proof"),
    Column.RELEASES: gettext_lazy("Releases not the same again"),
}
WORDS: Mapping[Column, Promise] = {
    Column.FLAGGED: gettext_lazy("many flagged forms"),
    Column.EVIDENCE: gettext_lazy("mostly open forms"),
    Column.WITHOUT: gettext_lazy("another figure without flagged forms"),
    Column.EXCLUSIONS: gettext_lazy("exclusions"),
    Column.EDITS: gettext_lazy("dossiers changed after closing"),
    Column.DOSSIERS: gettext_lazy("more forms than dossiers"),
    Column.FLOODS: gettext_lazy("forms that wait"),
    Column.PROOF: gettext_lazy("differences of the proof"),
    Column.RELEASES: gettext_lazy("releases not the same again"),
}


@dataclass(frozen=True, slots=True)
class AuditedCell:
    """A cell of the table: under which title, whether it stands out, where its evidence is."""

    column: Column
    title: str | Promise
    is_odd: bool
    address: str


@dataclass(frozen=True)
class AuditedRow:
    """An office as the table shows it."""

    row: Row
    name: str
    cells: Sequence[AuditedCell]

    @property
    def evidence(self) -> list[tuple[int, str]]:
        """About how many forms rest on what."""
        return [(forms, PARTS[kind]()) for kind, forms in self.row.evidence.items()]

    @property
    def words(self) -> list[str]:
        """What stands out, in words."""
        return [str(WORDS[column]) for column in Column if column in self.row.odd]


@login_required
@require_safe
def auditing_home(request: HttpRequest) -> HttpResponse:
    """Leads to the highest unit that the reader audits."""
    require(request.user, Action.EXCLUDE)
    highest = highest_unit(request.user, Action.EXCLUDE)
    if highest is None:
        raise Missing(Action.EXCLUDE)
    return redirect("officials:auditing", highest.pk)


@login_required
@require_safe
def auditing(request: HttpRequest, pk: int) -> HttpResponse:
    """The offices of a unit that the reader audits, the oddest first."""
    unit = unit_or_404(request.user, pk, Action.EXCLUDE)
    through = closed_through()
    context: dict[str, object] = {"unit": unit, "months": MONTHS}
    if through is not None:
        month = last_closed_month(through)
        within = Office.objects.within(unit) | Office.objects.within(unit, "today_unit")
        audited = offices_where(request.user, Action.EXCLUDE).filter(
            Q(valid_to=None) | Q(valid_to__gte=month.first),
            pk__in=within.values("pk"),
            valid_from__lte=month.last,
        )
        rows = rows_of(list(audited), _releasing(unit), month, policy_of(request.user))
        page = Paginator(rows, A_PAGE).get_page(request.GET.get("trang"))
        context |= {
            "month": month,
            "titles": [TITLES[column] for column in Column],
            "page": page,
            "rows": [_shown(row, unit, month) for row in page],
            "oddest": [_shown(row, unit, month) for row in rows[:1] if row.odd],
            "odd": sum(bool(row.odd) for row in rows),
            "often": _often(rows),
            "all": len(rows),
            "simulated": any(row.simulated for row in rows),
        }
    return render(request, "officials/office/auditing.html", context)


def _releasing(unit: AdministrativeUnit) -> list[int]:
    """The units whose releases whoever audits this one sees."""
    if unit.level != Level.COUNTRY:
        return [unit.pk]
    return list(Release.objects.order_by().values_list("unit", flat=True).distinct())


def _often(rows: Sequence[Row]) -> tuple[str, int] | None:
    """What stands out at most offices, and at how many."""
    times = Counter(column for row in rows for column in row.odd)
    if not times:
        return None
    column = max(Column, key=lambda one: times[one])
    return str(WORDS[column]), times[column]


def _shown(row: Row, unit: AdministrativeUnit, month: Span) -> AuditedRow:
    slug = row.office.slug
    period = "?" + urlencode({"ky": month.kind.value, "tu": month.first.isoformat()})
    figures = reverse("officials:office", args=[slug]) + period
    addresses = {
        Column.FLAGGED: figures,
        Column.EVIDENCE: figures,
        Column.WITHOUT: figures,
        Column.EXCLUSIONS: reverse("officials:exclusions", args=[slug]),
        Column.EDITS: reverse("officials:dossier_changes", args=[slug]),
        Column.DOSSIERS: reverse("officials:office_progress", args=[slug]) + period,
        Column.FLOODS: reverse("officials:floods", args=[slug]),
        Column.PROOF: reverse("officials:proofs"),
        Column.RELEASES: reverse("officials:release", args=[row.release])
        if row.release
        else reverse("officials:releases", args=[unit.pk]),
    }
    cells = [
        AuditedCell(column, TITLES[column], column in row.odd, addresses[column])
        for column in Column
    ]
    return AuditedRow(row, short(row.office.name), cells)
