"""Recounting every response, against counting the same bytes with numpy alone."""

from benchmarks.stage import on_stage

if __name__ == "__main__":
    on_stage("benchmarks.measures.tally")
