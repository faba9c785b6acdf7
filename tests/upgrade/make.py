# mypy: ignore-errors
# The modules that it names move; see below.
"""How the old database was made: `python -m tests.upgrade.make`, with the code of 0.1.0 only.

It stands here to be read, not to be run again: the rows must be those of the code of that time, so
nobody mends it when that code changes. Beside a PostgreSQL 15 at 127.0.0.1:5432 and its `pg_dump`
it needs nothing. All went through the product's own ways in, on days that were fixed; the files
that the test reads are written beside it.
"""

import csv
import gzip
import json
import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import django
import psycopg

from launch.servers import servers
from tests.upgrade.filling import CLOCK, DESKS, HA_TIEN, TO_CHAU, Facts, past, replies, today

HERE = Path(__file__).parent
SERVER = "postgresql://postgres@127.0.0.1:5432/"
NAME = "hailong_old"
SECRET_KEY = "only-for-tests-" + "x" * 50
PASSWORD = "mua-xuan-o-Ha-Tien"


def registry(folder: Path) -> None:
    """All provinces, Hà Tiên on both maps, its offices, counters and successions; procedures."""
    from offices.registry.rows import FOLDER

    def written(name: str, wanted: Callable[[dict[str, str]], bool]) -> list[dict[str, str]]:
        with (FOLDER / name).open(encoding="utf-8", newline="") as file:
            reader = csv.DictReader(file)
            rows = [row for row in reader if wanted(row)]
        with (folder / name).open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, reader.fieldnames or ())
            writer.writeheader()
            writer.writerows(rows)
        return rows

    communes = {"30766", "30769", "30772", "30775", "30778"}

    def ours(code: str) -> bool:
        return code in communes or len(code) == 2 or code == "900"

    written("units.csv", lambda row: ours(row["code"]))
    written("successions.csv", lambda row: ours(row["predecessor"]) and ours(row["successor"]))
    written("designations.csv", lambda row: ours(row["code"]))
    slugs = {HA_TIEN, TO_CHAU, *DESKS, "tinh-kien-giang-2025", "tinh-an-giang-2025"}
    slugs.add("tinh-an-giang")
    written("offices.csv", lambda row: row["slug"] in slugs)
    written("counters.csv", lambda row: row["office"] in slugs)
    written("fields.csv", lambda row: True)
    written("procedures.csv", lambda row: True)


def accounts(facts: Facts) -> dict[str, Any]:
    """Heads of two offices, an officer and an auditor of the province."""
    from offices.models import AdministrativeUnit, Membership, Office, User

    province = AdministrativeUnit.objects.get(code="91", valid_to=None)
    old = AdministrativeUnit.objects.get(code="91", valid_to__isnull=False)
    roles: dict[str, tuple[str, list[Any]]] = {
        "truong-ha-tien": ("office_head", [Office.objects.get(slug=HA_TIEN)]),
        "truong-to-chau": ("office_head", [Office.objects.get(slug=TO_CHAU)]),
        "so-noi-vu": ("provincial_officer", [province, old]),
        "kiem-toan": ("auditor", [province]),
    }
    made = {}
    for name, (role, places) in roles.items():
        made[name] = User.objects.create_user(name, password=PASSWORD)
        for place in places:
            column = "office" if isinstance(place, Office) else "unit"
            Membership.objects.create(user=made[name], role=role, **{column: place})
    facts |= {"password": PASSWORD, "accounts": sorted(made)}
    return made


def shown(facts: Facts) -> None:
    """What officials were shown, and that every release could be computed again."""
    from django.core.management import call_command
    from django.test import Client

    from offices.models import AdministrativeUnit
    from reports.models import Score

    browsers = {name: Client() for name in facts["accounts"]}
    for name, browser in browsers.items():
        browser.cookies["sessionid"] = facts["sessions"][name]
    (HERE / "releases").mkdir(exist_ok=True)
    for slug in facts["releases"]:
        call_command("reproduce", slug)
        answer = browsers["so-noi-vu"].get(f"/bao-cao/cong-bo/{slug}/so-lieu.csv")
        content = gzip.compress(b"".join(answer.streaming_content), 9, mtime=0)
        (HERE / "releases" / f"{slug}.csv.gz").write_bytes(content)
    unit = AdministrativeUnit.objects.get(code="91", valid_to=None).pk
    facts["unit"] = unit
    scores = Score.objects.filter(period="month", start="2026-03-01", closed=True)
    form = scores.filter(instrument__is_default=True)
    facts["pages"] = {}
    for name, address, score in (
        ("truong-ha-tien", f"/bao-cao/co-quan/{HA_TIEN}/", form.get(office__slug=HA_TIEN)),
        ("so-noi-vu", f"/bao-cao/don-vi/{unit}/", form.get(unit=unit, map="today")),
    ):
        figure = f"{100 * score.satisfied / score.answered:.2f}".replace(".", ",")
        query = "?ky=month&tu=2026-03-01&phieu=sipas-2026-services.1"
        answer = browsers[name].get(address + query)
        assert figure in answer.content.decode()
        facts["pages"][name] = {"address": address + query, "figure": figure}


def dump(facts: Facts) -> None:
    """Writes the database as statements that any client can send, and the facts beside it."""
    command = ["pg_dump", "--no-owner", "--no-privileges", "--no-comments", "--rows-per-insert=100"]
    said = subprocess.run([*command, SERVER + NAME], check=True, capture_output=True, text=True)
    # what only psql understands
    lines = [
        line
        for line in said.stdout.splitlines(keepends=True)
        if not line.startswith(("\\restrict", "\\unrestrict"))
    ]
    (HERE / "dump_0.1.0.sql.gz").write_bytes(gzip.compress("".join(lines).encode(), 9, mtime=0))
    said_facts = json.dumps(facts, ensure_ascii=False, indent=2, sort_keys=True)
    (HERE / "facts.json").write_text(said_facts + "\n", encoding="utf-8")


def make() -> None:
    """All of it, in order."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
    django.setup()
    from django.core.management import call_command
    from django.db import connection
    from django.utils import timezone

    timezone.now = lambda: CLOCK.now
    time.time = lambda: CLOCK.now.timestamp()
    call_command("migrate", verbosity=0)
    with tempfile.TemporaryDirectory() as folder:
        registry(Path(folder))
        call_command("load_registry", folder=Path(folder))
    call_command("load_instruments")
    facts: Facts = {"secret_key": SECRET_KEY}
    users = accounts(facts)
    past(facts, users)
    replies(facts, users["truong-ha-tien"])
    today(facts)
    shown(facts)
    connection.close()
    connection.close_pool()
    dump(facts)


def main() -> None:
    """Makes the database anew, fills it, writes it down and drops it."""
    for made in ("keys", "releases"):
        shutil.rmtree(HERE / made, ignore_errors=True)
    with tempfile.TemporaryDirectory() as folder, psycopg.connect(SERVER, autocommit=True) as admin:
        admin.execute(f"DROP DATABASE IF EXISTS {NAME}")
        admin.execute(f"CREATE DATABASE {NAME} TEMPLATE template0 ENCODING 'UTF8'")
        os.environ |= {
            "DATABASE_URL": SERVER + NAME,
            "SECRET_KEY": SECRET_KEY,
            "DEBUG": "1",
            "ALLOWED_HOSTS": "testserver",
            "DIRECTORY_CHECK_SECONDS": "0",
            "INVITATION_KEYS": str(HERE / "keys"),
        }
        with servers(Path(folder), durable=False) as found:
            os.environ |= found
            make()
        admin.execute(f"DROP DATABASE {NAME}")


if __name__ == "__main__":
    main()
