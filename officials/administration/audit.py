"""The page on which auditors read who did what, and take it away as a file.

Everybody sees the entries of the offices and units in which they may; what has no place is for
auditors of the whole country.
"""

import csv
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.contrib.auth.decorators import login_required
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from audit.models import Entry
from audit.recording import record
from offices.access import Reader, may, offices_where, require, units_where
from offices.models import AdministrativeUnit, Office
from offices.rights import Action
from officials.administration.audit_words import ACTS, DETAILS, TABLES, VALUES
from reports.night.watching import last_audit

ON_A_PAGE = 50
LONGEST = 150  # letters of what is looked for
MOST_UNFOLDED = 4  # values of a row
OURS = "hailong"  # what the system calls itself at the database
ROWS = ("row.", "table.")
HIDDEN = "…"  # stands for a value that is never kept
FORMULA = ("=", "+", "-", "@", "\t", "\r")
COLUMNS = (
    *("link", "entry", "time", "act", "in_words", "outcome", "account", "address", "subject"),
    *("office", "unit", "details", "transaction", "transaction_begun", "role", "linked", "hash"),
)


@dataclass(frozen=True, slots=True)
class Filters:
    """What is looked for. `wrong`: what was typed and is no day."""

    first: date | None
    last: date | None
    account: str
    action: str
    office: str
    outcome: str
    wrong: str

    def apply(self, entries: QuerySet[Entry]) -> QuerySet[Entry]:
        """Those that were asked for; days are those of Việt Nam."""
        if self.first:
            entries = entries.filter(at__gte=_midnight(self.first))
        if self.last:
            entries = entries.filter(at__lt=_midnight(self.last + timedelta(days=1)))
        if self.account:
            entries = entries.filter(account=self.account)
        if self.action:
            entries = entries.filter(action=self.action)
        if self.office:
            entries = entries.filter(office_id__in=Office.objects.filter(slug=self.office))
        if self.outcome:
            entries = entries.filter(outcome=self.outcome)
        return entries


@dataclass(frozen=True, slots=True)
class Change:
    """A value before and after; either is None where there was none, or where it is not kept."""

    name: str
    was: str | None
    now: str | None


@dataclass(frozen=True, slots=True)
class AuditRow:
    """An entry as it stands on the page.

    acts: what was done in the same transaction as the change of a row, by whom. by_hand: no act
    was, and the change came from another program than ours. unnamed: it came from ours.
    """

    entry: Entry
    words: str | Promise
    place: str
    about: str | Promise
    changes: Sequence[Change]
    details: Sequence[tuple[str | Promise, str]]
    acts: Sequence[tuple[str | Promise, str]] = ()
    by_hand: bool = False
    unnamed: bool = False

    @property
    def is_long(self) -> bool:
        """Whether the values of the row are folded away."""
        return len(self.changes) > MOST_UNFOLDED


@login_required
@never_cache
@require_safe
def audit_page(request: HttpRequest) -> HttpResponse:
    """The entries that the reader may read, newest first; 403 for whoever may read none."""
    require(request.user, Action.READ_AUDIT)
    filters = _asked(request)
    entries = filters.apply(_seen(request.user))
    before = _number(request.GET.get("truoc"))
    if before:
        entries = entries.filter(pk__lt=before)
    shown = list(entries.order_by("-pk")[: ON_A_PAGE + 1])
    asked = {
        name: str(value)
        for name, value in request.GET.items()
        if name in ("tu", "den", "tai-khoan", "hanh-dong", "co-quan", "ket-qua") and value
    }
    older = shown[ON_A_PAGE - 1].pk if len(shown) > ON_A_PAGE else None
    context = {
        "rows": _rows(shown[:ON_A_PAGE]),
        "filters": filters,
        "asked": urlencode(asked),
        "older": urlencode({**asked, "truoc": str(older)}) if older else "",
        "is_first": not before,
        "acts": sorted(
            ((code, str(words)) for code, words in ACTS.items()), key=lambda act: act[1]
        ),
        "outcomes": Entry.Outcome.choices,
        "offices": offices_where(request.user, Action.READ_AUDIT).order_by("name_key"),
        "verified": last_audit(),
    }
    return render(request, "officials/administration/audit.html", context)


@login_required
@never_cache
@require_safe
def audit_csv(request: HttpRequest) -> StreamingHttpResponse:
    """The same entries as a file, oldest first; that it was taken is an entry itself."""
    require(request.user, Action.READ_AUDIT)
    filters = _asked(request)
    # what comes later, such as the entry about this file, is not in it
    newest = Entry.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    entries = filters.apply(_seen(request.user)).filter(pk__lte=newest)
    record(
        "audit.exported",
        details={
            "size": entries.count(),
            "first": filters.first and filters.first.isoformat(),
            "last": filters.last and filters.last.isoformat(),
            "action": filters.action,
        },
    )
    return StreamingHttpResponse(
        _lines(entries),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": 'attachment; filename="nhat-ky.csv"'},
    )


def _seen(user: Reader) -> QuerySet[Entry]:
    """The entries of the offices and units in which the user may read the audit."""
    countries = AdministrativeUnit.objects.filter(level=AdministrativeUnit.Level.COUNTRY)
    if any(may(user, Action.READ_AUDIT, country) for country in countries):
        return Entry.objects.all()
    return Entry.objects.filter(
        Q(office_id__in=offices_where(user, Action.READ_AUDIT).values("pk"))
        | Q(unit_id__in=units_where(user, Action.READ_AUDIT).values("pk"))
    )


