"""A real worker sends what an office asked for, each message once."""

import re
from pathlib import Path
from uuid import uuid4

import pytest
from django.utils import timezone
from pytest_django.fixtures import Settings

from offices import directory
from surveys.invitations import mailing
from surveys.invitations.feed import Fed, take_dossiers
from surveys.invitations.inviting import ask, progress
from surveys.invitations.listing import read_list
from surveys.models import Mailing, Stage
from surveys.tasks import send_invitations
from tests import factories
from tests.worker.process import Worker, running_worker, wait_until

pytestmark = [pytest.mark.worker, pytest.mark.django_db(transaction=True)]
TODAY = timezone.localdate()
MESSAGES = 5


def test_a_worker_sends_what_was_asked_for(settings: Settings, tmp_path: Path) -> None:
    settings.INVITATION_KEYS = tmp_path / "keys"
    office = factories.office()
    offices = type(office).objects.filter(pk=office.pk)
    fed = [
        Fed(
            office.slug,
            f"H15.50.05.13-{TODAY:%y}0108-{n:04}",
            TODAY,
            Stage.RECEIVED,
            contact=f"091234560{n}",
        )
        for n in range(MESSAGES)
    ]
    assert take_dossiers(fed, b"", "Cổng", offices).contacts == MESSAGES
    given = {
        "INVITATION_KEYS": str(settings.INVITATION_KEYS),
        "INVITATION_HOURS": "0:00-23:59",
        "SMS_GATEWAY": "surveys.messages.ConsoleSms",
        "SECRET_KEY": settings.SECRET_KEY,
    }
    with running_worker(tmp_path, **given) as worker:
        assert ask(office.pk) == MESSAGES
        for _ in range(3):  # pressed thrice
            send_invitations.apply_async(queue=worker.queue)
        wait_until(lambda: progress(office.pk, TODAY).sent == MESSAGES, worker)
        text = worker.log.read_text()
        assert text.count("would have been sent") == MESSAGES
        assert "091234560" not in text
        assert "/m/" not in text


CARRIER = '''
import os
from threading import Event
from pathlib import Path

class Slow:
    """Notes each number in a file, then takes its time; so a worker is killed in the middle."""

    def send(self, number, text):
        told = Path(os.environ["CARRIER"])
        with told.open("a") as file:
            file.write(f"{number} ")
        while number == "+84912345602" and not (told.parent / "go on").exists():
            Event().wait(0.05)
'''


def ended(worker: Worker) -> int:
    """How many runs have ended."""
    return len(re.findall(r"send_invitations\[\S+\] succeeded", worker.log.read_text()))


def test_a_worker_that_is_killed_in_the_middle_sends_the_rest_once_and_says_what_is_unknown(
    settings: Settings, tmp_path: Path
) -> None:
    settings.INVITATION_KEYS = tmp_path / "keys"
    office = factories.office()
    rows = [f"H15.50.05.13-{TODAY:%y}0108-{n:04};{TODAY};091234560{n}" for n in range(MESSAGES)]
    text = "\n".join(["Mã hồ sơ;Ngày kết thúc;Liên hệ", *rows])
    entry = directory.current().office(office.slug)
    assert entry is not None
    listed = read_list(text.encode(), entry, TODAY).listed
    (tmp_path / "carrier.py").write_text(CARRIER)
    told = tmp_path / "told"
    given = {
        "INVITATION_KEYS": str(settings.INVITATION_KEYS),
        "INVITATION_HOURS": "0:00-23:59",
        "SMS_GATEWAY": "carrier.Slow",
        "CARRIER": str(told),
        "PYTHONPATH": str(tmp_path),
        "SECRET_KEY": settings.SECRET_KEY,
    }

    def numbers() -> list[str]:
        return told.read_text().split() if told.exists() else []

    with running_worker(tmp_path, **given) as worker:
        key = uuid4()
        for _ in range(2):  # pressed twice
            mailing.start(key, office.pk, listed)
        for _ in range(2):
            send_invitations.apply_async(queue=worker.queue)
        # the other process goes on beside the one that waits
        wait_until(lambda: len(numbers()) == MESSAGES, worker)
        wait_until(lambda: Mailing.objects.get().sent == MESSAGES - 1, worker)
        worker.kill()
        before = ended(worker)
        worker.restart()
        (tmp_path / "go on").touch()
        send_invitations.apply_async(queue=worker.queue)
        wait_until(lambda: ended(worker) > before, worker)
        (one,) = mailing.progress(office.pk)
        assert [(line.line, line.contact) for line in one.unknown] == [(4, "091…02")]
        assert (one.mailing.sent, one.waiting, one.again) == (MESSAGES - 1, 0, 0)
        assert sorted(numbers()) == [f"+8491234560{n}" for n in range(MESSAGES)]
        assert "091234560" not in worker.log.read_text()
        assert "8491234560" not in worker.log.read_text()
