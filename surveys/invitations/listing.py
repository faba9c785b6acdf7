"""A list of finished dossiers as an office has it, to be invited at once: CSV in, links out.

Columns, in any order and in Vietnamese or English, see `COLUMNS`: the dossier's code, the day on
which it was finished, whether the result is ready or it was refused, and, where known, the
procedure and where to send the link. A list is taken whole or not at all. Nothing of it is stored.
"""

import csv
import io
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from offices.directory import OfficeEntry
from offices.dossiers.file import Mistake
from offices.names import plain
from surveys.invitations.issuing import SENTENCES, Issued, Reason, Refused, Wish, checked
from surveys.invitations.messages import is_mail, number_of
from surveys.models import Stage

MOST_LINES = 500
MOST_BYTES = 512 * 1024
LISTED = 50
COLUMNS: Mapping[str, frozenset[str]] = {
    "dossier": frozenset({"dossier", "dossiercode", "mahoso", "masohoso", "hoso"}),
    "finished_on": frozenset(
        {"finishedon", "day", "date", "ngay", "ngaycoketqua", "ngayketthuc", "ngaytraketqua"}
    ),
    "stage": frozenset({"stage", "ketqua", "result", "resultorrefusal"}),
    "procedure": frozenset({"procedure", "procedurecode", "thutuc", "mathutuc"}),
    "send_to": frozenset(
        {"sendto", "contact", "lienhe", "phone", "email", "telephoneoremail"}
        | {"dienthoai", "guiden"}
    ),
}
NEEDED = ("dossier", "finished_on")
TITLES: Mapping[str, Promise] = {
    "dossier": gettext_lazy("Dossier code"),
    "finished_on": gettext_lazy("Finished on"),
    "stage": gettext_lazy("Result or refusal"),
    "procedure": gettext_lazy("Procedure code"),
    "send_to": gettext_lazy("Telephone or e-mail"),
}
STAGES: Mapping[str, Stage] = {
    "": Stage.RECEIVED,
    "received": Stage.RECEIVED,
    "da nhan": Stage.RECEIVED,
    "da co ket qua": Stage.RECEIVED,
    "da tra ket qua": Stage.RECEIVED,
    "refused": Stage.REFUSED,
    "tu choi": Stage.REFUSED,
    "bi tu choi": Stage.REFUSED,
}
COLUMN_OF: Mapping[Reason, str] = {
    Reason.DOSSIER: "dossier",
    Reason.PROCEDURE: "procedure",
    Reason.STAGE: "stage",
    Reason.TO_COME: "finished_on",
    Reason.TOO_OLD: "finished_on",
}
DAYS = (
    re.compile(r"(?P<y>\d{4})-(?P<m>\d{1,2})-(?P<d>\d{1,2})", re.ASCII),
    re.compile(r"(?P<d>\d{1,2})/(?P<m>\d{1,2})/(?P<y>\d{4})", re.ASCII),
)


class NotTaken(Exception):
    """The list has mistakes: the first LISTED of `count`. Nothing was made."""

    def __init__(self, mistakes: list[Mistake]) -> None:
        super().__init__(f"{len(mistakes)} mistakes")
        self.mistakes = mistakes[:LISTED]
        self.count = len(mistakes)


@dataclass(frozen=True, slots=True)
class Listed:
    """A dossier of the list, checked, and where to send its link; `send_to` may be empty."""

    wish: Wish
    written: str = field(repr=False)
    send_to: str = field(repr=False)


def read_list(content: bytes, office: OfficeEntry, today: date) -> list[Listed]:
    """The dossiers of a list, in its order. Raises NotTaken with everything that is wrong in it."""
    mistakes: list[Mistake] = []
    listed: list[Listed] = []
    seen: dict[str, int] = {}
    for line, row in _rows(content, mistakes):
        found = _dossier(line, row, office, today, mistakes)
        if found is None:
            continue
        before = seen.setdefault(found.wish.dossier, line)
        if before != line:
            said = _("This dossier stands in line %(line)s already. Keep one of them.")
            mistakes.append(Mistake(line, str(TITLES["dossier"]), said % {"line": before}))
        listed.append(found)
    if not listed and not mistakes:
        mistakes.append(Mistake(1, "", _("The list has no dossier below its headings.")))
    if mistakes:
        raise NotTaken(mistakes)
    return listed


