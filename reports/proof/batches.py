"""Batches against responses: each number of each batch and day, missing rows and extra ones."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date

from reports.models import ROW, Batch, Part
from reports.proof.forms import Form
from reports.proof.found import Found, Ledger, Place
from reports.proof.numbers import Vector, moments, nobody, read
from reports.proof.responses import Said, said
from reports.proof.scope import Behind, Days

TABLE = "reports_batch"
Key = tuple[int, int, int, date]  # office, instrument, number, day


@dataclass(frozen=True, slots=True)
class StoredBatch:
    """A row of the table, its sums read; None where they cannot be."""

    people: int
    sums: Vector | None
    moments: tuple[int, ...]
    has_withdrawn: bool
    withdrawn: Vector | None


@dataclass(slots=True)
class Shares:
    """What figures are made of: by office and instrument, by batch, by day, who is shown.

    As the responses say where they were looked at, else as the batches are stored. Whoever has
    left the figures is taken off; `left`: of which batches (office, instrument, number).
    """

    of: dict[tuple[int, int], dict[int, dict[date, Vector]]]
    left: set[tuple[int, int, int]] = field(default_factory=set)

    def put(self, key: Key, people: Vector, gone: Vector | None) -> None:
        """Takes the share of a day in; gone: of those who have left."""
        office, instrument, number, day = key
        shown = people if gone is None else people - gone
        self.of.setdefault((office, instrument), {}).setdefault(number, {})[day] = shown
        if gone is not None:
            self.left.add((office, instrument, number))


def prove_batches(
    forms: Mapping[int, Form],
    offices: Collection[int],
    days: Days,
    window: Days,
    behind: Behind,
    ledger: Ledger,
) -> Shares:
    """Compares the batches of these offices on `days` and returns those of the whole window.

    window: whole years that hold the days; what is outside of the days is taken as it is stored.
    """
    shares = Shares({})
    stored = dict(_stored(forms, offices, window))
    for form in forms.values():
        spoken = said(form, offices, days.first, days.last)
        for (office, number, day), each in spoken.items():
            key = (office, form.key, number, day)
            ledger.responses += int(each.people[0])
            if behind.day(office, day):
                continue
            shares.put(key, each.people, each.gone)
            ledger.figures[Part.BATCHES] += 1
            row = stored.pop(key, None)
            for found in _compare(form, key, row, each):
                ledger.note(found)
    for key, row in stored.items():
        office, instrument, _, day = key
        if days.hold(day) and not behind.day(office, day):
            ledger.note(_found(key, ROW, "1", "0"))
            continue
        if days.hold(day):
            ledger.behind += 1
        sums = nobody(forms[instrument]) if row.sums is None else row.sums
        shares.put(key, sums, row.withdrawn)
    return shares


def _stored(
    forms: Mapping[int, Form], offices: Collection[int], window: Days
) -> Iterator[tuple[Key, StoredBatch]]:
    rows = Batch.objects.filter(office__in=offices, day__range=(window.first, window.last))
    for office, instrument, number, day, people, sums, of, withdrawn in rows.values_list(
        *("office_id", "instrument_id", "number", "day"),
        *("people", "sums", "moments", "withdrawn"),
    ).iterator(chunk_size=1000):
        form = forms[instrument]
        yield (
            (office, instrument, number, day),
            StoredBatch(
                people,
                read(form, sums),
                tuple(of),
                withdrawn is not None,
                read(form, withdrawn),
            ),
        )


def _compare(form: Form, key: Key, row: StoredBatch | None, each: Said) -> Iterator[Found]:
    """What differs. A day's share may be of one person, so only by how much is said."""
    if row is None:
        yield _found(key, ROW, "0", "1")
        return
    people = int(each.people[0])
    if row.people != people:
        yield _found(key, "people", f"{row.people - people:+d}", "0")
    for column, shown, proved in (
        ("sums", row.sums, each.people),
        ("withdrawn", row.withdrawn, each.gone),
    ):
        if column == "withdrawn" and proved is None:
            if row.has_withdrawn:
                yield _found(key, column, "1", "0")
            continue
        if shown is None or proved is None or (shown != proved).any():
            differing = len(each.people) if shown is None else int((shown != proved).sum())
            yield _found(key, column, f"{differing} of {len(each.people)} numbers differ", "0")
    headline = tuple(int(number) for number in moments(form, each.people, form.headline))
    if row.moments != headline:
        wrong = sum(a != b for a, b in zip(row.moments, headline, strict=False))
        yield _found(key, "moments", f"{max(wrong, 1)} of 5 numbers differ", "0")


def _found(key: Key, column: str, shown: str, proved: str) -> Found:
    office, instrument, number, day = key
    return Found(
        *(Part.BATCHES, TABLE, column, Place(office), instrument, "", day, day),
        *(f"batch {number}", shown, proved),
    )
