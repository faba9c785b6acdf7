"""Lighthouse's marks, from its npm package in a folder that git ignores."""

import json
import os
import shutil
import statistics
import subprocess
import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

from benchmarks.measures.chromium import chromium

# The newest that runs on Node 20, as Debian has it.
VERSION = "12.8.2"
CATEGORIES = {
    "performance": "performance",
    "accessibility": "accessibility",
    "best_practices": "best-practices",
}
RUNS = 3
# Nothing but this machine can be reached.
ALONE = "MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"


def installed(folder: Path) -> Path | None:
    """The program in the folder, fetched once; None, and a line that says why, without npm."""
    program = folder / "node_modules" / "lighthouse" / "cli" / "index.js"
    package = program.parents[1] / "package.json"
    if package.exists() and json.loads(package.read_text())["version"] == VERSION:
        return program
    npm = shutil.which("npm")
    if npm is None or shutil.which("node") is None:
        print("Lighthouse did not run: npm is missing (Debian: apt-get install npm).")
        return None
    folder.mkdir(parents=True, exist_ok=True)
    quietly = ["--no-save", "--ignore-scripts", "--no-package-lock", "--no-audit", "--no-fund"]
    done = subprocess.run(
        [npm, "install", *quietly, "--prefix", str(folder), f"lighthouse@{VERSION}"],
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        print(f"Lighthouse did not run: npm could not install it.\n{done.stderr[-500:]}")
        return None
    return program


def marks(address: str, folder: Path) -> dict[str, object]:
    """The marks of 0 to 100 by name, None without npm; what cost marks is printed.

    Medians of RUNS runs, because a machine that does other things beside takes marks from the
    performance.
    """
    nothing: dict[str, object] = dict.fromkeys(CATEGORIES)
    program = installed(folder)
    if program is None:
        return nothing
    with sync_playwright() as playwright:
        browser = chromium(playwright)
    if browser is None:
        print("Lighthouse did not run: no Chromium was found.")
        return nothing
    reports = [_run(program, browser, address, folder / f"report-{n}.json") for n in range(RUNS)]
    found: dict[str, list[float]] = {
        name: [report["categories"][key]["score"] * 100 for report in reports]
        for name, key in CATEGORIES.items()
    }
    for sentence in sorted({line for report in reports for line in _lost(report)}):
        print(sentence)
    return {
        **{name: round(statistics.median(scores)) for name, scores in found.items()},
        "performance_runs": [round(score) for score in found["performance"]],
        "lighthouse": VERSION,
    }


def _run(program: Path, browser: str, address: str, report: Path) -> dict[str, dict[str, dict]]:  # type: ignore[type-arg]  # a report of Lighthouse
    """One run with the mobile preset, which is the usual one. Raises CalledProcessError."""
    flags = f'--headless=new --no-sandbox --disable-gpu --host-resolver-rules="{ALONE}"'
    subprocess.run(
        [
            shutil.which("node") or "node",
            str(program),
            address,
            "--quiet",
            "--output=json",
            f"--output-path={report}",
            f"--only-categories={','.join(CATEGORIES.values())}",
            f"--chrome-flags={flags}",
            "--no-enable-error-reporting",
        ],
        env={**os.environ, "CHROME_PATH": browser},
        stdout=sys.stderr,
        check=True,
    )
    found: dict[str, dict[str, dict]] = json.loads(report.read_text())  # type: ignore[type-arg]
    return found


def _lost(report: dict[str, dict[str, dict]]) -> list[str]:  # type: ignore[type-arg]
    """The audits that count and are not full, one line each."""
    weighed = {
        entry["id"]
        for key in CATEGORIES.values()
        for entry in report["categories"][key]["auditRefs"]
        if entry["weight"]
    }
    return [
        f"{audit['id']}: {audit['title']}"
        for name, audit in report["audits"].items()
        if name in weighed and audit["score"] is not None and audit["score"] < 0.9
    ]
