"""What the rule of rows shows of simulated offices over two years, and what was shown before.

    python -m benchmarks utility [offices of each kind]
    python -m benchmarks utility country [offices]

Shares in percent of the figures of a month, quarter or year that at least 2k people stand behind: a
headline of 2k people who count, a factor that 2k people answered, a criterion that 2k people
answered; `opened`: of the factors of months that 2k people answered those that have opened by the
end of the month, quarter or year. How people answer: `utility_rules`; the country:
`utility_country`.
"""

import argparse
import json
from itertools import product

import numpy as np

from benchmarks.measures import utility_country
from benchmarks.measures.utility_rules import Tally, drawn
from reports.sipas.counts.sums import Sums

SIZES = (10, 20, 30, 60, 100, 400)
OFTEN, SELDOM = "30-85", "15"
BASES = {85: 1.45, 98: 2.9}  # by the percentage that is satisfied
SEED = 20_261_129
COUNTRY = "country"


def month(rng: np.random.Generator, size: int, often: str, satisfied: int) -> Sums:
    """The sums of the people of one month."""
    people = int(rng.poisson(size))
    share = rng.uniform(0.30, 0.85) if often == OFTEN else 0.15
    return drawn(rng, people, share, BASES[satisfied])


def measure(size: int, often: str, satisfied: int, offices: int) -> dict[str, object]:
    """One line: by period the shares of headlines, factors and criteria, now and before."""
    rng = np.random.default_rng([SEED, size, len(often), satisfied])
    tally = Tally()
    for _ in range(offices):
        tally.add([month(rng, size, often, satisfied) for _ in range(24)])
    return {"forms a month": size, "E": often, "satisfied": satisfied, **tally.shares()}


def main() -> None:
    """A line for each size, share of E and level of satisfaction; or the country's tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("what", nargs="*", metavar="[country] [offices]")
    *of_what, last = parser.parse_args().what or ["40"]
    if COUNTRY in (last, *of_what):
        offices = 300 if last == COUNTRY else int(last)
        print(json.dumps(utility_country.measure(offices, SEED)))
        return
    lines = []
    for often, satisfied, size in product((OFTEN, SELDOM), BASES, SIZES):
        lines.append(measure(size, often, satisfied, int(last)))
        print(json.dumps(lines[-1]), flush=True)
    print(json.dumps({"offices": int(last), "lines": len(lines)}))


if __name__ == "__main__":
    main()
