"""What the demonstration's closed periods show of what enough people answered, in percent.

    python -m benchmarks utility_demo

Loads the registry and the demonstration's responses, closes yesterday, and reads the scores. Who
answered is counted from the responses themselves. Of the figures of a closed office-month, quarter
or year that at least 2k people answered: how many are shown; `headline`, `factors`, `criteria`,
and `seldom`: factors that at most a fifth of the people answered.
"""

import json
from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta

import numpy as np
from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from demo.responses import load_responses
from reports.counting.layouts import instrument_of, layout_of
from reports.counting.policy import POLICY
from reports.counting.stored import inflate_opened
from reports.models import Period, Score
from reports.night import steps
from reports.sipas.counts.layout import Layout
from surveys.models.standing import STANDING

K = POLICY.batch
PERIODS = (Period.MONTH, Period.QUARTER, Period.YEAR)
SELDOM = 0.2  # of the people
Key = tuple[int, int, date]  # office, questionnaire, first day

ANSWERS = f"""
SELECT office_id, instrument_id, date_trunc(%s, day)::date, string_agg(answers, ''::bytea)
FROM surveys_response WHERE {STANDING} AND NOT excluded GROUP BY 1, 2, 3
"""


def answering(layout: Layout, answers: bytes) -> tuple[int, dict[str, int]]:
    """How many people answered anything that counts, and each factor and criterion, by column."""
    packed = np.frombuffer(answers, np.uint8).reshape(-1, layout.n_items)
    valid = np.isin(packed, sorted(layout.valid))
    found = {
        f"f:{part}": int(valid[:, indices].any(axis=1).sum())
        for part, indices in layout.parts.items()
    }
    found |= {f"i:{layout.items[i].code}": int(valid[:, i].sum()) for i in layout.criteria.tolist()}
    return int(layout.anchored(packed).sum()), found


def figures(period: Period) -> Iterator[tuple[str, bool]]:
    """Kind, and whether it is shown, of what 2k people answered in closed periods of offices."""
    closed: dict[Key, Score] = {
        (score.office_id or 0, score.instrument_id, score.start): score
        for score in Score.objects.filter(office__isnull=False, period=period, closed=True)
    }
    with connection.cursor() as cursor:
        cursor.execute(ANSWERS, [period.value])
        rows = cursor.fetchall()
    ended = {start for _, _, start in closed}
    for office, instrument, start, answers in rows:
        if start not in ended:
            continue
        layout = layout_of(instrument_of(instrument))
        people, behind = answering(layout, bytes(answers))
        score = closed.get((office, instrument, start))
        if people >= 2 * K:
            yield "headline", score is not None and score.people > 0
        opened = inflate_opened(layout, score.opened) if score else None
        for column, answered in behind.items():
            if answered < 2 * K:
                continue
            shown = score is not None and opened is not None and opened.shows(column, score.people)
            yield ("factors" if column[0] == "f" else "criteria"), shown
            if column[0] == "f" and answered <= SELDOM * people:
                yield "seldom", shown


def shares() -> dict[str, dict[str, object]]:
    """By period and kind the share that is shown, in percent, and of how many figures."""
    found: dict[str, dict[str, object]] = {}
    for period in PERIODS:
        asked: Counter[str] = Counter()
        given: Counter[str] = Counter()
        for kind, shown in figures(period):
            asked[kind] += 1
            given[kind] += shown
        found[period.value] = {
            kind: {"percent": round(100.0 * given[kind] / of, 2), "figures": of}
            for kind, of in sorted(asked.items())
        }
    return found


def measure() -> dict[str, object]:
    """Loads the demonstration and closes yesterday, as `make demo` does."""
    call_command("load_registry", verbosity=0)
    last = timezone.localdate() - timedelta(days=1)
    loaded = load_responses(last)
    steps.close(last)
    return {"responses": loaded.responses, "until": f"{last}", "k": K, **shares()}


if __name__ == "__main__":
    print(json.dumps({"benchmark": "utility_demo", **measure()}))
