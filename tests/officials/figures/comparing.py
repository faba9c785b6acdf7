"""Offices side by side for tests of their comparison, and what its page says."""

import re
from collections.abc import Iterable, Sequence
from datetime import date

from django.test import Client
from django.urls import reverse

from offices.models import AdministrativeUnit, Office, User
from reports.night import steps
from tests import factories

LAST = factories.last_month_end()
GOOD, BAD = [5, 5, 5], [2, 2, 2]
NBSP = "\N{NO-BREAK SPACE}"


def official(unit: AdministrativeUnit) -> User:
    """An official who holds this unit."""
    return factories.official(unit)


def signed_in(unit: AdministrativeUnit) -> Client:
    client = Client()
    client.force_login(official(unit))
    return client


def office_in(
    place: AdministrativeUnit,
    name: str,
    forms: Iterable[tuple[Sequence[int], int]] = (),
    day: date = LAST,
    kind: str = Office.Kind.COMMUNE_CENTRE,
) -> Office:
    """The office of a commune of that name; `forms` are answers and how many people gave them."""
    commune = factories.unit(parent=place, name=name)
    office = factories.office(commune, name=f"Trung tâm {name}", kind=kind)
    answered(office, forms, day)
    return office


def answered(office: Office, forms: Iterable[tuple[Sequence[int], int]], day: date) -> None:
    for answers, people in forms:
        for _ in range(people):
            factories.answer(office, answers, now=factories.at(day))


def address(unit: AdministrativeUnit, **query: str) -> str:
    asked = {"ky": "day", "tu": str(LAST), **query}
    return (
        reverse("officials:compare", args=[unit.pk])
        + "?"
        + "&".join(f"{key}={value}" for key, value in asked.items() if value)
    )


def page(unit: AdministrativeUnit, **query: str) -> str:
    return signed_in(unit).get(address(unit, **query)).content.decode()


def text_of(html: str) -> str:
    """The words of a page, without tags and with single spaces."""
    main = html.split("<main", 1)[1].split("</main>", 1)[0]
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", main).replace(NBSP, " "))


def table_rows(html: str) -> dict[str, str]:
    """The words of each row of the table, by the place's name without its kind, in their order."""
    if '<section class="sheet compared"' not in html:
        return {}
    table = html.split('<section class="sheet compared"', 1)[1].split("</section>", 1)[0]
    rows = re.findall(r"<tr>\s*<th scope=\"row\"(.*?)</tr>", table, re.DOTALL)
    found = {}
    for row in rows:
        visible = re.sub(r'<span class="visually-hidden">.*?</span>', "", row)
        words = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", visible.partition(">")[2]))
        name = re.search(r'<a href="[^"]*">(?:Phường|Tỉnh|Thành phố)? ?([^<]+)</a>', row)
        assert name is not None
        found[name[1]] = words.strip()
    return found


def tiles(html: str) -> dict[str, str]:
    """The class of each tile, by the place's name without its kind."""
    part = html.split('<ul class="tiles"', 1)[1].split("</ul>", 1)[0]
    found = re.findall(r'<a class="tile (\w+)" href="[^"]*">(.*?)</a>', part)
    named = ((re.sub(r"<[^>]+>[^<]*</[^>]+>", "", words).strip(), tier) for tier, words in found)
    return {re.sub(r"^(?:Phường|Tỉnh|Thành phố) ", "", name): tier for name, tier in named}


def close_with_three_offices(province: AdministrativeUnit) -> None:
    """A is really high, C really low, B in between and small."""
    office_in(province, "Alpha", [(GOOD, 40)])
    office_in(province, "Beta", [(GOOD, 8), (BAD, 4)])
    office_in(province, "Gamma", [(GOOD, 12), (BAD, 28)])
    steps.close(LAST)
