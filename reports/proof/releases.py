"""Releases against the responses they hold: `reports.release.reproduce` computes them again.

It says in sentences what differs; here each becomes a difference of a table and a column. What it
does not look at (the name, the revision, whether memberships name what is there) is looked at here.
"""

import logging
import re
from collections.abc import Iterator
from datetime import timedelta

from django.db import connection, transaction
from django.db.models import Max, Q
from django.utils import timezone

from reports.models import ROW, Difference, Part, Release, ReleaseMembership
from reports.proof.found import Found, Ledger, Place
from reports.proof.periods import period_of, stretch
from reports.release import CannotReproduce, reproduce
from reports.sipas.index.headline import ARITHMETIC

RELEASE, MEMBERSHIP, FIGURE = "reports_release", "reports_releasecut", "reports_releasefigure"
A_WEEK = timedelta(days=6)
log = logging.getLogger("reports.proof")
FIGURE_COLUMNS = ("people", "satisfied", "answered", "percent", "low", "high")

# What the memberships name, and how much of it is there.
NAMED = """
SELECT m.office_id, m.instrument_id, cardinality(m.batches), cardinality(m.withdrawn),
       count(DISTINCT r.batch), count(*) FILTER (WHERE r.id = ANY(m.withdrawn)), m.then, m.today
FROM reports_releasecut m LEFT JOIN surveys_response r
    ON r.office_id = m.office_id AND r.instrument_id = m.instrument_id
    AND r.batch = ANY(m.batches) AND r.day BETWEEN %s AND %s
WHERE m.release_id = %s GROUP BY m.id
"""


def due(*, everything: bool) -> list[Release]:
    """The releases that are to be proved now: each at least once a week, revised ones too.

    everything: all of them. Where something differs, a release is proved each time.
    """
    releases = Release.objects.annotate(checked=Max("checks__made_at"))
    if not everything:
        standing = Difference.objects.filter(ended_at=None, part=Part.RELEASES)
        slugs = {key.split(":")[0] for key in standing.values_list("key", flat=True)}
        before = timezone.now() - A_WEEK
        releases = releases.filter(Q(checked=None) | Q(checked__lt=before) | Q(slug__in=slugs))
    return list(releases.order_by("pk"))


ORPHANS = """
SELECT release_id FROM reports_releasecut UNION SELECT release_id FROM reports_releasefigure
EXCEPT SELECT id FROM reports_release
"""


def prove_none_is_missing(ledger: Ledger) -> None:
    """Notes releases whose rows are there without them."""
    today = timezone.localdate()
    with connection.cursor() as cursor:
        cursor.execute(ORPHANS)
        for (key,) in cursor.fetchall():
            place = (Place(), None, "", today, today, f"release {key}")
            ledger.note(Found(Part.RELEASES, RELEASE, ROW, *place, "0", "1"))


def standing_orphans() -> list[str]:
    """The keys of differences that say that a release is missing."""
    standing = Difference.objects.filter(ended_at=None, part=Part.RELEASES)
    return list(standing.filter(key__startswith="release ").values_list("key", flat=True))


def prove_release(release: Release, ledger: Ledger) -> None:
    """Computes a release again; an old one that this software cannot compute is unproved."""
    try:
        _prove(release, ledger)
    except CannotReproduce:
        ledger.note(_found(release, RELEASE, "policy", str(release.policy), ""))
    except Exception as failure:  # whatever it is, the other releases are proved
        log.exception("release %s cannot be computed again", release.pk)
        ledger.note(_found(release, RELEASE, ROW, type(failure).__name__, ""))


def _prove(release: Release, ledger: Ledger) -> None:
    for found in [*_of_the_release(release), *_of_memberships(release)]:
        ledger.note(found)
    if release.method in ARITHMETIC:
        again = reproduce(release)
        ledger.figures[Part.RELEASES] += again.figures
        for sentence in again.differences:
            for found in _sentence(release, sentence):
                ledger.note(found)
    elif right := next((known for known in ARITHMETIC if _would_do_by(known, release)), None):
        ledger.note(_found(release, RELEASE, "method", release.method, right))
    else:
        ledger.unproved += 1


def _would_do_by(method: str, release: Release) -> bool:
    """Whether a release is computed again without a difference by a method that is known.

    Then the method that it names is wrong.
    """
    named = release.method
    release.method = method
    try:
        with transaction.atomic():
            again = reproduce(release)
            transaction.set_rollback(True)
    except CannotReproduce:
        return False
    finally:
        release.method = named
    return not again.differences


