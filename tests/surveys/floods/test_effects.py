"""What attacks move once their month is closed: at most a point, and the page says what waits.

`python -m launch.test tests/surveys/floods/test_effects.py -s` prints the table.
"""

import sys
from collections.abc import Callable, Mapping
from datetime import date, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from offices.models import Membership
from reports.models import Difference
from surveys.flags.rules import Flag
from surveys.models import Channel, Response, State
from tests import factories
from tests.surveys.floods.stories import PAST_ENDS, Story, begun, closed_june

pytestmark = pytest.mark.django_db
JUNE, LAST, APRIL = date(2026, 6, 1), date(2026, 6, 25), date(2026, 4, 1)


def by_six_requests(story: Story) -> None:
    """290 open forms that claim days of the past and never opened our page."""
    story.came(LAST, 290, hour=20, flags=Flag.UNSTARTED.value)


def with_hoarded_starts(story: Story) -> None:
    """290 open forms with good starts, all sent in an hour, for each of the last seven days."""
    for back in range(7):
        story.came(LAST - timedelta(days=back), 41, received_on=LAST, hour=20)


def unfinished(story: Story) -> None:
    """400 that nobody finished, over a day."""
    for hour in range(8, 18):
        story.came(LAST, 40, hour=hour, state=State.SETTLED)


def by_file(story: Story) -> None:
    """2,000 in one file."""
    story.came(LAST, 2000, hour=9, flags=Flag.UNSTARTED.value, delivery=2)


def by_a_stolen_tablet(story: Story) -> None:
    """200 within a working day, at an office that never had a tablet."""
    for hour in (9, 10, 14, 15):
        story.came(LAST, 50, hour=hour, channel=Channel.TABLET)


def into_a_closed_month(story: Story) -> None:
    """290 that a device says are of May, which is closed: they would count in the quarter."""
    story.came(date(2026, 5, 29), 290, received_on=LAST, hour=20, delivery=1)


def while_redis_is_paused(story: Story) -> None:
    """450 within two hours: nothing here asks Redis."""
    story.came(LAST, 225, hour=9)
    story.came(LAST, 225, hour=10)


ATTACKS: Mapping[str, Callable[[Story], None]] = {
    attack.__name__: attack
    for attack in (
        by_six_requests,
        with_hoarded_starts,
        unfinished,
        by_file,
        by_a_stolen_tablet,
        into_a_closed_month,
        while_redis_is_paused,
    )
}


def test_no_attack_moves_the_closed_month_by_more_than_a_point(client: Client) -> None:
    with begun(1 + len(ATTACKS)) as (control, *attacked):
        for story in (control, *attacked):
            story.honest(PAST_ENDS + timedelta(days=1), date(2026, 6, 30), seed=2)
        for story, attack in zip(attacked, ATTACKS.values(), strict=True):
            attack(story)
        control.close(LAST)
        with closed_june():
            honest = control.headline("month", JUNE)
            assert honest is not None
            assert 60 < honest < 95
            for story, name in zip(attacked, ATTACKS, strict=True):
                shown = story.headline("month", JUNE)
                assert shown is not None
                held = sum(hold.forms for hold in story.holds())
                everybody = Response.objects.filter(office=story.office, day__gte=JUNE)
                naive = everybody.count()
                sys.stdout.write(
                    f"{name:24} {naive:5} forms, {held:5} aside: {shown - honest:+.2f}\n"
                )
                assert abs(shown - honest) <= 1.0, name
                quarter, usual = (one.headline("quarter", APRIL) or 0.0 for one in (story, control))
                assert abs(quarter - usual) <= 1.0, name
                assert held > 100, name
            assert not control.holds()
            assert not Difference.objects.filter(ended_at=None).exists()
            auditor = factories.official(attacked[0].office.unit.province, Membership.Role.AUDITOR)
            client.force_login(auditor)
            page = client.get(reverse("officials:office", args=[attacked[0].office.slug]))
            assert "phiếu chờ xem xét" in page.content.decode()
