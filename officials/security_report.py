"""What the yearly report on the system's security wants to know, gathered from the system itself.

Numbers only: no answer, no text of a citizen, no source address. What this system cannot know (TLS,
disks, backups, the clocks of machines) is asked for with a line to fill in.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from importlib.metadata import version
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db.models import Count, Max, Min, Q
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts.factors import with_second_factor
from audit.heads import NAME
from audit.models import Entry
from audit.verification import verify
from offices.models import Membership, User
from offices.rights import TABLE, Action
from reports.models import Night, Proof

UNUSED = timedelta(days=45)
PARTS = ("Django", "django-allauth", "psycopg", "celery", "cryptography", "granian", "numpy")
TO_FILL_IN = "……………………"


class NoResult(Exception):
    """A file that is no result of pip-audit; the message says how to make one."""


@dataclass(frozen=True, slots=True)
class Year:
    """The days that are reported, both included."""

    first: date
    last: date

    @property
    def entries(self) -> Q:
        """Entries of the audit in these days."""
        return Q(at__date__gte=self.first, at__date__lte=self.last)


def report(year: Year, holes: Path | None = None) -> str:
    """The report as Markdown in the language of the process.

    holes: what `pip-audit -f json` wrote on a machine that reaches its data. Raises NoResult.
    """
    parts: Sequence[tuple[str, Iterator[str]]] = (
        (_("1. Accounts"), _accounts()),
        (_("2. Signing in"), _signing_in(year)),
        (_("3. Data and who reaches them"), _data()),
        (_("4. The audit"), _audit(year)),
        (_("5. Figures"), _figures(year)),
        (_("6. Software and known holes"), _software(holes)),
        (_("7. Backups, incidents and what the operator fills in"), _to_fill_in()),
    )
    title = _("Report on the security of the system Hài Lòng")
    lines = [f"# {title}", "", _period(year)]
    for heading, told in parts:
        lines += ["", f"## {heading}", "", *told]
    return "\n".join(lines) + "\n"


def _period(year: Year) -> str:
    return _("Days reported: %(first)s to %(last)s. Made on %(now)s at %(address)s.") % {
        "first": _day(year.first),
        "last": _day(year.last),
        "now": _day(timezone.localdate()),
        "address": settings.PUBLIC_ADDRESS,
    }


def _day(day: date | datetime) -> str:
    return date_format(timezone.localtime(day) if isinstance(day, datetime) else day, "d/m/Y")


def _row(*cells: object) -> str:
    return f"| {' | '.join(map(str, cells))} |"


def _table(*headings: str) -> list[str]:
    return [_row(*headings), _row(*("---" for _one in headings))]


def _accounts() -> Iterator[str]:
    people = User.objects.all()
    active = people.filter(is_active=True)
    long_ago = timezone.now() - UNUSED
    unused = active.filter(
        Q(last_login__lt=long_ago) | Q(last_login=None, date_joined__lt=long_ago)
    )
    yield from _table(_("What"), _("Number"))
    yield _row(_("active accounts"), active.count())
    yield _row(_("closed accounts"), people.filter(is_active=False).count())
    yield _row(_("open although unused for 45 days"), unused.count())
    yield _row(
        _("with access to the operator's administration"), active.filter(is_staff=True).count()
    )
    yield _row(_("superusers"), active.filter(is_superuser=True).count())
    yield _row(_("active accounts without any role"), active.filter(memberships=None).count())
    yield ""
    yield from _table(_("Role"), _("Holders"))
    held = Membership.objects.filter(user__is_active=True).values("role")
    numbers = dict(held.annotate(people=Count("user", distinct=True)).values_list("role", "people"))
    for role in Membership.Role:
        yield _row(role.label, numbers.get(role.value, 0))


def _signing_in(year: Year) -> Iterator[str]:
    active = User.objects.filter(is_active=True).count()
    having = with_second_factor(User.objects.filter(is_active=True).values_list("pk", flat=True))
    yield _("Accounts with a second factor: %(people)s of %(active)s.") % {
        "people": len(having),
        "active": active,
    }
    yield ""
    yield from _table(_("Act"), _("Outcome"), _("Number"))
    beginnings = ("signin.", "signout.", "session.", "second_factor.", "recovery_codes.")
    asked = Q()
    for beginning in (*beginnings, "password.", "break_glass.", "account.", "role."):
        asked |= Q(action__startswith=beginning)
    counted = Entry.objects.filter(year.entries & asked).order_by("action", "outcome")
    names = dict(Entry.Outcome.choices)
    for row in counted.values("action", "outcome").annotate(size=Count("pk")):
        yield _row(f"`{row['action']}`", names[row["outcome"]], row["size"])


def _data() -> Iterator[str]:
    yield from _table(_("Class"), _("What"), _("Roles that reach it"))
    yield _row(_("public"), _("releases, published replies, notices"), _("everybody"))
    yield _row(_("internal"), _("figures before their release"), _roles(Action.SEE_FIGURES))
    yield _row(_("restricted"), _("remarks"), _roles(Action.SEE_REMARKS))
    yield _row(_("restricted"), _("contacts, encrypted"), _roles(Action.LOOK_AT_CONTACTS))
    yield _row(_("restricted"), _("accounts"), _roles(Action.MANAGE_ACCOUNTS))
    yield _row(_("restricted"), _("audit"), _roles(Action.READ_AUDIT))
    own = _("a key of their own") if settings.CONTACT_KEYS else _("a key made of SECRET_KEY")
    yield ""
    yield _("Contacts are encrypted with %(key)s.") % {"key": own}


def _roles(action: Action) -> str:
    found = [
        role.label for role, scopes in TABLE.items() if any(action in s for s in scopes.values())
    ]
    return ", ".join(map(str, found))


def _audit(year: Year) -> Iterator[str]:
    whole = Entry.objects.aggregate(first=Min("at"), last=Max("at"), size=Count("pk"))
    within = Entry.objects.filter(year.entries)
    yield from _table(_("What"), _("Number"))
    yield _row(_("entries in these days"), within.count())
    yield _row(_("refused among them"), within.filter(outcome=Entry.Outcome.REFUSED).count())
    yield _row(_("failed among them"), within.filter(outcome=Entry.Outcome.FAILED).count())
    yield _row(_("entries in all"), whole["size"])
    if whole["first"] is not None:
        yield _row(_("first entry"), _day(whole["first"]))
        yield _row(_("last entry"), _day(whole["last"]))
    yield ""
    found = verify(settings.AUDIT_HEADS / NAME)
    yield _(
        "The chain of the audit was verified: %(links)s links, %(heads)s heads in the file, "
        "breaks: %(breaks)s."
    ) % {"links": found.links, "heads": found.heads, "breaks": len(found.breaks)}


def _figures(year: Year) -> Iterator[str]:
    nights = Night.objects.filter(day__gte=year.first, day__lte=year.last)
    last = Proof.objects.order_by("-pk").first()
    yield from _table(_("What"), _("Number"))
    yield _row(_("nights that closed their day"), nights.exclude(closed_at=None).count())
    yield _row(_("nights that did not"), nights.filter(closed_at=None).count())
    yield _row(
        _("differences that proofs found"), sum(nights.values_list("differences", flat=True))
    )
    yield ""
    state = _("has been made") if last is not None else _("never made")
    yield _("The proof of the figures was %(state)s.") % {"state": state}


def _software(holes: Path | None) -> Iterator[str]:
    yield _("Software: %(software)s.") % {"software": settings.SOFTWARE}
    yield ""
    yield from _table(_("Package"), _("Version"))
    for name in PARTS:
        yield _row(name, version(name))
    yield ""
    if holes is None:
        yield _(
            "Known holes were NOT looked for. Run `pip-audit -r requirements/run.txt -f json` on a "
            "machine that reaches its data, and give the file with `--holes`."
        )
        return
    packages = _result(holes)
    found = [(one, hole) for one in packages for hole in one.get("vulns", [])]
    unasked = [one["name"] for one in packages if "skip_reason" in one]
    yield _(
        "Packages looked at: %(asked)s; not looked at: %(unasked)s; known holes: %(found)s."
    ) % {
        "asked": len(packages) - len(unasked),
        "unasked": len(unasked),
        "found": len(found),
    }
    for one, hole in found:
        yield f"- {one['name']} {one['version']}: {hole['id']}"


def _result(holes: Path) -> list[dict[str, Any]]:  # Any: JSON
    wrong = _("%(file)s is no result of pip-audit. Make one with `pip-audit -f json -o FILE`.")
    try:
        packages = json.loads(holes.read_text("utf-8"))["dependencies"]
        [one["name"] for one in packages]
    except (OSError, ValueError, KeyError, TypeError):
        raise NoResult(wrong % {"file": holes}) from None
    return list(packages)


def _to_fill_in() -> Iterator[str]:
    for asked in (
        _("Level of the system, and the decision that set it"),
        _("Backups: what, how often, where, who may read them, last trial restore"),
        _("Keys: day of the last change of SECRET_KEY and CONTACT_KEYS"),
        _("TLS: certificate valid until, versions that are offered"),
        _("Clocks of the machines follow"),
        _("Last scan and last attack by testers from outside; what was found and mended"),
        _("Incidents, with the days of the first notice and of the report"),
        _("Training of officials"),
    ):
        yield f"- {asked}: {TO_FILL_IN}"
