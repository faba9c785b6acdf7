"""Brings other people's styles, fonts and scripts into the repository, with their licences.

    .venv/bin/python -m scripts.vendor_assets

The packages come through the ordinary npm client, from whatever registry it is set up for; each
must have the checksum below. Bootstrap is cut down to what the markup of crispy forms uses, because
a citizen's first page has to be small. Browsers get their fonts in pieces from static/vendor/;
print needs whole ones, and `make check` the types of a script: those stand where no browser gets
them. The result is committed: nobody needs npm to run the system.
"""

import base64
import hashlib
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from scripts.khmer_name import cut

ROOT = Path(__file__).resolve().parents[1]
VENDOR = ROOT / "static" / "vendor"
PRINTED = ROOT / "surveys" / "print" / "fonts"
DECLARED = ROOT / "declarations"


@dataclass(frozen=True)
class Package:
    """An npm package, and which of its files (paths within it) become which of `folder`.

    below: the folder that `folder` stands in.
    """

    name: str
    version: str
    integrity: str  # sha512 of the archive in base64, as npm writes it
    folder: str
    files: dict[str, str]
    below: Path = VENDOR


def _whole_fonts(family: str, *cuts: str) -> dict[str, str]:
    names = (f"{cut}/{family}_{cut}.ttf" for cut in cuts)
    return {"LICENSE_FONT": "LICENSE"} | {name: PurePosixPath(name).name for name in names}


def _fonts(prefix: str, *cuts: str) -> dict[str, str]:
    return {f"files/{prefix}-{cut}-normal.woff2": f"{prefix}-{cut}.woff2" for cut in cuts}


IDB_TYPES = ("LICENSE", "build/entry.d.ts", "build/wrap-idb-value.d.ts")

PACKAGES = (
    Package(
        "bootstrap",
        "5.3.9",
        "20cU0rcfw8WdxtVbmfU+xT2EjvVTw9Ror/h1Qvd7DXCujRg8OO9mdBCsmTHdJFf3BuadmBNJtgIuUXsBqSkk/w==",
        "bootstrap",
        {
            "LICENSE": "LICENSE",
            # a package's file may become several
            "dist/css/bootstrap.css": "bootstrap-forms.css bootstrap-citizen.css",
        },
    ),
    Package(
        "@fontsource/be-vietnam-pro",
        "5.3.0",
        "xhAQBGHDxP5BF8IJxedy5MoWUmc1DlPCcZbMLhvnPkf8TaYCbbUVs3LjpuJ4BYdTrdiCLaewNaY8z+owq/FqFw==",
        "be-vietnam-pro",
        {"LICENSE": "LICENSE"}
        | _fonts(
            "be-vietnam-pro",
            *(
                f"{script}-{weight}"
                for script in ("latin", "vietnamese")
                for weight in (400, 600, 700)
            ),
        ),
    ),
    Package(
        "@fontsource/noto-sans-khmer",
        "5.3.0",
        "gdbZkSmmMa7up92bksz5uKkjt70hCmLr9Q9B/Bxu4qYfXr+BvRLvf7NDAO4WP64coTdCcrzmHFciXirbdJEToQ==",
        "noto-sans-khmer",
        {"LICENSE": "LICENSE"} | _fonts("noto-sans-khmer", "khmer-400", "khmer-700"),
    ),
    Package(
        "@expo-google-fonts/be-vietnam-pro",
        "0.4.1",
        "4o2bsqU1zcC6NZf5FRYB+7gE49waNWYOGc5c5qLfPgrSqqr61hS2Bz4TVPgxudO038tLydSyPxV8e79g8j5DpQ==",
        "be-vietnam-pro",
        _whole_fonts("BeVietnamPro", "400Regular", "600SemiBold", "700Bold"),
        below=PRINTED,
    ),
    Package(
        "@expo-google-fonts/noto-sans-khmer",
        "0.4.3",
        "vBG7J/w4j+tPTPA53a43zb/s/K3AjHRTDbEG4omn/xs4dThknBh4aVRJ4zwROLy7OeZnhQPDkGRUEPAi8C/btg==",
        "noto-sans-khmer",
        _whole_fonts("NotoSansKhmer", "400Regular", "700Bold"),
        below=PRINTED,
    ),
    Package(
        "idb",
        "8.0.4",
        "jd0ITCrN+Zah4J7R/Z2jnR3W7A4BXDAjmo62MwWuSjxCiueUAf7X5rbodEdidWzeknwXHmLpdZkoiiCppNi30Q==",
        "idb",
        {"LICENSE": "LICENSE", "build/index.js": "idb.js"},
    ),
    Package(
        "idb",
        "8.0.4",
        "jd0ITCrN+Zah4J7R/Z2jnR3W7A4BXDAjmo62MwWuSjxCiueUAf7X5rbodEdidWzeknwXHmLpdZkoiiCppNi30Q==",
        "idb",
        {name: PurePosixPath(name).name for name in IDB_TYPES},
        below=DECLARED,
    ),
)