def write_list(listed: list[Listed], links: list[Issued], address: str) -> str:
    """The list with its links as CSV; address: of this server, such as `https://example.vn`."""
    out = io.StringIO()
    # for spreadsheet programs, which otherwise take Vietnamese for another code
    out.write("\N{ZERO WIDTH NO-BREAK SPACE}")
    rows = csv.writer(out)
    rows.writerow([str(TITLES["dossier"]), _("Link"), _("Last day")])
    for one, link in zip(listed, links, strict=True):
        last = f"{link.expires_on:%d/%m/%Y}"
        # dossier codes begin with a letter or a digit, so no cell is taken for a formula
        rows.writerow([one.wish.dossier, f"{address}{link.path}", last])
    return out.getvalue()


def _rows(content: bytes, mistakes: list[Mistake]) -> Iterator[tuple[int, dict[str, str]]]:
    if len(content) > MOST_BYTES:
        mistakes.append(Mistake(1, "", _("The file is too large. Divide it.")))
        return
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        said = _("The text is not UTF-8. Save the file as “CSV UTF-8” and send it again.")
        mistakes.append(Mistake(1, "", said))
        return
    heading = text.split("\n", 1)[0]
    lines = csv.reader(
        io.StringIO(text, newline=""), delimiter=max(",;\t", key=heading.count), strict=True
    )
    columns: dict[str, int] | None = None
    try:
        for row in lines:
            if columns is None:
                columns = _columns(row, mistakes)
                if columns is None:
                    return
                continue
            if lines.line_num > MOST_LINES + 1:
                said = _("The list has more than %(lines)s dossiers. Divide it.")
                mistakes.append(Mistake(lines.line_num, "", said % {"lines": MOST_LINES}))
                return
            if any(cell.strip() for cell in row):
                cells = {n: row[at].strip() for n, at in columns.items() if at < len(row)}
                yield lines.line_num, cells
    except csv.Error:
        said = _("The line cannot be read: a quotation mark is not closed or stands inside a cell.")
        mistakes.append(Mistake(max(lines.line_num, 1), "", said))


def _columns(heading: list[str], mistakes: list[Mistake]) -> dict[str, int] | None:
    found: dict[str, int] = {}
    for at, title in enumerate(heading):
        key = re.sub(r"[^a-z]", "", plain(title))
        name = next((name for name, titles in COLUMNS.items() if key in titles), None)
        if name is not None:
            found.setdefault(name, at)
        elif title.strip():
            said = _("This heading is not known. Remove the column or name it as the page shows.")
            mistakes.append(Mistake(1, title.strip()[:40], said))
    for name in NEEDED:
        if name not in found:
            said = _("This column is missing. The first line must hold the headings.")
            mistakes.append(Mistake(1, str(TITLES[name]), said))
    return None if mistakes else found


def _dossier(
    line: int,
    row: Mapping[str, str],
    office: OfficeEntry,
    today: date,
    mistakes: list[Mistake],
) -> Listed | None:
    def wrong(column: str, said: str) -> None:
        mistakes.append(Mistake(line, str(TITLES.get(column, "")), said))

    before = len(mistakes)
    day = _day(row.get("finished_on", ""))
    if day is None:
        wrong("finished_on", _("This is no day. Write it as 31/12/2026 or 2026-12-31."))
    stage = STAGES.get(plain(row.get("stage", "")))
    if stage is None:
        wrong("stage", _("Write “đã nhận” where the result is ready, “từ chối” where refused."))
    send_to = row.get("send_to", "")
    if send_to and not is_mail(send_to) and number_of(send_to) is None:
        wrong("send_to", _("This is neither a mobile number nor an e-mail address."))
    if len(mistakes) > before or day is None:
        return None
    written = row.get("dossier", "")
    try:
        wish = checked(
            office,
            dossier=written,
            finished_on=day,
            stage=stage,
            procedure=row.get("procedure", ""),
            today=today,
        )
    except Refused as refused:
        wrong(COLUMN_OF.get(refused.reason, ""), str(SENTENCES[refused.reason]))
        return None
    return Listed(wish, written, send_to)


def _day(text: str) -> date | None:
    match = next(filter(None, (shape.fullmatch(text) for shape in DAYS)), None)
    try:
        return date(*(int(match[part]) for part in "ymd")) if match else None
    except ValueError:
        return None
