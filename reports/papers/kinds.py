"""The kinds of files of a report, and what tells whether one would be written anew as it was."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path

from reports.papers import pdf, xlsx
from reports.papers.contents import Contents

KIND_OF_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
WRITERS = ("typst", "XlsxWriter")


@dataclass(frozen=True, slots=True)
class PaperKind:
    """A kind of file: how its name ends, what it is, all that it says, and what writes it."""

    ending: str
    content_type: str
    source: Callable[[Contents], str]
    write: Callable[[Contents], bytes]

    def fingerprint(self, contents: Contents) -> str:
        """The same only for what is written as the same bytes: of its words, and what writes them.

        Whatever a file says stands in its source, so what is withheld, corrected, released or being
        checked meanwhile has another one.
        """
        said = "\0".join((recipe(), self.ending, self.source(contents)))
        return sha256(said.encode()).hexdigest()


PDF = PaperKind("pdf", "application/pdf", pdf.source_data, pdf.pdf_of)
XLSX = PaperKind("xlsx", KIND_OF_XLSX, xlsx.source_data, xlsx.xlsx_of)
KINDS = (PDF, XLSX)


@cache
def recipe() -> str:
    """The hash of what writes files: this room and the versions of its writers."""
    files = sorted(Path(__file__).parent.glob("*.*"))
    read = [sha256(one.read_bytes()).hexdigest() for one in files]
    return "\n".join([*read, *(version(name) for name in WRITERS)])
