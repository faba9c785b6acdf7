"""A province to measure in: its centre, 100 communes with an office each, 40 procedures."""

import argparse
from datetime import date
from time import perf_counter
from typing import Self

from demo.simulation import Plan, make_plan, spread_wishes
from offices import directory
from offices.models import AdministrativeUnit, Field, Office, Procedure
from surveys.questionnaires import catalogue
from surveys.questionnaires.catalogue import InstrumentEntry

BEGIN = date(2025, 1, 1)
END = date(2026, 6, 30)
COMMUNES = 100
FIELDS = ("Chứng thực", "Hộ tịch", "Đất đai", "Bảo trợ xã hội")
PROCEDURES_IN_A_FIELD = 10
Level = AdministrativeUnit.Level


def how_many(default: int) -> int:
    """The number of responses from the command line."""
    parser = argparse.ArgumentParser()
    parser.add_argument("responses", type=int, nargs="?", default=default, help="how many")
    responses: int = parser.parse_args().responses
    if responses < 1:
        parser.error("at least 1 response is needed")
    return responses


def instrument() -> InstrumentEntry:
    """The default questionnaire."""
    found = catalogue.current().default
    if found is None:
        raise LookupError("there is no default questionnaire")
    return found


def build(communes: int = COMMUNES) -> None:
    """Makes the province, with so many communes."""
    country = AdministrativeUnit.objects.create(
        level=Level.COUNTRY, code="VN", kind="nước", name="Việt Nam", valid_from=BEGIN
    )
    province = AdministrativeUnit.objects.create(
        level=Level.PROVINCE, code="91", kind="tỉnh", name="Đo", valid_from=BEGIN, parent=country
    )
    _office(province, "centre", Office.Kind.PROVINCIAL_CENTRE)
    for number in range(communes):
        commune = AdministrativeUnit.objects.create(
            level=Level.COMMUNE,
            code=f"{number:05}",
            kind="xã",
            name=f"Số {number}",
            valid_from=BEGIN,
            parent=province,
        )
        _office(commune, f"commune-{number}", Office.Kind.COMMUNE_CENTRE)
    for rank, name in enumerate(FIELDS):
        field = Field.objects.create(slug=f"field-{rank}", name=name)
        for number in range(PROCEDURES_IN_A_FIELD):
            Procedure.objects.create(
                code=f"{rank + 1}.{number:06}",
                name=f"Thủ tục {number}",
                field=field,
                levels="commune,province",
            )


def plan(first: date = BEGIN, last: date = END, seed: int = 1) -> Plan:
    """All offices, for a year and a half unless other days are named."""
    known = directory.current()
    wishes = spread_wishes(known.offices.values(), 0.83, seed)
    return make_plan(wishes, first, last, instrument(), known, seed)


def _office(unit: AdministrativeUnit, slug: str, kind: str) -> None:
    Office.objects.create(
        slug=slug, name=slug, kind=kind, unit=unit, today_unit=unit, valid_from=BEGIN
    )


class Stopwatch:
    """`with Stopwatch() as watch: …`, then `watch.seconds`."""

    seconds = 0.0

    def __enter__(self) -> Self:
        self.begin = perf_counter()
        return self

    def __exit__(self, *raised: object) -> None:
        self.seconds = perf_counter() - self.begin
