"""Each night verifies the audit and adds a line to the file of heads; what was changed is loud."""

import json
import logging
from datetime import timedelta
from pathlib import Path

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from audit import chain, heads
from audit.models import Entry, Link, Recurrence
from audit.recording import record
from audit.recurring import record_sparingly
from reports.models import Night, NightStep
from reports.night import nights, steps
from reports.night.auditing import audit
from reports.night.watching import has_audit_failed
from reports.tasks import tick
from tests.audit.tampering import past_the_triggers

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _nothing_is_written(db: None) -> None:
    past_the_triggers(
        *(f"DELETE FROM audit_{table}" for table in ("link", "entry", "waiting", "recurrence"))
    )


def night(days_ago: int = 1) -> Night:
    return nights.start(timezone.localdate() - timedelta(days=days_ago))


def step_of(made: Night) -> NightStep:
    return made.steps.get(name=NightStep.Name.AUDIT)


def lines(settings: Settings) -> list[str]:
    path: Path = settings.AUDIT_HEADS / heads.NAME
    return path.read_text().splitlines()


def test_a_night_links_what_waits_and_writes_the_head_of_its_day(settings: Settings) -> None:
    record("office.changed")
    made = night()
    list(steps.run_all(made))
    assert step_of(made).state == NightStep.State.DONE
    (line,) = lines(settings)
    head = json.loads(line)
    link = Link.objects.get(seq=head["seq"])
    assert head["day"] == made.day.isoformat()
    assert head["hash"] == bytes(link.hash).hex()
    assert Entry.objects.get(action="head.written").subject == head["day"]
    assert step_of(made).result["heads"] == 0


def test_the_same_night_again_adds_no_second_head(settings: Settings) -> None:
    record("office.changed")
    made = night()
    audit(made, lambda: None)
    audit(made, lambda: None)
    assert len(lines(settings)) == 1
    audit(night(0 + 1), lambda: None)
    assert len(lines(settings)) == 1


def test_where_the_file_cannot_be_written_nothing_says_that_it_was(settings: Settings) -> None:
    settings.AUDIT_HEADS.parent.joinpath("audit-heads").write_text("a file, and no folder")
    record("office.changed")
    with pytest.raises(OSError, match="audit-heads"):
        audit(night(), lambda: None)
    assert not Entry.objects.filter(action="head.written").exists()


def test_a_change_past_the_triggers_is_loud_until_somebody_answers_for_it(
    settings: Settings, client: Client, caplog: pytest.LogCaptureFixture
) -> None:
    record("office.changed")
    chain.seal()
    past_the_triggers("UPDATE audit_entry SET account = 'somebody'")
    made = night()
    list(steps.run_all(made))
    assert step_of(made).state == NightStep.State.FAILED
    assert "hash:1" in step_of(made).last_error
    assert any("hash:1" in line.message for line in caplog.records if line.levelno == logging.ERROR)
    assert not (settings.AUDIT_HEADS / heads.NAME).exists()
    assert has_audit_failed()
    answer = client.get("/readyz")
    assert (answer.status_code, b"audit_verify" in answer.content) == (503, True)
    nights.try_again(step_of(made))
    assert has_audit_failed()  # until it has succeeded
    record("break.accepted", subject=step_of(made).last_error.split(": ")[1])
    list(steps.run_all(made))
    assert step_of(made).state == NightStep.State.DONE
    assert step_of(made).result["accepted"] == 1
    assert not has_audit_failed()


def test_what_was_counted_is_summed_up(settings: Settings) -> None:
    record_sparingly("api.used", most=1, subject="Cổng")
    Recurrence.objects.update(day=timezone.localdate() - timedelta(days=1))
    audit(night(), lambda: None)
    assert Entry.objects.filter(action="api.used").count() == 2


def test_a_tick_links_what_a_killed_process_left() -> None:
    record("office.changed")
    assert not Link.objects.exists()
    tick()
    assert Link.objects.count() == 1
