"""`make safety`, a part of `make check`: dangerous code, secrets, known holes, what we are made of.

Everything but the known holes works without network. Where pip-audit cannot ask for them, one loud
line says so and nothing fails: a machine without network can still be checked. `--write` writes the
software bill of materials and the list of looked-at strings anew.
"""

import base64
import json
import os
import re
import subprocess
import sys
import time
import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator
from detect_secrets.core import baseline
from detect_secrets.core.secrets_collection import SecretsCollection
from detect_secrets.settings import default_settings

from scripts.vendor_assets import PACKAGES

ROOT = Path(__file__).resolve().parents[1]
BIN = Path(sys.executable).parent
BILL = ROOT / "docs" / "sbom.cdx.json"
LOOKED_AT = ROOT / ".secrets.baseline"
PINS = ROOT / "requirements" / "run.txt"
CODE = ("config", "audit", "offices", "accounts", "surveys", "reports", "officials", "demo")
PIN = re.compile(r"^([\w.-]+)==([\w.!+]+)", re.M)
# Numbers of packages, the public register, texts for people, fonts and pictures: no place of ours.
UNREAD = re.compile(
    r"requirements/.*\.txt|offices/registry/.*\.csv|.*\.(po|ttf|woff2|png|gz|svg)|static/vendor/.*"
    r"|declarations/.*|docs/images/.*|docs/samples/.*\.(pdf|xlsx)|docs/data-model\.md|docs/sbom\.cdx\.json|\.secrets\.baseline|tests/reports/sipas/reference/.*"
)


def dangerous_code() -> Iterator[str]:
    """What bandit finds."""
    command = [str(BIN / "bandit"), "-q", "-c", "pyproject.toml", "-f", "json", "-r"]
    said = _run([*command, *CODE, "launch", "scripts", "manage.py"])
    for one in json.loads(said.stdout)["results"]:
        yield f"{one['filename']}:{one['line_number']}: {one['issue_text']} ({one['test_id']})"


def secrets() -> Iterator[str]:
    """Strings that look like secrets and were not looked at yet."""
    known = {
        (name, one["type"], one["hashed_secret"])
        for name, found in json.loads(LOOKED_AT.read_text("utf-8"))["results"].items()
        for one in found
    }
    for name, found in _looking_like_secrets().data.items():
        for one in found:
            if (name, one.type, one.secret_hash) not in known:
                yield (
                    f"{name}:{one.line_number}: looks like a secret ({one.type}). Take it out and "
                    "change it where it was used; if it is none: python -m scripts.safety --write"
                )


def _looking_like_secrets() -> SecretsCollection:
    listed = _run(["git", "ls-files", "--cached", "--others", "--exclude-standard"]).stdout
    found = SecretsCollection(str(ROOT))
    with default_settings():
        for name in listed.splitlines():
            if not UNREAD.fullmatch(name) and (ROOT / name).is_file():
                found.scan_file(name)
    return found


def known_holes() -> Iterator[str]:
    """What pip-audit knows of the pinned packages; a loud line where it cannot ask."""
    command = [str(BIN / "pip-audit"), "-r", str(PINS), "--disable-pip", "--require-hashes"]
    try:
        said = _run([*command, "--progress-spinner", "off", "-f", "json", "--timeout", "5"], 40)
        packages = json.loads(said.stdout)["dependencies"]
    except (subprocess.TimeoutExpired, ValueError, KeyError):
        packages = []
    unasked = [one["name"] for one in packages if "skip_reason" in one]
    if not packages or unasked:
        print(
            f"KNOWN HOLES WERE NOT LOOKED FOR in {len(unasked) or 'all'} packages: pip-audit does "
            "not reach its data here. Run `make safety` where it does before a release."
        )
    for one in packages:
        for hole in one.get("vulns", []):
            yield f"{one['name']} {one['version']}: {hole['id']}; mended in {hole['fix_versions']}"


def bill() -> dict[str, Any]:  # Any: JSON
    """The software bill of materials (CycloneDX 1.6): pinned packages, and what we brought in."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    components = [
        _component(name, version, f"pkg:pypi/{name.lower()}@{version}")
        for name, version in PIN.findall(PINS.read_text("utf-8"))
    ]
    for one in PACKAGES:
        purl = f"pkg:npm/{one.name.replace('@', '%40')}@{one.version}"
        digest = base64.b64decode(one.integrity).hex()
        hashed = {"hashes": [{"alg": "SHA-512", "content": digest}]}
        components.append(_component(one.name, one.version, purl) | hashed)
    by_purl = {one["purl"]: one for one in components}
    return {
        "$schema": "http://cyclonedx.org/schema/bom-1.6.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {
            "component": {
                **{"type": "application", "bom-ref": "hailong", "name": project["name"]},
                "version": project["version"],
                "licenses": [{"license": {"id": project["license"]}}],
            },
            "properties": [
                {"name": "hailong:hashes", "value": "requirements/run.txt, checked by pip"}
            ],
        },
        # a package may be brought in twice, for its code and for its types
        "components": [by_purl[purl] for purl in sorted(by_purl)],
    }


def _component(name: str, version: str, purl: str) -> dict[str, Any]:  # Any: JSON
    return {"type": "library", "bom-ref": purl, "name": name, "version": version, "purl": purl}


def written(content: dict[str, Any]) -> str:  # Any: JSON
    """The same bill as the same text."""
    return json.dumps(content, indent=1, ensure_ascii=False) + "\n"


def materials() -> Iterator[str]:
    """Whether the bill is the one of today's pins, and one that others can read."""
    text = written(bill())
    if not BILL.exists() or BILL.read_text("utf-8") != text:
        yield f"{BILL.relative_to(ROOT)} is not of today's pins: python -m scripts.safety --write"
    wrong = JsonStrictValidator(SchemaVersion.V1_6).validate_str(text)
    if wrong is not None:
        yield f"{BILL.relative_to(ROOT)}: {str(wrong)[:300]}"


def _run(command: list[str], seconds: float = 120) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        command,
        cwd=ROOT,
        env={**os.environ, "PYTHONUTF8": "1"},
        capture_output=True,
        text=True,
        check=False,
        timeout=seconds,
    )


def write() -> None:
    """The bill of today's pins, and all strings that look like secrets as looked at."""
    BILL.write_text(written(bill()), "utf-8")
    found = _looking_like_secrets()
    with default_settings():
        content = baseline.format_for_output(found)
    for name, strings in content["results"].items():
        for one in strings:
            one["filename"] = name  # whole, it would be a path of this machine
            one["is_secret"] = False
            del one["line_number"]
    del content["generated_at"]
    LOOKED_AT.write_text(json.dumps(content, indent=1) + "\n", "utf-8")


CHECKS: tuple[Callable[[], Iterator[str]], ...] = (dangerous_code, secrets, materials, known_holes)


def main() -> int:
    """0 where nothing was found."""
    if "--write" in sys.argv:
        write()
        return 0
    wrong = 0
    for check in CHECKS:
        begun = time.monotonic()
        found = list(check())
        wrong += len(found)
        print("\n".join([*found, f"{check.__name__}: {time.monotonic() - begun:.0f} s"]))
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
