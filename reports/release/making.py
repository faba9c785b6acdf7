"""One publication while it is made: office by office, then the units, the release itself last."""

from collections.abc import Iterator
from dataclasses import asdict
from hashlib import sha256

from django.conf import settings
from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext as _

from offices.models import AdministrativeUnit, Office, User
from reports.counting.periods import Span
from reports.counting.policy import POLICY
from reports.counting.shown import batches_within
from reports.counting.stored import ScorePart
from reports.models import Period, Release, ReleaseMembership
from reports.release.assembly import Assembly, ReleasedFigures, chains, office_place
from reports.release.members import Member, members
from reports.release.membership import (
    NEWEST_LINE,
    MembershipSums,
    OfficeMembership,
    difference,
    fingerprint,
    instrument_name,
    membership_now,
    membership_of,
    read,
    told_apart,
)
from reports.sipas.index.headline import METHOD
from surveys.models import Instrument

AT_ONCE = 10_000
LINE = ("kind", "code", "hidden", "people", "satisfied", "answered", "percent", "low", "high")
COPY_FIGURES = (
    "COPY reports_releasefigure (release_id, office_id, unit_id, map, instrument_id, "
    f"{', '.join(LINE)}) FROM STDIN"
)


class CannotPublish(ValueError):
    """Nothing was published; says why to the person who asked, in their language."""


