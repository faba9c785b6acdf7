"""A real worker sends what an office asked for, each message once."""

from pathlib import Path

import pytest
from django.utils import timezone
from pytest_django.fixtures import Settings

from surveys.invitations.feed import Fed, take_dossiers
from surveys.invitations.inviting import ask, progress
from surveys.models import Stage
from surveys.tasks import send_invitations
from tests import factories
from tests.worker.process import running_worker, wait_until

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