def _asked(request: HttpRequest) -> Filters:
    typed = {
        "tu": request.GET.get("tu", "").strip()[:LONGEST],
        "den": request.GET.get("den", "").strip()[:LONGEST],
    }
    days: dict[str, date | None] = {}
    for name, text in typed.items():
        try:
            days[name] = date.fromisoformat(text) if text else None
        except ValueError:
            days[name] = None
    wrong = [text for name, text in typed.items() if text and days[name] is None]
    outcome = request.GET.get("ket-qua", "")
    return Filters(
        first=days["tu"],
        last=days["den"] if days["den"] != date.max else None,
        account=_text(request.GET.get("tai-khoan")),
        action=_text(request.GET.get("hanh-dong")),
        office=_text(request.GET.get("co-quan")),
        outcome=outcome if outcome in Entry.Outcome.values else "",
        wrong=", ".join(wrong),
    )


def _text(typed: str | None) -> str:
    return (typed or "").replace("\x00", "").strip()[:LONGEST]


def _number(text: str | None) -> int | None:
    return int(text) if text and text.isascii() and text.isdecimal() and len(text) < 16 else None


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time()))


def _rows(entries: Sequence[Entry]) -> list[AuditRow]:
    offices = dict(
        Office.objects.filter(pk__in={entry.office_id for entry in entries}).values_list(
            "pk", "name"
        )
    )
    units = {
        unit.pk: unit.full_name
        for unit in AdministrativeUnit.objects.filter(pk__in={entry.unit_id for entry in entries})
    }
    acts = _acts(entries)
    return [
        _row(
            entry,
            offices.get(entry.office_id or 0) or units.get(entry.unit_id or 0, ""),
            acts.get((entry.transaction, entry.begun), []),
        )
        for entry in entries
    ]


Moment = tuple[int | None, datetime | None]


def _acts(entries: Iterable[Entry]) -> Mapping[Moment, list[tuple[str | Promise, str]]]:
    """What was done in the transactions in which rows were changed, by whom."""
    numbers = {entry.transaction for entry in entries if entry.action.startswith(ROWS)}
    found = Entry.objects.filter(transaction__in=numbers - {None}).order_by("pk")
    acts: dict[Moment, list[tuple[str | Promise, str]]] = {}
    for act in found:
        if not act.action.startswith(ROWS):
            told = (ACTS.get(act.action, act.action), act.account)
            acts.setdefault((act.transaction, act.begun), []).append(told)
    return acts


def _row(entry: Entry, place: str, acts: Sequence[tuple[str | Promise, str]]) -> AuditRow:
    said: dict[str, object] = entry.details if isinstance(entry.details, dict) else {}
    is_row = entry.action.startswith(ROWS)
    without_act = is_row and not acts
    ours = said.get("application") == OURS
    left_out = {"was", "now", "table", *(("application",) if is_row else ())}
    return AuditRow(
        entry,
        ACTS.get(entry.action, ""),
        place,
        TABLES.get(str(said.get("table", "")), str(said.get("table", ""))),
        _changes(said.get("was"), said.get("now")),
        [
            (DETAILS.get(name, name), _told(name, value))
            for name, value in said.items()
            if name not in left_out and value not in (None, "")
        ],
        acts if is_row else (),
        by_hand=without_act and not ours,
        unnamed=without_act and ours,
    )


def _changes(was: object, now: object) -> list[Change]:
    if not isinstance(was, dict) and not isinstance(now, dict):
        return [] if was is None and now is None else [Change("", _shown(was), _shown(now))]
    before = was if isinstance(was, dict) else {}
    after = now if isinstance(now, dict) else {}
    return [
        Change(str(name), _shown(before.get(name)), _shown(after.get(name)))
        for name in sorted({*before, *after})
        # of a row that is new or gone, what was empty says nothing
        if before.get(name) not in (None, "") or after.get(name) not in (None, "")
    ]


def _told(name: str, value: object) -> str:
    if isinstance(value, bool):
        return str(_("Yes") if value else _("No"))
    if isinstance(value, list):
        return ", ".join(_told(name, one) for one in value) or "–"
    known = VALUES.get(name, {}).get(str(value))
    return str(known) if known else _shown(value) or "–"


def _shown(value: object) -> str | None:
    if value in (None, "", HIDDEN):
        return None
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


class _Line:
    """What `csv.writer` writes into: gives the line back."""

    def write(self, line: str) -> str:
        return line


def _lines(entries: QuerySet[Entry]) -> Iterator[str]:
    """A byte order mark for spreadsheets, the header, then a line each."""
    writer = csv.writer(_Line())
    yield "\N{ZERO WIDTH NO-BREAK SPACE}"
    yield writer.writerow(COLUMNS)
    offices = dict(Office.objects.values_list("pk", "slug"))
    for entry in entries.select_related("link").order_by("pk").iterator(chunk_size=2000):
        link = getattr(entry, "link", None)
        words = ACTS.get(entry.action, "")
        yield writer.writerow(
            [
                *(link.seq if link else "", entry.pk, timezone.localtime(entry.at).isoformat()),
                *(entry.action, words, entry.outcome, _harmless(entry.account), entry.source or ""),
                _harmless(entry.subject),
                offices.get(entry.office_id or 0, entry.office_id or ""),
                entry.unit_id or "",
                json.dumps(entry.details, ensure_ascii=False),
                *(entry.transaction or "", entry.begun.isoformat() if entry.begun else ""),
                *(entry.role, link.at.isoformat() if link else ""),
                bytes(link.hash).hex() if link else "",
            ]
        )


def _harmless(text: str) -> str:
    return f"'{text}" if text.startswith(FORMULA) else text
