"""What a tablet tells of itself with its heartbeat, in a real Chromium."""

import re
from typing import cast

import pytest

from surveys.questionnaires.load import load_instruments
from tests import factories
from tests.browser.device import answer_all, finish, next_person, pair
from tests.browser.survey import Open

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("always_open"),
]


def test_it_tells_its_battery_and_by_days_whether_answers_wait_for_long(tablet: Open) -> None:
    load_instruments()
    paired = tablet()
    pair(paired, factories.office())
    paired.evaluate("void (navigator.getBattery = async () => ({ level: 0.123, charging: false }))")
    paired.context.set_offline(True)
    answer_all(paired)
    finish(paired)
    next_person(paired)

    def told() -> dict[str, object]:
        with paired.expect_request(re.compile("nhip")) as beat:
            paired.clock.run_for(300_000)
        return cast(dict[str, object], beat.value.post_data_json)

    said = told()
    assert (said["battery"], said["charging"], said["waits_long"]) == (12, False, False)
    paired.evaluate("void (navigator.getBattery = undefined)")
    paired.clock.fast_forward("24:00:00")
    said = told()
    assert (said["battery"], said["charging"], said["waits_long"]) == (None, None, False)
    paired.evaluate("void (navigator.getBattery = async () => { throw new Error('none') })")
    paired.clock.fast_forward("24:00:00")
    said = told()
    assert (said["battery"], said["charging"], said["waits_long"]) == (None, None, True)
    paired.evaluate("void (navigator.getBattery = () => new Promise(() => {}))")
    assert told()["battery"] is None, "a browser that never answers keeps no heartbeat back"