# The classes kept of Bootstrap: those in the markup of crispy-bootstrap5's fields and layouts.
# Radio buttons and check boxes keep their native look (site.css): it follows forced colours.
FORM_CLASSES = """
    row col col-auto col-sm col-sm-6 col-md col-md-4 col-md-6 col-md-8 col-form-label g-2 g-3
    form-label form-text form-control form-control-plaintext form-check form-check-inline
    is-invalid invalid-feedback input-group input-group-text
    alert alert-heading visually-hidden visually-hidden-focusable
    d-none d-block d-flex d-grid flex-wrap gap-2 m-0 mb-0 mb-1 mb-2 mb-3 mb-4 mt-2 mt-3
    list-unstyled text-break w-100
"""
# Those of citizens' pages, whose fields are ours: templates/surveys/citizen/fields.
CITIZEN_CLASSES = "form-label form-text form-control is-invalid mb-3 visually-hidden"
KEPT = {
    "bootstrap-forms.css": frozenset(FORM_CLASSES.split()),
    "bootstrap-citizen.css": frozenset(CITIZEN_CLASSES.split()),
}
# Citizens bring no file and pick no date.
NOT_OF_CITIZENS = re.compile(r"\[type=file\]|file-(?:upload|selector)-button|-webkit-date")
CLASS = re.compile(r"\.(-?[A-Za-z_][\w-]*)")
COMMENT = re.compile(r"/\*(?!!).*?\*/", re.DOTALL)


def _rules(css: str) -> Iterator[tuple[str, str]]:
    """The top rules of a style sheet as (prelude, body). Its strings must hold no braces."""
    position = 0
    while (opened := css.find("{", position)) != -1:
        depth, end = 1, opened
        while depth:
            end += 1
            depth += {"{": 1, "}": -1}.get(css[end], 0)
        yield css[position:opened].strip(), css[opened + 1 : end].strip()
        position = end + 1


def _is_kept(selector: str, name: str) -> bool:
    classes = set(CLASS.findall(selector))
    if name == "bootstrap-citizen.css" and NOT_OF_CITIZENS.search(selector):
        return False
    return bool(classes) and classes <= KEPT[name] and "data-bs" not in selector


def cut_down(css: str, name: str = "bootstrap-forms.css") -> str:
    """Of a style sheet, the rules whose selectors use only classes KEPT in `name`, one a line."""
    lines = []
    for prelude, body in _rules(css):
        if prelude.startswith("@media"):
            if inner := cut_down(body, name):
                lines.append(f"{prelude} {{\n{inner}}}")
        elif not prelude.startswith("@"):
            selectors = [part.strip() for part in prelude.split(",") if _is_kept(part, name)]
            if selectors:
                lines.append(f"{', '.join(selectors)} {{ {' '.join(body.split())} }}")
    return "".join(f"{line}\n" for line in lines)


def bootstrap_forms(css: str, name: str = "bootstrap-forms.css") -> str:
    """Bootstrap's style sheet cut down to what is KEPT in `name`, with its notice on top."""
    notice = re.search(r"/\*!.*?\*/", css, re.DOTALL)
    if notice is None:
        raise SystemExit("Bootstrap's style sheet no longer begins with its notice.")
    rules = COMMENT.sub("", css[notice.end() :])
    ours = "/* Only the classes of form markup; cut by scripts/vendor_assets.py. */"
    return f"{notice.group()}\n{ours}\n{cut_down(rules, name)}"


def fetch(package: Package, folder: Path) -> Path:
    """The package's archive, fetched into `folder`. Raises SystemExit if it is another one."""
    done = subprocess.run(
        ["npm", "pack", "--silent", f"{package.name}@{package.version}"],
        cwd=folder,
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    archive = folder / done.stdout.split()[-1]
    digest = base64.b64encode(hashlib.sha512(archive.read_bytes()).digest()).decode()
    if digest != package.integrity:
        raise SystemExit(f"{package.name} {package.version} is not what it was: sha512-{digest}")
    return archive


def unpack(package: Package, archive: Path, target: Path) -> None:
    """Writes the package's files below `target`, which is emptied first."""
    shutil.rmtree(target, ignore_errors=True)
    target.mkdir(parents=True)
    with tarfile.open(archive) as packed:
        files = [(i, name) for i, names in package.files.items() for name in names.split()]
        for inside, name in files:
            member = packed.extractfile(str(PurePosixPath("package") / inside))
            if member is None:
                raise SystemExit(f"{package.name} holds no file {inside}")
            content = member.read()
            if name.endswith(".css"):
                content = bootstrap_forms(content.decode(), name).encode()
            (target / name).write_bytes(content)


def main() -> int:
    """Fetches everything anew."""
    if shutil.which("npm") is None:
        raise SystemExit("npm is missing: install Node.js with npm.")
    with tempfile.TemporaryDirectory() as folder:
        for package in PACKAGES:
            archive = fetch(package, Path(folder))
            unpack(package, archive, package.below / package.folder)
            print(f"{package.name} {package.version}")
    cut()
    return 0


if __name__ == "__main__":
    sys.exit(main())
