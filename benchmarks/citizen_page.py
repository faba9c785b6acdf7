"""The citizen's first page on the real server: bytes, requests, seconds, and Lighthouse's marks."""

from benchmarks.stage import on_stage

if __name__ == "__main__":
    on_stage("benchmarks.measures.citizen_page")
