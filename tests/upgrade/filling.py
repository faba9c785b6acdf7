# mypy: ignore-errors
# The modules that it names move; see `make.py`.
"""What `make.py` lets happen in the old database, in the order of its days."""

import re
import tempfile
from datetime import date, datetime, timedelta
from io import StringIO
from random import Random
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from launch.page import Form

CHANCE = Random(2026)
HA_TIEN, TO_CHAU = "phuong-ha-tien", "phuong-to-chau"
DESKS = ("phuong-dong-ho-2025", "phuong-to-chau-2025", "tp-ha-tien-2025")
Facts = dict[str, Any]  # Any: JSON


class Clock:
    """The time, by which everything here was done."""

    now = datetime(2025, 5, 5, 8, tzinfo=ZoneInfo("Asia/Ho_Chi_Minh"))

    def set(self, day: date, hour: int, minute: int = 0) -> None:
        self.now = datetime(day.year, day.month, day.day, hour, minute, tzinfo=self.now.tzinfo)


CLOCK = Clock()


def answers(entry: Any) -> dict[str, int]:  # Any: a questionnaire, as of then
    """What one person says: mostly content, now and then without an opinion."""
    said = {}
    for item in entry.items:
        if item.scale == "satisfaction":
            said[item.code] = CHANCE.choices((5, 4, 3, 2, 9), (35, 40, 12, 8, 5))[0]
        elif item.scale != "box":
            said[item.code] = CHANCE.choice(item.options).value if item.options else 1
    return said


