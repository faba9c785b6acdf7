"""Computing a release again from the responses, and naming whatever differs.

The membership says which responses are in; they are read one by one, hashed line by line and
counted without numpy (`reports.release.recount`), and every figure is compared with the published
one.
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone

from reports.counting.layouts import instrument_of, layout_of
from reports.counting.periods import span_of
from reports.counting.stored import ScorePart
from reports.models import Release, ReleaseCheck, ReleaseFigure, ReleaseMembership
from reports.release.assembly import (
    Assembly,
    ReleasedFigures,
    ReleasedLine,
    ReleasedPlace,
    chains,
    office_place,
)
from reports.release.membership import (
    NAMED,
    NEWEST_LINE,
    difference,
    fingerprint,
    head,
    instrument_name,
    membership_of,
    named,
    opened,
)
from reports.release.recount import plain_sums
from reports.sipas.counts.cells import total
from reports.sipas.hiding.suppression import Policy
from reports.sipas.index.headline import ARITHMETIC
from surveys.labels import CHANNEL, RESPONDENT, STAGE
from surveys.models import Instrument

KEPT_DETAILS = 100

ROWS = f"""
SELECT id, day, {CHANNEL}, {STAGE}, {RESPONDENT}, simulated, answers, batch
FROM surveys_response r WHERE {NAMED} ORDER BY id
"""  # noqa: S608 - constants of this module


class CannotReproduce(ValueError):
    """This software does not compute as the one that made the release; the message names it."""


@dataclass(frozen=True, slots=True)
class Reproduction:
    """How many figures were computed again, and what differs, one sentence each."""

    release: Release
    figures: int
    differences: tuple[str, ...]


def reproduce(release: Release) -> Reproduction:
    """Computes every figure of the release again and notes the result as a `ReleaseCheck`.

    By the release's own method: what an earlier revision of the arithmetic published is computed as
    it was then.

    Missing, added and changed responses, changed questionnaires, changed memberships, figures and
    hashes are all found. Raises CannotReproduce where method or policy are not known here.
    """
    if release.method not in ARITHMETIC:
        raise CannotReproduce(
            f"{release.slug} was computed by the method {release.method}, this software knows "
            f"{', '.join(ARITHMETIC)}. Reproduce it with {release.software}."
        )
    try:
        policy = Policy(**release.policy)
    except (TypeError, ValueError) as error:
        raise CannotReproduce(
            f"This software cannot read the policy of {release.slug} ({error}). "
            f"Reproduce it with {release.software}."
        ) from None
    snapshot = not connection.in_atomic_block
    with transaction.atomic():
        if snapshot:
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        again = _Again(release, policy)
        differences = tuple(again.differences())
        ReleaseCheck.objects.create(
            release=release,
            made_at=timezone.now(),
            software=settings.SOFTWARE,
            figures=again.figures,
            differences=len(differences),
            details=list(differences[:KEPT_DETAILS]),
        )
    return Reproduction(release, again.figures, differences)


class _Again:
    """One reproduction."""

    def __init__(self, release: Release, policy: Policy) -> None:
        self.release = release
        self.span = span_of(release.period, release.start)
        self.assembly = Assembly(self.span, policy, release.method)
        self.data = sha256()
        self.people = 0
        self.simulated = False
        self.figures = 0
        before = release.revises.memberships.all() if release.revises else []
        self.revised = {(row.office_id, row.instrument_id): row for row in before}
        self.seen: set[tuple[int | None, int | None, str, int]] = set()

    def differences(self) -> Iterator[str]:
        """What differs, in the order of the release."""
        yield from self._instruments()
        memberships = list(self.release.memberships.select_related("office"))
        for membership in sorted(memberships, key=_order):
            yield from self._membership(membership)
        for sheet in self.assembly.sheets():
            yield from self._compare(sheet)
        yield from self._never_computed()
        for name, published, computed in (
            ("people", self.release.people, self.people),
            ("simulated", self.release.simulated, self.simulated),
            ("data hash", self.release.data_hash, self.data.hexdigest()),
            ("hash of the figures", self.release.figures_hash, self.assembly.hash.hexdigest()),
        ):
            if published != computed:
                yield f"release, {name}: published {published}, recomputed {computed}"

    def _instruments(self) -> Iterator[str]:
        for instrument in Instrument.objects.filter(
            pk__in=self.release.memberships.values("instrument")
        ):
            name = instrument_name(instrument.pk)
            published = self.release.instruments.get(name)
            now = {"content": instrument.content_hash, "arithmetic": fingerprint(instrument.pk)}
            if published is None:
                if self.release.memberships.filter(instrument=instrument, people__gt=0).exists():
                    yield f"questionnaire {name}: stands in the membership, but not in the release"
                continue
            for part in now:
                if published.get(part) != now[part]:
                    yield (
                        f"questionnaire {name}: its {part} has changed, "
                        f"published {published.get(part)}, now {now[part]}"
                    )

    def _membership(self, membership: ReleaseMembership) -> Iterator[str]:
        slug, name = membership.office.slug, instrument_name(membership.instrument_id)
        where = f"office {slug}, {name}"
        digest = sha256(head(slug, name))
        answers: dict[int, list[bytes]] = defaultdict(list)
        people, line = 0, self.release.line
        any_simulated = False
        with connection.cursor() as cursor:
            cursor.execute(ROWS, named(membership_of(membership), self.span))
            for key, day, channel, stage, respondent, simulated, packed, batch in cursor:
                said = bytes(packed)
                answers[batch].append(said)
                people += 1
                any_simulated |= simulated
                told = {1: f"{channel} {stage} {respondent} ", NEWEST_LINE: ""}.get(line, "?")
                digest.update(f"{key} {day} {told}{simulated:d} {said.hex()}\n".encode())
        if people < membership.people:
            missing = membership.people - people
            yield f"{where}: {missing} of {membership.people} responses are missing"
        elif people > membership.people:
            more = people - membership.people
            yield f"{where}: {more} responses more than the {membership.people} published"
        elif digest.hexdigest() != membership.digest:
            yield f"{where}: responses have been changed ({people} people)"
        else:
            yield from self._movement(membership, where)
        if not people:
            return
        self.people += people
        self.simulated |= any_simulated
        self.data.update(f"{slug} {name} {digest.hexdigest()}\n".encode())
        try:
            layout = layout_of(instrument_of(membership.instrument_id))
            by_batch = {batch: plain_sums(layout, said) for batch, said in answers.items()}
        except ValueError as error:
            yield f"{where}: the answers do not fit the questionnaire: {error}"
            return
        self.assembly.office(
            office_place(membership.office_id, slug),
            membership.instrument_id,
            ScorePart(total(layout, list(by_batch.values())), any_simulated),
            chains(membership.then, membership.today),
            opened(layout, by_batch, membership_of(membership).openings),
        )

    def _movement(self, membership: ReleaseMembership, where: str) -> Iterator[str]:
        """Whether as many people came and went since the revised release as was said."""
        revised = self.revised.get((membership.office_id, membership.instrument_id))
        moved = (
            difference(membership_of(revised), membership_of(membership), self.span)
            if revised
            else (membership.people, 0)
        )
        if moved != (membership.added, membership.removed):
            yield (
                f"{where}: published as {membership.added} people added and "
                f"{membership.removed} removed, recomputed {moved[0]} and {moved[1]}"
            )

    def _compare(self, sheet: ReleasedFigures) -> Iterator[str]:
        place = sheet.place
        self.seen.add((place.office, place.unit, place.territory, sheet.instrument))
        published = self._published(place, sheet.instrument)
        where = f"{place.name}, {instrument_name(sheet.instrument)}"
        for line in sheet.lines:
            self.figures += 1
            stored = published.pop((line.kind, line.code), None)
            if stored is None:
                yield f"{where}: {line} was computed but is not among the published figures"
            elif stored != line:
                yield f"{where}: published {stored}, recomputed {line}"
        for line in published.values():
            yield f"{where}: {line} is published, but no such figure was computed"

    def _published(
        self, place: ReleasedPlace, instrument: int
    ) -> dict[tuple[str, str], ReleasedLine]:
        rows = self.release.figures.filter(
            office=place.office, unit=place.unit, map=place.territory, instrument=instrument
        )
        return {(row.kind, row.code): _stored(row) for row in rows}

    def _never_computed(self) -> Iterator[str]:
        """Figures of places or questionnaires that the membership knows nothing of."""
        stored = self.release.figures.values_list("office", "unit", "map", "instrument")
        for office, unit, territory, instrument in sorted(
            set(stored.distinct()) - self.seen, key=str
        ):
            place = f"office {office}" if office else f"{territory} unit {unit}"
            yield (
                f"{place}, {instrument_name(instrument)}: figures are published, "
                "but nobody in the membership stands behind them"
            )


def _order(membership: ReleaseMembership) -> tuple[str, str]:
    return membership.office.slug, instrument_name(membership.instrument_id)


def _stored(row: ReleaseFigure) -> ReleasedLine:
    return ReleasedLine(
        row.kind,
        row.code,
        row.hidden,
        row.people,
        row.satisfied,
        row.answered,
        row.percent,
        row.low,
        row.high,
    )
