"""`python -m benchmarks NAME …`: one measure, on a stage of its own."""

import sys

from benchmarks.stage import on_stage

NAMES = (
    "citizen_page",
    "closing",
    "country",
    "coverage",
    "floods",
    "floods_patient",
    "intake",
    "junk",
    "night",
    "pages",
    "recount",
    "reproduce",
    "simulate",
    "utility",
    "utility_demo",
    "verdicts",
    "weeks",
)

if __name__ == "__main__":
    if len(sys.argv) < 2 or sys.argv[1] not in NAMES:
        sys.exit(f"Which measure? python -m benchmarks {' | '.join(NAMES)}")
    on_stage(f"benchmarks.measures.{sys.argv[1]}", sys.argv[2:])