def people(slug: str, first: date, days: int, each: int, **given: Any) -> list[str]:
    """So many people on each of so many days; the codes of their receipts."""
    from offices import directory
    from surveys import catalogue
    from surveys.intake import Submission, submit
    from surveys.models import Channel, Stage

    office = directory.current().office(slug)
    assert office is not None
    form = given.pop("form", None)
    codes = []
    for nth in range(days * each):
        CLOCK.set(first + timedelta(days=nth // each), 8 + nth % each // 8, nth % each % 8 * 7)
        entry = catalogue.current().instrument(form) if form else catalogue.current().default
        assert entry is not None
        fields = {
            "channel": Channel.PHONE,
            "stage": Stage.RECEIVED,
            "procedure": CHANCE.choice(directory.current().procedures(office) or (None,)),
            "counter": office.counters[nth % len(office.counters)] if office.counters else None,
            "seconds": 40.0 + nth,
            **given,
        }
        codes.append(
            submit(
                Submission(
                    id=UUID(int=CHANCE.getrandbits(128), version=4),
                    office=office,
                    instrument=entry,
                    answers=answers(entry),
                    step=3,
                    finished=True,
                    language="vi",
                    **fields,
                )
            ).code
        )
    return codes


def night(day: date) -> None:
    """The night after `day`."""
    from reports import nightly
    from surveys.invitations.destroying import destroy_keys

    CLOCK.set(day + timedelta(days=1), 1, 30)
    run = nightly.close(day)
    assert not run.differences
    destroy_keys()


def past(facts: Facts, users: dict[str, Any]) -> None:
    """A year of answers, nights, releases and a revision."""
    from reports.periods import span_of
    from surveys.overlap import Rule

    from offices.models import AdministrativeUnit, Office
    from reports.models import Period
    from reports.release import publish
    from surveys.exclusions import exclude
    from surveys.models import Channel, Response

    old = AdministrativeUnit.objects.get(code="91", valid_to__isnull=False)
    province = AdministrativeUnit.objects.get(code="91", valid_to=None)
    officer = users["so-noi-vu"]
    for month, each in ((5, 8), (6, 12)):
        for slug in DESKS:
            people(slug, date(2025, month, 12), 2, each)
        night(date(2025, month, 31 if month == 5 else 30))
    CLOCK.set(date(2025, 7, 4), 9)
    slugs = [publish(old, span_of(Period.MONTH, date(2025, 6, 1)), officer).slug]
    for first in (date(2025, 11, 10), date(2026, 1, 12)):
        people(HA_TIEN, first, 2, 13)
        people(TO_CHAU, first, 1, 14)
        people(HA_TIEN, first + timedelta(days=3), 1, 12, channel=Channel.PAPER)
        night(date(first.year, first.month, 31 if first.month == 1 else 30))
    CLOCK.set(date(2026, 2, 5), 9)
    invitations(date(2026, 2, 5), ("H01.77-260205-0001",))
    people(TO_CHAU, date(2026, 3, 9), 2, 15)
    codes = people(HA_TIEN, date(2026, 3, 9), 3, 16)
    people(HA_TIEN, date(2026, 3, 17), 1, 12, form="counter", channel=Channel.TABLET)
    people(HA_TIEN, date(2026, 3, 16), 1, 14, channel=Channel.PAPER)
    people(HA_TIEN, date(2026, 3, 18), 1, 1, remark="Quầy 1 hướng dẫn rất dễ hiểu.")
    facts["receipts"] = {
        "published": people(HA_TIEN, date(2026, 3, 18), 1, 1, remark="Chờ lâu quá, thiếu ghế.")[0],
        "waiting": people(HA_TIEN, date(2026, 3, 19), 1, 1, remark="Bảng điện tử bị hỏng.")[0],
        "contact": people(
            HA_TIEN,
            date(2026, 3, 20),
            1,
            1,
            remark="Xin gọi lại cho tôi về kết quả.",
            contact="0912345678",
        )[0],
        "no remark": codes[0],
    }
    facts["contact"] = "0912345678"
    night(date(2026, 3, 31))
    CLOCK.set(date(2026, 4, 1), 8)
    march, quarter = (span_of(kind, date(2026, 3, 1)) for kind in (Period.MONTH, Period.QUARTER))
    slugs.append(publish(province, march, officer).slug)
    office = Office.objects.get(slug=HA_TIEN)
    day = date(2026, 3, 16)
    exclude(
        Rule(office.pk, day, day, channel=Channel.PAPER),
        "Phiếu giấy do cán bộ ghi hộ, không có chữ ký",
        users["kiem-toan"],
    )
    night(date(2026, 4, 1))
    CLOCK.set(date(2026, 4, 2), 7, 30)
    slugs.append(publish(province, march, officer, "Bỏ phiếu giấy ghi hộ").slug)
    slugs.append(publish(province, quarter, officer).slug)
    facts["releases"] = slugs
    facts["excluded"] = Response.objects.filter(excluded=True).count()
    facts["withdrawn"] = Response.objects.filter(withdrawn=True).count()


def replies(facts: Facts, head: Any) -> None:
    """One remark is answered for everybody, one contact is looked at, one remark waits."""
    from surveys.replies import answer, assign, find, publish

    from surveys import contacts

    remark = {name: find(code) for name, code in facts["receipts"].items()}
    CLOCK.set(date(2026, 4, 2), 8, 10)
    facts["reply"] = "Trung tâm đã kê thêm hai mươi ghế từ ngày 01/4."
    publish(answer(assign(remark["published"], head, head), facts["reply"], head), head)
    contacts.show(remark["contact"], head)


def invitations(day: date, dossiers: tuple[str, ...]) -> list[str]:
    """The paths of the links for these dossiers."""
    from offices import directory
    from surveys.invitations.issuing import checked, issue
    from surveys.models import Stage

    office = directory.current().office(HA_TIEN)
    assert office is not None
    return [
        one.path
        for one in issue(
            [
                checked(
                    office,
                    dossier=code,
                    finished_on=day,
                    stage=Stage.RECEIVED,
                    procedure="1.001193",
                )
                for code in dossiers
            ]
        )
    ]


def walk(path: str, pages: int) -> Form:
    """Answers the first `pages` pages of the form that `path` opens; the page that follows."""
    from django.test import Client

    client = Client()
    page = Form(client.get(path).content.decode())
    for _ in range(pages):
        chosen = {
            name: "4" for name, values in page.offered.items() if "4" in values and "9" in values
        }
        sent = client.post(f"/ks/{HA_TIEN}/", {**page.filled, **chosen})
        assert sent.status_code == 200, sent.content
        page = Form(sent.content.decode())
    return page


def today(facts: Facts) -> None:
    """What stands open on the last day: forms, links, tablets, a key, sealed answers."""
    from django.core.management import call_command
    from django.test import Client
    from reports.closing import closed_through

    from reports import nightly
    from surveys import catalogue
    from surveys.models import Tablet

    day = date(2026, 4, 2)
    CLOCK.set(day, 8, 30)
    dossiers = ("H01.77-260402-0002", "H01.77-260402-0003")
    used, unused = invitations(day, dossiers)
    entry = catalogue.current().default
    assert entry is not None
    pages = len({item.factor_code for item in entry.items})
    walk(used, pages + 1)
    facts["invitations"] = {"used": used, "unused": unused, "dossier": dossiers[1]}
    CLOCK.set(day, 9)
    facts["open form"] = walk(f"/ks/{HA_TIEN}/?quay=1", 2).filled
    # killed before the units were summed: they wait for the next run
    people(HA_TIEN, day, 1, 11)
    office = entry_id(HA_TIEN)
    nightly.count_office(office, closed_through())
    CLOCK.set(day, 9, 40)
    with tempfile.NamedTemporaryFile("w", suffix=".csv") as file:
        file.write("office,day,field,finished\nphuong-ha-tien,2026-03-10,ho-tich,41\n")
        file.flush()
        call_command("import_dossiers", file.name)
    said = StringIO()
    call_command("make_integration", "Cổng dịch vụ công", "91", stdout=said)
    facts["integration"] = said.getvalue().split()[-1]
    browsers = {}
    for name in facts["accounts"]:
        browsers[name] = Client()
        sent = {"username": name, "password": facts["password"]}
        assert browsers[name].post("/dang-nhap/", sent).status_code == 302
    facts["sessions"] = {name: one.cookies["sessionid"].value for name, one in browsers.items()}
    CLOCK.set(day, 9, 50)
    address = f"/bao-cao/co-quan/{HA_TIEN}/may-tinh-bang/"
    for name in ("Quầy 1", "Quầy 2"):
        said_page = browsers["truong-ha-tien"].post(
            address, {"name": name, "form": "counter", "counter": ""}
        )
        found = re.search(r"[A-Z2-9]{4}-[A-Z2-9]{4}", said_page.content.decode())
        assert found is not None
        code = found[0]
        facts["pairing code"] = code
        if name == "Quầy 1":
            paired = Client().post(
                "/ks/may-tinh-bang/ghep/", {"code": code}, content_type="application/json"
            )
            facts["tablet"] = paired.json()["token"]
    assert Tablet.objects.count() == 2
    sealed(facts)
    people(TO_CHAU, day, 1, 1)
    CLOCK.set(day, 9, 55)
    facts["now"] = CLOCK.now.isoformat()


def entry_id(slug: str) -> int:
    """The office's key."""
    from offices.models import Office

    return Office.objects.get(slug=slug).pk


def sealed(facts: Facts) -> None:
    """Answers that wait on a tablet and on phones."""
    from surveys.delivery.sealing import seal

    record = {
        "v": 2,
        "office": HA_TIEN,
        "form": "counter.1",
        "step": 7,
        "finished": True,
        "channel": "phone",
        "answers": {"O1": 4},
        "language": "vi",
        "at": round(CLOCK.now.timestamp() * 1000),
        "took": 30,
        "stage": 1,
        "respondent": 1,
        "procedure": "",
        "remark": "",
        "counter": None,
    }
    kinds = {
        "tablet": {"channel": "tablet", "tablet": facts["tablet"]},
        "phone": {},
        "file": {"channel": "tablet", "tablet": facts["tablet"]},
    }
    facts["sealed"] = {}
    for name, given in kinds.items():
        key = str(UUID(int=CHANCE.getrandbits(128), version=4))
        facts["sealed"][name] = {"id": key, "envelope": seal({**record, **given, "id": key})}
