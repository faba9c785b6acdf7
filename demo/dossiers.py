"""How many dossiers the demonstration's offices have finished: made up, and marked as such."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np
from django.db import connection, transaction
from django.db.models import Count

from demo import responses
from demo.simulation import working_days
from offices import directory
from offices.directory import OfficeEntry
from offices.models import AdministrativeUnit, DossierSource, Office
from surveys.models import FINISHED_STATES, Response

# What share of its dossiers leaves a form, from and to: where somebody asks every day, and where
# only three days of a quarter are asked about, which in their own month is three times as much.
EVERY_DAY = (0.1, 0.28)
NOW_AND_THEN = (0.07, 0.12)
FEWEST = 1.0  # dossiers a day
COPY = """
COPY offices_dossiercount (office_id, day, field_id, finished, simulated, source) FROM STDIN
"""
Row = tuple[int, date, int | None, int, bool, str]


@dataclass(frozen=True, slots=True)
class Volume:
    """What an office finishes on a working day on average, by field (None: not told)."""

    office: OfficeEntry
    fields: tuple[int | None, ...]
    means: tuple[float, ...]


def load_dossiers(last: date) -> int:
    """Writes counts for Kiên Giang's offices from 2024-11-01 to `last`; returns how many.

    Hà Tiên's offices tell the field, the others do not. Needs the responses, so that response
    rates come out between 5 and 30 %.
    """
    days = working_days(responses.BEGIN, last)
    rng = np.random.default_rng([responses.SEED, 4])
    counted = Response.objects.filter(valid=True, state__in=FINISHED_STATES)
    answers = dict(counted.values_list("office").annotate(Count("id")).order_by())
    # Everything is read first: nothing else can be asked on a connection that is copying.
    volumes = list(_volumes(answers, days, rng))
    written = 0
    with (
        transaction.atomic(),
        connection.cursor() as cursor,
        cursor.copy(COPY) as copy,
    ):
        for volume in volumes:
            for row in _rows(volume, days, rng):
                copy.write_row(row)
                written += 1
    return written


def _volumes(
    answers: Mapping[int, int], days: list[date], rng: np.random.Generator
) -> Iterator[Volume]:
    known = directory.current()
    offices = Office.objects.none()
    for province in AdministrativeUnit.objects.filter(
        level=AdministrativeUnit.Level.PROVINCE, code=responses.PROVINCE
    ):
        offices |= Office.objects.within(province)
    telling = {office.pk for office, _ in responses.ha_tien()}
    for key in sorted(set(offices.values_list("pk", flat=True))):
        office = known.offices_by_id[key]
        open_days = sum(office.is_open_on(day) for day in days)
        if not open_days:
            continue
        rate = rng.uniform(*(EVERY_DAY if key in telling else NOW_AND_THEN))
        a_day = max(FEWEST, answers.get(key, 0) / rate / open_days)
        fields = sorted({procedure.field_id for procedure in known.procedures(office)})
        if key in telling and fields:
            shares = rng.dirichlet(np.full(len(fields), 2.0))
            yield Volume(office, tuple(fields), tuple(float(a_day * s) for s in shares))
        else:
            yield Volume(office, (None,), (a_day,))


def _rows(volume: Volume, days: list[date], rng: np.random.Generator) -> Iterator[Row]:
    open_on = [day for day in days if volume.office.is_open_on(day)]
    counts = rng.poisson(volume.means, size=(len(open_on), len(volume.means)))
    for day, row in zip(open_on, counts, strict=True):
        for field, finished in zip(volume.fields, row, strict=True):
            yield volume.office.id, day, field, int(finished), True, DossierSource.SIMULATED.value
