"""A database with one of everything, walked once for all tests."""

import shutil
import time
from collections.abc import Iterator
from datetime import date

import pytest
from django.conf import settings as django_settings
from django.contrib.auth.models import Group
from django.test import Client, override_settings
from django.utils import timezone
from pytest_django import DjangoDbBlocker

from offices import directory
from offices.dossiers.entering import Entering
from offices.dossiers.proposing import propose_file
from offices.dossiers.store import import_dossiers
from offices.models import DossierSource, Membership, Office, User
from offices.proposals import refuse
from officials.figures.elsewhere import published
from reports.counting.layouts import instrument_of, layout_of
from reports.counting.stored import deflate_opened, inflate
from reports.models import Plan, PublicRelease, Release, Score
from reports.sipas.hiding.columns import columns, take
from surveys.citizen.finding import listed_offices
from surveys.models import Instrument
from surveys.questionnaires import catalogue
from tests.upgrade.conftest import old, that_day, unchanged
from tests.upgrade.old import FACTS, HA_TIEN, HERE, NOW, Old, signed_in
from tests.walk.administering import COUNTRY, administer

__all__ = ["COUNTRY", "old", "that_day", "unchanged"]
ADMINISTRATOR = "quan-tri"
NOBODY = "khong-quyen"
DOSSIERS = """Cơ quan,Ngày,Lĩnh vực,Số hồ sơ đã giải quyết
phuong-ha-tien,09/03/2026,ho-tich,120
phuong-to-chau,09/03/2026,ho-tich,80
"""
FAST = "django.contrib.auth.hashers.MD5PasswordHasher"


@pytest.fixture(scope="module")
def filled(
    old: Old, tmp_path_factory: pytest.TempPathFactory, django_db_blocker: DjangoDbBlocker
) -> Iterator[None]:
    """The day on which the old database was written down, and an administrator."""
    keys = tmp_path_factory.mktemp("walk") / "keys"
    shutil.copytree(HERE / "keys", keys)
    keys.chmod(0o700)
    for kept in (listed_offices, published):
        kept.cache_clear()  # so that the walk sees its template, whatever ran before
    settings = {
        "INVITATION_KEYS": keys,
        "SECRET_KEY": FACTS["secret_key"],
        "DIRECTORY_CHECK_SECONDS": 0,
        "PASSWORD_HASHERS": [FAST, *django_settings.PASSWORD_HASHERS],
    }
    with (
        override_settings(**settings),
        pytest.MonkeyPatch.context() as patched,
        django_db_blocker.unblock(),
    ):
        patched.setattr(timezone, "now", lambda: NOW)
        patched.setattr(time, "time", NOW.timestamp)
        if not User.objects.filter(username=ADMINISTRATOR).exists():
            User.objects.create_superuser(ADMINISTRATOR, last_name="Nguyễn Thị An")
            User.objects.create_user(NOBODY)
            Group.objects.create(name="Tổ biên tập")
            import_dossiers(
                DOSSIERS.encode(),
                Office.objects.all(),
                timezone.localdate(),
                Entering(DossierSource.ABOVE, {}),
            )
            _propose()
            _open_what_is_closed()
            _plan()
            _make_public()
            administer()
            # the old counter's form is asked by page; its newer version one question a screen
            today = timezone.localdate()
            counter = Instrument.objects.filter(slug="counter")
            counter.update(one_by_one_since=today, stage_first_since=today)
        directory.current()
        catalogue.current()
        with override_settings(DIRECTORY_CHECK_SECONDS=3600):  # nothing changes any more
            yield


def _open_what_is_closed() -> None:
    """Factors and criteria of the closed quarter: the old database was made before any opened.

    Its figures are simulated from now on, so that pages say so.
    """
    for score in Score.objects.filter(period="quarter", start=date(2026, 1, 1), closed=True):
        layout = layout_of(instrument_of(score.instrument_id))
        told = take(inflate(layout, score.sums), columns(layout))
        Score.objects.filter(pk=score.pk).update(opened=deflate_opened(told), simulated=True)


def _make_public() -> None:
    """Every release of the old database, the revised one as well."""
    for one in Release.objects.filter(public=None):
        PublicRelease.objects.create(release=one, made_at=NOW)


def _plan() -> None:
    """A plan that was measured again, as it stands beside its criterion."""
    entry, owner = catalogue.current().default, User.objects.order_by("pk").first()
    assert entry is not None
    assert owner is not None
    Plan.objects.create(
        office=Office.objects.get(slug=HA_TIEN),
        instrument_id=entry.id,
        code="A1",
        period="month",
        start=date(2025, 12, 1),
        text="Mở thêm một quầy",
        owner=owner,
        made_by=owner,
        due_on=date(2026, 1, 5),
        made_on=date(2025, 12, 20),
        state="done",
        done_on=date(2026, 1, 5),
        measured_on=date(2026, 3, 9),
        measured_start=date(2026, 2, 1),
        was=50,
        now=60,
        low=2.0,
        high=18.0,
        verdict=1,
    )


def _propose() -> None:
    """One proposal that waits, and one that was refused."""
    province = Office.objects.get(slug=HA_TIEN).today_unit.province
    one, other = (User.objects.create_user(name) for name in ("de-nghi", "duyet"))
    for user in (one, other):
        role = Membership.Role.PROVINCIAL_OFFICER
        Membership.objects.create(user=user, unit=province, role=role)
    for day, decided in ((10, False), (11, True)):
        text = f"Cơ quan,Ngày,Số hồ sơ đã giải quyết\n{HA_TIEN},{day}/03/2026,7\n"
        why = "Đếm trùng ở quầy số 2"
        made = propose_file(text.encode(), Office.objects.all(), one, why)
        if decided:
            refuse(made, other, why)


def browser(role: str) -> Client:
    """The browser of somebody with this role; nobody's where it is empty."""
    if not role:
        return Client()
    if role in FACTS["accounts"]:
        return signed_in(role)
    client = Client()
    client.force_login(User.objects.get(username=role))
    return client
