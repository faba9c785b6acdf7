"""Simulating and loading responses, against copying the same bytes into a bare table."""

from benchmarks.stage import on_stage

if __name__ == "__main__":
    on_stage("benchmarks.measures.simulate")
