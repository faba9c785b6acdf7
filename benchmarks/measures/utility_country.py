"""A simulated country: what is shown of its offices, by their size.

34 provincial centres and 3,321 communes. How many forms come in a month is nowhere published. A
commune in the middle of them all gets 30: Hội An's survey of 2024 counted 90 forms a commune in
nine months, and a commune of today was made of three. A provincial centre has four times as many.
Around that the logarithm is normal: people differ by `VISITORS_DIFFER` as in the simulation, and
how many of them answer by `ANSWERING_DIFFERS`, which together spread as the 1.5, 6 and 11 people a
day of the demonstration's three communes do (a standard deviation of 1). So half of the offices
get fewer than 30 forms a month, and one in seven fewer than 10. Months are as busy as in the
simulation. An office's E is answered by 15, 30, 50 or 85 % of its people; what share is satisfied
differs among offices as in the simulation, around the 84 % of SIPAS 2024.

The whole takes some minutes; fewer offices are a sample of it: each is drawn for itself.
"""

from collections.abc import Iterator, Mapping
from itertools import pairwise
from typing import Any

import numpy as np

from benchmarks.measures.utility_rules import KINDS, PERIODS, Tally, drawn
from demo.simulation.calendar import MONTHS
from demo.simulation.normal import probit
from demo.simulation.plan import OFFICES_DIFFER, VISITORS, VISITORS_DIFFER
from reports.sipas.counts.sums import Sums

CENTRES, COMMUNES = 34, 3_321
FORMS = 30.0  # a month, at a commune in the middle of them all
ANSWERING_DIFFERS = 0.87
SATISFIED = 0.84
SELDOM, OFTEN = 15, (30, 50, 85)  # percent of an office's people who answer E
SHARES = (SELDOM, *OFTEN)
E_OFTEN = f"E {OFTEN[0]}–{OFTEN[-1]} %"
CLASSES = (10, 20, 40, 100)  # forms a month: below the first, from there to the second …
YEARS = 2


def office(rng: np.random.Generator, kind: str) -> tuple[float, int, list[Sums]]:
    """Forms a month, percent who answer E, and the sums of each month."""
    spread = np.hypot(VISITORS_DIFFER, ANSWERING_DIFFERS)
    size = FORMS * VISITORS.get(kind, 1.0) * float(np.exp(spread * rng.standard_normal()))
    share = int(rng.choice(SHARES))
    # whoever leans and what is asked differ by 1 each, so that a level is √2 times its probit
    base = np.sqrt(2.0) * (probit(SATISFIED) + OFFICES_DIFFER * rng.standard_normal())
    months = [
        drawn(rng, int(rng.poisson(size * busy)), share / 100.0, float(base))
        for busy in np.tile(MONTHS, YEARS)
    ]
    return size, share, months


def class_of(size: float) -> str:
    """The class of an office of so many forms a month, as the tables name it."""
    if size < CLASSES[0]:
        return f"under {CLASSES[0]}"
    if size >= CLASSES[-1]:
        return f"{CLASSES[-1]} and more"
    return next(f"{low} to {high}" for low, high in pairwise(CLASSES) if size < high)


def table(tallies: Mapping[str, Tally], offices: Mapping[str, int]) -> Iterator[str]:
    """Lines: which offices, how many, by which rule, then by kind month / quarter / year."""
    yield f"{'':12}{'offices':>8}        " + "".join(f"{kind:>23}" for kind in KINDS)
    for name, tally in tallies.items():
        for rule in ("before", "now"):
            shares = [tally.percent(rule, kind) for kind in KINDS]
            cells = [
                " / ".join("–" if one is None else f"{one:.1f}" for one in share)
                for share in shares
            ]
            begin = f"{name:12}{offices[name]:8,}  {rule:6}"
            yield begin + "".join(f"{cell:>23}" for cell in cells)


def measure(number: int, seed: int) -> dict[str, Any]:
    """Draws so many offices of the country, prints the table, and gives it back."""
    rng = np.random.default_rng([seed, CENTRES + COMMUNES])
    centres = round(number * CENTRES / (CENTRES + COMMUNES))
    names = [class_of(limit) for limit in (0, *CLASSES)]
    names += [f"E {share} %" for share in SHARES] + [E_OFTEN, "country"]
    tallies = {name: Tally() for name in names}
    offices = dict.fromkeys(names, 0)
    for n in range(number):
        size, share, months = office(rng, "provincial_centre" if n < centres else "")
        one = Tally()
        one.add(months)
        of = [class_of(size), f"E {share} %", "country"] + [E_OFTEN] * (share in OFTEN)
        for name in of:
            tallies[name].merge(one)
            offices[name] += 1
    whole = CENTRES + COMMUNES
    print(f"{number:,} of {whole:,} offices, {YEARS} years, seed {seed}; {' / '.join(PERIODS)}, %")
    print("\n".join(table(tallies, offices)))
    return {
        "benchmark": "utility country",
        "offices": number,
        "of": whole,
        "seed": seed,
        "shares": {
            name: {"offices": offices[name], "figures": _figures(tally), **tally.shares()}
            for name, tally in tallies.items()
        },
    }


def _figures(tally: Tally) -> dict[str, list[int]]:
    """By kind and period how many figures 2k people stand behind."""
    return {kind: [tally.wanted[period, kind] for period in PERIODS] for kind in KINDS}
