"""Answers through the one way in, against bare inserts of the same rows."""

from benchmarks.stage import on_stage

if __name__ == "__main__":
    on_stage("benchmarks.measures.intake")
