"""How often 95 % intervals hold the truth, against those that take answers for people."""

from benchmarks.stage import on_stage

if __name__ == "__main__":
    on_stage("benchmarks.measures.coverage")
