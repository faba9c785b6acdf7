"""The yearly report on security: in Vietnamese, numbers only, honest about what is unknown."""

import json
from datetime import timedelta
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone
from pytest_django import Settings

from audit.chain import seal
from audit.heads import Head, append
from audit.models import Link
from audit.recording import Outcome, record
from offices.models import Membership
from officials.security_report import TO_FILL_IN
from tests import factories
from tests.walk.words import english

pytestmark = pytest.mark.django_db
# Names of settings, programs, acts and roles of the database that stand in it as they are.
NAMES = frozenset(
    (
        *("SECRET", "KEY", "CONTACT", "KEYS", "pip", "audit", "json", "requirements", "run", "txt"),
        *("holes", "signin", "failed", "hailong", "Python", "numpy", "commit", "django", "allauth"),
        *("Django", "psycopg", "celery", "cryptography", "granian", "TLS", "http", "testserver"),
    )
)


def reported(*arguments: str) -> str:
    """What the command prints."""
    out = StringIO()
    call_command("security_report", *arguments, stdout=out)
    return out.getvalue()


def test_it_counts_accounts_roles_failures_and_says_who_has_been_away() -> None:
    office = factories.office()
    head = factories.user("lan", is_staff=True)
    Membership.objects.create(user=head, office=office, role=Membership.Role.OFFICE_HEAD)
    away = factories.user("mai")
    away.last_login = timezone.now() - timedelta(days=46)
    away.save()
    factories.user("tam", is_active=False)
    for _nth in range(3):
        record("signin.failed", subject="lan", outcome=Outcome.FAILED)
    text = reported()
    for line in (
        "| tài khoản đang hoạt động | 2 |",
        "| tài khoản đã khóa | 1 |",
        "| còn mở dù 45 ngày không sử dụng | 1 |",
        "| được vào trang quản trị của đơn vị vận hành | 1 |",
        "| tài khoản đang hoạt động nhưng chưa có vai trò | 1 |",
        "| trong đó: không thành công | 3 |",
    ):
        assert line in text
    assert f"| {Membership.Role.OFFICE_HEAD.label} | 1 |" in text
    assert "`signin.failed`" in text
    assert " 3 |" in next(line for line in text.splitlines() if "signin.failed" in line)
    assert "lan" not in text.split()
    assert text.count(TO_FILL_IN) >= 8


def test_it_is_in_vietnamese() -> None:
    record("signin.failed", outcome=Outcome.FAILED)
    text = reported()
    # what roles and outcomes are called is their own rooms' matter
    for label in (*Membership.Role.labels, *Outcome.labels):
        text = text.replace(str(label), "")
    assert [line for line in text.splitlines() if english(line, NAMES)] == []


def test_only_the_days_asked_for_are_counted() -> None:
    record("signin.failed", outcome=Outcome.FAILED)
    assert "signin.failed" not in reported("--from", "2020-01-01", "--to", "2020-12-31")
    with pytest.raises(CommandError, match="comes after"):
        reported("--from", "2020-12-31", "--to", "2020-01-01")


def test_known_holes_are_told_and_their_absence_is_never_claimed(tmp_path: Path) -> None:
    assert "CHƯA kiểm tra lỗ hổng đã biết" in reported()
    result = tmp_path / "holes.json"
    hole = {"id": "PYSEC-2026-1", "fix_versions": ["2.0"]}
    result.write_text(
        json.dumps(
            {
                "dependencies": [
                    {"name": "django", "version": "5.2.19", "vulns": []},
                    {"name": "redis", "version": "1.0", "vulns": [hole]},
                    {"name": "vine", "version": "1.0", "skip_reason": "unknown"},
                ]
            }
        )
    )
    text = reported("--holes", str(result))
    assert "Số gói đã kiểm tra: 2; chưa kiểm tra được: 1; lỗ hổng đã biết: 1." in text
    assert "redis 1.0: PYSEC-2026-1" in text
    assert "CHƯA" not in text


@pytest.mark.parametrize("content", ["", "[]", '{"dependencies": 1}', '{"dependencies": [{}]}'])
def test_another_file_is_refused_with_a_sentence(tmp_path: Path, content: str) -> None:
    other = tmp_path / "other.json"
    other.write_text(content)
    with pytest.raises(CommandError, match="pip-audit"):
        reported("--holes", str(other))


def test_a_day_is_written_as_a_day() -> None:
    with pytest.raises(CommandError, match="write it as 2026-12-31"):
        reported("--from", "31/12/2026")


def test_the_chain_is_verified_against_the_heads_that_the_nights_wrote(settings: Settings) -> None:
    record("signin.failed", outcome=Outcome.FAILED)
    seal()
    link = Link.objects.latest("seq")
    day = timezone.localdate() - timedelta(2)  # a night writes of days that are over
    head = Head(day.isoformat(), link.seq, bytes(link.hash).hex(), timezone.now().isoformat())
    append(settings.AUDIT_HEADS, head)
    assert "1 mã đầu chuỗi trong tệp, chỗ đứt: 0" in reported()
    other = Head((day + timedelta(1)).isoformat(), link.seq, "00" * 32, head.at)
    append(settings.AUDIT_HEADS, other)
    assert "2 mã đầu chuỗi trong tệp, chỗ đứt: 1" in reported()
