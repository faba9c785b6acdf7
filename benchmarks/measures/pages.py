"""What the officials' pages and the citizens' list cost, at the country's 3,355 offices.

    python -m benchmarks pages 3000000

Three months of responses are loaded, counted and closed by the product's own nights; then each
page is asked for by whoever reads it. Of each: CPU milliseconds of the process that answers, the
median and the 95th percentile of what the reader waits, statements (and those of the first request
too, which also notes that somebody looked), bytes, and bytes compressed as they travel. In one
process, one reader at a time, without a web server before it; the floor is the smallest page (the
sign-in) in the same run. Figures are stored: a page depends on how many places have some, which
nearly all do from 300,000 responses on. So many are loaded unless another number is given.
"""

import gzip
import json
import statistics
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from benchmarks.measures import province
from benchmarks.measures.country import FIRST, LAST, build
from config.settling import settle
from demo.simulation import load
from offices.models import AdministrativeUnit, Membership, Office
from reports.night import steps

WARM, TIMES = 3, 20
CLOSES = date(2026, 10, 9)  # the night that closes September and the quarter
MONTH = "?ky=month&tu=2026-09-01"
Role = Membership.Role


@dataclass(frozen=True, slots=True)
class Page:
    """A page, and who reads it; None: somebody without an account."""

    name: str
    address: str
    reader: Client | None = None


def pages() -> Iterator[Page]:
    """The floor first, then those of a country, a province and an office."""
    country = AdministrativeUnit.objects.get(level=AdministrativeUnit.Level.COUNTRY)
    middle = AdministrativeUnit.objects.filter(level=AdministrativeUnit.Level.PROVINCE)[0]
    office = Office.objects.filter(unit__parent=middle).order_by("slug")[0]
    yield Page("sign-in (floor)", "/dang-nhap/")
    yield Page("citizens' list", "/ks/")
    yield Page("citizens' form", f"/ks/{office.slug}/")
    nation = _reader("nation", Role.COUNTRY_OFFICER, unit=country)
    yield Page("country", f"/bao-cao/don-vi/{country.pk}/{MONTH}", nation)
    yield Page("country: comparison", f"/bao-cao/don-vi/{country.pk}/so-sanh/{MONTH}", nation)
    yield Page("country: today", "/bao-cao/", nation)
    officer = _reader("officer", Role.PROVINCIAL_OFFICER, unit=middle)
    for name, path in {
        "province": "",
        "province: comparison": "so-sanh/",
        "province: collecting": "tien-do/",
        "province: remarks": "gop-y/",
        "province: reports": "bao-cao/",
    }.items():
        yield Page(name, f"/bao-cao/don-vi/{middle.pk}/{path}{MONTH}", officer)
    yield Page("province: today", "/bao-cao/", officer)
    auditor = _reader("auditor", Role.AUDITOR, unit=middle)
    yield Page("province: inspection", f"/bao-cao/don-vi/{middle.pk}/kiem-tra/", auditor)
    head = _reader("head", Role.OFFICE_HEAD, office=office)
    code = next(i.code for i in province.instrument().items if i.scale == "satisfaction")
    for name, path in {
        "office": "",
        "office: criterion": f"tieu-chi/{code}/",
        "office: comparison": "so-sanh/",
        "office: collecting": "tien-do/",
        "office: remarks": "gop-y/",
    }.items():
        yield Page(name, f"/bao-cao/co-quan/{office.slug}/{path}{MONTH}", head)
    yield Page("office: today", "/bao-cao/", head)


def _browser() -> Client:
    return Client(HTTP_ACCEPT_LANGUAGE="vi", SERVER_NAME="localhost")


def _reader(name: str, role: str, **place: object) -> Client:
    user = get_user_model().objects.create_user(name)
    Membership.objects.create(user=user, role=role, **place)
    client = _browser()
    client.force_login(user)
    return client


def _statements(client: Client, page: Page) -> tuple[int, bytes]:
    """How many a request costs, and its page. Raises AssertionError unless it is answered."""
    with CaptureQueriesContext(connection) as captured:
        answer = client.get(page.address)
    assert answer.status_code == 200, (page.address, answer.status_code)
    return len(captured), answer.content  # the next request empties what was captured


def cost(page: Page) -> dict[str, object]:
    """The page's figures; raises as `_statements`."""
    client = page.reader or _browser()
    first, _page = _statements(client, page)
    for _ in range(WARM):
        client.get(page.address)
    statements, body = _statements(client, page)
    waits, began = [], time.process_time()
    for _ in range(TIMES):
        since = time.perf_counter()
        client.get(page.address)
        waits.append((time.perf_counter() - since) * 1000)
    spent = (time.process_time() - began) * 1000 / TIMES
    return {
        "cpu_ms": round(spent, 1),
        "p50_ms": round(statistics.median(waits), 1),
        "p95_ms": round(statistics.quantiles(waits, n=20)[-1], 1),
        "statements": statements,
        "statements_at_first": first,
        "kb": round(len(body) / 1000, 1),
        "kb_compressed": round(len(gzip.compress(body, 6)) / 1000, 1),
    }


def measure(responses: int) -> dict[str, object]:
    """Builds, loads, counts and closes; then asks for each page."""
    call_command("collectstatic", interactive=False, verbosity=0)
    build()
    load(province.plan(FIRST, LAST), responses, seed=1)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE surveys_response")
    began = time.perf_counter()
    steps.count_marked()
    steps.close(CLOSES)
    closed = round(time.perf_counter() - began)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    settle()  # as every web process does
    return {
        "responses": responses,
        "counted_and_closed_s": closed,
        "pages": {page.name: cost(page) for page in pages()},
    }


if __name__ == "__main__":
    import django

    django.setup()
    print(json.dumps({"benchmark": "pages", **measure(province.how_many(300_000))}, indent=1))
