"""`python -m tests.faults.measure`: what people meet when the database restarts; prints JSON.

`--away SECONDS` how long it is gone, `--mode fast|immediate|kill|sessions` how it goes.
"""

import argparse
import json
import tempfile
import threading
from pathlib import Path

from launch import failure
from tests.faults.clients import OFFICE, SURVEY, Client, at_once, finished_form, tally, warm
from tests.faults.system import System, running_system, wait_until


def measure(system: System, mode: str, away: float) -> dict[str, object]:
    """Everything warm, one fault, then what everybody is answered."""
    anybody, official = Client(system), Client(system)
    assert official.sign_in().status == 302
    assert official.get(OFFICE).status == 200
    sessions = warm(system)
    while_away: dict[str, object] = {}
    if mode == "sessions":
        system.terminate_sessions()
    else:
        system.stop_database(mode)
        kept = at_once(60, lambda _: anybody.post(SURVEY, finished_form()), 24)
        health = at_once(4, lambda _: anybody.get("/healthz"), 4)
        if away:
            threading.Event().wait(away)
        while_away = {
            "submissions": tally(kept, lambda answer: answer.status == 503),
            "healthz": tally(health, lambda answer: answer.status == 503),
        }
        system.start_database()
    begin = len(system.said("worker"))
    # in this order: the first to come meets what the fault has left
    submissions = at_once(64, lambda _: anybody.post(SURVEY, finished_form()))
    pages = at_once(32, lambda _: official.get(OFFICE))
    signed_in = at_once(4, lambda _: Client(system).sign_in(), 4)
    health = at_once(32, lambda _: anybody.get("/healthz"))
    wait_until(lambda: sum(system.tasks(begin)) >= 3, "tasks run")
    done, failed = system.tasks(begin)
    return {
        "mode": mode,
        "away_s": away,
        "sessions_before": sessions,
        "while_away": while_away,
        "submissions": tally(submissions, lambda answer: answer.is_receipt),
        "officials_pages": tally(pages, lambda answer: answer.status == 200),
        "sign_ins": tally(signed_in, lambda answer: answer.status == 302),
        "healthz": tally(health, lambda answer: answer.status == 200),
        "tasks": {"asked": done + failed, "failed": failed},
    }


def main() -> int:
    """Prints one JSON object a fault."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--mode", action="append")
    parser.add_argument("--away", type=float, default=0)
    given = parser.parse_args()
    with (
        tempfile.TemporaryDirectory(prefix="hl-") as folder,
        running_system(Path(folder)) as system,
    ):
        for mode in given.mode or ["fast"]:
            print(json.dumps(measure(system, mode, given.away)), flush=True)
    return 0


if __name__ == "__main__":
    failure.run(main)
