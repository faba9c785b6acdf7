"""Static files in production: hashed, compressed, without comments, each style sheet whole."""

import posixpath
import re
from collections.abc import Iterator
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.core.files.base import ContentFile
from django.core.files.storage import Storage
from whitenoise.storage import CompressedManifestStaticFilesStorage

IMPORT = re.compile(r'^@import "(?P<path>[^"]+)";\n', re.MULTILINE)
# Notices of licences (`/*!`) stay.
IN_STYLES = re.compile(r"[ \t]*/\*(?!!).*?\*/\n?", re.DOTALL)
# Lines that are nothing else; what stands behind a statement stays. No text of ours over several
# lines has one: tests/config/test_static_files.py.
IN_SCRIPTS = re.compile(r"^[ \t]*(?://.*|/\*\*.*\*/[ \t]*)\n", re.MULTILINE)
OURS = "js/"
RELATIVE_URL = re.compile(r"""url\((?!\s*["']?(?:data:|[#/]))""")

# Where collectstatic found each file: the storage, and the path in it.
Found = dict[str, tuple[Storage, str]]


def joined(name: str, found: Found) -> str:
    """The style sheet `name` with what it imports in the place of each `@import "…";` line.

    Raises ImproperlyConfigured for an import that does not exist, or that stands in another folder
    and names files relative to it.
    """

    def replacement(match: re.Match[str]) -> str:
        imported = posixpath.normpath(posixpath.join(posixpath.dirname(name), match["path"]))
        if imported not in found:
            raise ImproperlyConfigured(f"{name} imports {imported}, which does not exist.")
        text = joined(imported, found)
        moved = posixpath.dirname(imported) != posixpath.dirname(name)
        if moved and RELATIVE_URL.search(text):
            raise ImproperlyConfigured(f"{name} imports {imported}, whose addresses would break.")
        return text

    storage, path = found[name]
    with storage.open(path) as file:
        return IMPORT.sub(replacement, file.read().decode())


def without_comments(name: str, text: str) -> str:
    """A style sheet, or a script of ours, without what only its readers need."""
    return (IN_STYLES if name.endswith(".css") else IN_SCRIPTS).sub("", text)


class StaticStorage(CompressedManifestStaticFilesStorage):  # type: ignore[misc]  # untyped
    """Saves the browser a request for each `@import`, and the wait for the one before.

    In the sources style sheets stay apart, each for one thing; a browser in DEBUG follows them.
    Scripts stay apart here too: their imports get hashed names, so that each may be kept for ever.
    """

    support_js_module_import_aggregation = True

    def post_process(
        self, paths: Found, dry_run: bool = False, **options: Any
    ) -> Iterator[tuple[str, str | None, Exception | bool]]:  # Any: Django's own options
        """Joins the style sheets, leaves comments out, then hashes and compresses everything."""
        if dry_run:
            return
        texts = {name: joined(name, paths) for name in paths if name.endswith(".css")}
        for name, (storage, path) in paths.items():
            if name.startswith(OURS) and name.endswith(".js"):
                with storage.open(path) as file:
                    texts[name] = file.read().decode()
        for name, text in texts.items():
            self.delete(name)
            self.save(name, ContentFile(without_comments(name, text).encode()))
            paths[name] = (self, name)
        yield from super().post_process(paths, dry_run=dry_run, **options)