class Press:
    """One publication while it is made; writes as it goes, the release itself comes last."""

    def __init__(self, unit: AdministrativeUnit, span: Span, earlier: Release | None) -> None:
        self.unit, self.span, self.earlier = unit, span, earlier
        self.key = _next_key()
        self.assembly = Assembly(span, POLICY, METHOD)
        self.data = sha256()
        self.people = 0
        self.simulated = False
        self.instruments: set[int] = set()
        self.figures: list[tuple[object, ...]] = []
        self.released_before = Release.objects.filter(period=span.kind, start=span.first).exists()

    def run(self) -> None:
        """Writes the memberships and figures of all offices, then the figures of the units."""
        for member in self._members():
            for membership, revised in self._memberships(member):
                self._take(member, membership, revised)
        for sheet in self.assembly.sheets():
            self._print(sheet)
        self._flush()

    def release(self, by: User | None, reason: str) -> Release:
        """The release's own row, unsaved."""
        revision = self.earlier.revision + 1 if self.earlier else 1
        rows = Instrument.objects.in_bulk(self.instruments)
        return Release(
            pk=self.key,
            slug=f"{self.unit.code.lower()}-{self.unit.valid_from:%Y%m%d}-"
            f"{_label(self.span)}-{revision}",
            unit=self.unit,
            period=self.span.kind,
            start=self.span.first,
            revision=revision,
            revises=self.earlier,
            reason=reason,
            made_at=timezone.now(),
            made_by=by,
            policy=asdict(POLICY),
            method=METHOD,
            software=settings.SOFTWARE,
            instruments={
                instrument_name(key): {
                    "content": row.content_hash,
                    "arithmetic": fingerprint(key),
                }
                for key, row in sorted(rows.items(), key=lambda found: str(found[1]))
            },
            data_hash=self.data.hexdigest(),
            figures_hash=self.assembly.hash.hexdigest(),
            people=self.people,
            simulated=self.simulated,
            line=NEWEST_LINE,
        )

    def _members(self) -> Iterator[Member]:
        """Today's members, and the offices of the revised release that are none any more."""
        found = {member.office: member for member in members(self.unit)}
        if self.earlier is not None:
            gone = Office.objects.filter(pk__in=self.earlier.memberships.values("office")).exclude(
                pk__in=found
            )
            for pk, slug in gone.values_list("pk", "slug"):
                found[pk] = Member(pk, slug, (), ())
        return iter(sorted(found.values(), key=lambda member: member.slug))

    def _memberships(
        self, member: Member
    ) -> Iterator[tuple[OfficeMembership, ReleaseMembership | None]]:
        """The memberships of an office by questionnaire, each with the one that it revises."""
        published = self._published(member)
        on_a_map = bool(member.then or member.today)
        shown = batches_within([member.office], self.span) if on_a_map else {}
        numbers = {instrument: batches for (_office, instrument), batches in shown.items()}
        revised = {
            row.instrument_id: row
            for row in published
            if self.earlier is not None and row.release_id == self.earlier.pk
        }
        for instrument in sorted(numbers.keys() | revised.keys(), key=instrument_name):
            wanted = membership_now(
                member.office, instrument, numbers.get(instrument, []), self.span
            )
            before = [membership_of(row) for row in published if row.instrument_id == instrument]
            kept = told_apart(wanted, before, self.span, POLICY.batch)
            yield kept, revised.get(instrument)

    def _published(self, member: Member) -> list[ReleaseMembership]:
        """The office's memberships in all releases of the period, whosever, newest first."""
        if not self.released_before:
            return []
        return list(
            ReleaseMembership.objects.filter(
                office=member.office,
                release__period=self.span.kind,
                release__start=self.span.first,
            ).order_by("-release_id")
        )

    def _take(
        self, member: Member, membership: OfficeMembership, revised: ReleaseMembership | None
    ) -> None:
        material = read(membership, member.slug, self.span)
        people = material.sums.people
        if revised is None:
            if not people:
                return
            added, removed = people, 0
        else:
            self._refuse_changed_answers(member, membership, material, revised)
            added, removed = difference(membership_of(revised), membership, self.span)
        ReleaseMembership.objects.create(
            release_id=self.key,
            office_id=membership.office,
            instrument_id=membership.instrument,
            batches=list(membership.batches),
            withdrawn=list(membership.withdrawn),
            then=list(member.then),
            today=list(member.today),
            people=people,
            added=added,
            removed=removed,
            digest=material.digest,
            openings=[[list(blocks), list(columns)] for blocks, columns in membership.openings],
        )
        if not people:
            return
        name = instrument_name(membership.instrument)
        self.data.update(f"{member.slug} {name} {material.digest}\n".encode())
        self.people += people
        self.simulated |= material.simulated
        self.instruments.add(membership.instrument)
        self.assembly.office(
            office_place(member.office, member.slug),
            membership.instrument,
            ScorePart(material.sums, material.simulated),
            chains(member.then, member.today),
            material.opened,
        )

    def _refuse_changed_answers(
        self,
        member: Member,
        membership: OfficeMembership,
        material: MembershipSums,
        revised: ReleaseMembership,
    ) -> None:
        """The same people must have said the same: else the two releases would tell who changed."""
        if membership != membership_of(revised):
            return
        digest, line = material.digest, revised.release.line
        if line != NEWEST_LINE:
            digest = read(membership, member.slug, self.span, line).digest
        if digest != revised.digest:
            raise CannotPublish(
                _(
                    "Responses of %(office)s that stand in %(release)s have been changed since. "
                    "Nothing can be published on top of that: let the operator reproduce it first."
                )
                % {"office": member.slug, "release": revised.release.slug}
            )

    def _print(self, sheet: ReleasedFigures) -> None:
        place = sheet.place
        of = (self.key, place.office, place.unit, place.territory, sheet.instrument)
        self.figures += ((*of, *(getattr(line, name) for name in LINE)) for line in sheet.lines)
        if len(self.figures) >= AT_ONCE:
            self._flush()

    def _flush(self) -> None:
        with connection.cursor() as cursor, cursor.copy(COPY_FIGURES) as copy:
            for row in self.figures:
                copy.write_row(row)
        self.figures = []


def _label(span: Span) -> str:
    """A period in a release's name: `2026-05`, `2026-q2`, `2026`."""
    if span.kind == Period.MONTH:
        return f"{span.first:%Y-%m}"
    if span.kind == Period.QUARTER:
        return f"{span.first.year}-q{(span.first.month + 2) // 3}"
    return str(span.first.year)


def _next_key() -> int:
    """A key for the release's row, which is written after the rows that name it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval(pg_get_serial_sequence('reports_release', 'id'))")
        (key,) = cursor.fetchone()
    return int(key)