def _of_the_release(release: Release) -> Iterator[Found]:
    """The columns of the release's own row that nothing else is computed from."""
    of = stretch(release.period, release.start)
    label = {
        "month": f"{release.start:%Y-%m}",
        "quarter": f"{release.start.year}-q{(release.start.month + 2) // 3}",
        "year": f"{release.start.year}",
    }[release.period]
    unit = release.unit
    slug = f"{unit.code.lower()}-{unit.valid_from:%Y%m%d}-{label}-{release.revision}"
    if release.start != of.first:
        yield _found(release, RELEASE, "start", str(release.start), str(of.first))
    if release.slug != slug:
        yield _found(release, RELEASE, "slug", release.slug, slug)
    before = release.revises
    same = before is None or (
        (before.unit_id, before.period, before.start, before.revision + 1)
        == (release.unit_id, release.period, release.start, release.revision)
    )
    if not same or (before is None) != (release.revision == 1):
        yield _found(release, RELEASE, "revises", str(release.revision), str(before))
    names = set(
        ReleaseMembership.objects.filter(release=release, people__gt=0).values_list(
            "instrument__slug", "instrument__version"
        )
    )
    wanted = sorted(f"{slug}.{version}" for slug, version in names)
    if sorted(release.instruments) != wanted:
        yield _found(
            release, RELEASE, "instruments", ", ".join(sorted(release.instruments)),
            ", ".join(wanted),
        )  # fmt: skip


def _of_memberships(release: Release) -> Iterator[Found]:
    of = stretch(release.period, release.start)
    with connection.cursor() as cursor:
        cursor.execute(NAMED, [of.first, of.last, release.pk])
        rows = cursor.fetchall()
    for office, instrument, batches, withdrawn, found, left, then, today in rows:
        wrong: dict[str, tuple[object, object]] = {
            "batches": (batches, found),
            "withdrawn": (withdrawn, left),
        }
        for name, chain in (("then", then), ("today", today)):
            if chain and chain[-1] != release.unit_id:
                wrong[name] = (chain[-1], release.unit_id)
        for column, (shown, proved) in wrong.items():
            if shown != proved:
                yield _found(
                    release, MEMBERSHIP, column, str(shown), str(proved), office, instrument
                )


# What `reproduce` says, and which column is meant.
SENTENCES: tuple[tuple[str, str, str], ...] = (
    (r"^release, people: published (.*), recomputed (.*)$", RELEASE, "people"),
    (r"^release, simulated: published (.*), recomputed (.*)$", RELEASE, "simulated"),
    (r"^release, data hash: published (.*), recomputed (.*)$", RELEASE, "data_hash"),
    (r"^release, hash of the figures: published (.*), recomputed (.*)$", RELEASE, "figures_hash"),
    (r"^questionnaire (.*): (.*)$", RELEASE, "instruments"),
    (r"^office (.*): (.*) responses are missing$", MEMBERSHIP, "people"),
    (r"^office (.*): (.*) responses more than .*$", MEMBERSHIP, "people"),
    (r"^office (.*): responses have been changed (.*)$", MEMBERSHIP, "digest"),
    (r"^office (.*): the answers do not fit (.*)$", MEMBERSHIP, "digest"),
    (r"^office (.*): published as (\d+) people added and (\d+) removed, .*$", MEMBERSHIP, "added"),
    (r"^(.*): .* was computed but is not among the published figures()$", FIGURE, ROW),
    (r"^(.*): .* is published, but no such figure was computed()$", FIGURE, ROW),
    (r"^(.*): figures are published, but nobody in the membership()", FIGURE, ROW),
)
LINE = re.compile(r"^(.*): published (\S+ \S+) (.*), recomputed \2 (.*)$")


def _sentence(release: Release, sentence: str) -> Iterator[Found]:
    """The differences that a sentence speaks of."""
    if match := LINE.match(sentence):
        where, code, published, recomputed = match.groups()
        yield from _figure(release, f"{where}, {code}", published.split(), recomputed.split())
        return
    for pattern, table, column in SENTENCES:
        if match := re.match(pattern, sentence):
            said = match.groups()
            if table == RELEASE and column != "instruments":
                yield _found(release, table, column, said[0], said[1])
            elif column == "added":
                removed = re.findall(r"\d+", sentence[match.start(2) :])
                for name, shown, proved in (
                    ("added", removed[0], removed[2]),
                    ("removed", removed[1], removed[3]),
                ):
                    if shown != proved:
                        yield _found(release, table, name, shown, proved, key=said[0])
            else:
                yield _found(release, table, column, said[1], "", key=said[0])
            return
    yield _found(release, RELEASE, ROW, sentence, "")


def _figure(
    release: Release, where: str, published: list[str], recomputed: list[str]
) -> Iterator[Found]:
    if ["hidden"] in (published, recomputed):
        yield _found(
            release, FIGURE, "hidden", " ".join(published), " ".join(recomputed), key=where
        )
        return
    for column, shown, proved in zip(FIGURE_COLUMNS, published, recomputed, strict=False):
        if shown != proved:
            yield _found(release, FIGURE, column, shown, proved, key=where)


def _found(
    release: Release,
    table: str,
    column: str,
    shown: str,
    proved: str,
    office: int | None = None,
    instrument: int | None = None,
    *,
    key: str = "",
) -> Found:
    of = period_of(release.period, release.start)
    whose = f"{release.slug}: {key}" if key else release.slug
    return Found(
        part=Part.RELEASES,
        table=table,
        column=column,
        place=Place(office, release.unit_id),
        instrument=instrument,
        period=release.period,
        first=of.first,
        last=of.last,
        key=whose[:200],
        shown=shown[:200],
        proved=proved[:200],
    )
