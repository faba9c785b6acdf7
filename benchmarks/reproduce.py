"""Publishing a year and computing it again, against a plain read of the same answers."""

from benchmarks.stage import on_stage

if __name__ == "__main__":
    on_stage("benchmarks.measures.reproduce")
