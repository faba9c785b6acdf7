"""A list of finished dossiers as an office has it, to be invited at once: a table in, links out.

Columns, see `SHAPE`: the dossier's code, the day on which it was finished, whether the result is
ready or it was refused, and, where known, the procedure and where to send the link. How the table
is read: `offices.tables`. Its dossiers are taken whole or not at all; a contact to which nobody can
write keeps back only itself. Nothing is stored here.
"""

import csv
import io
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import Enum

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from offices.directory import OfficeEntry
from offices.names import plain
from offices.tables import Column, Shape, UploadedTable, day_of
from surveys.invitations.issuing import (
    SENTENCES,
    Issued,
    NotInvited,
    NotInvitedReason,
    Wish,
    checked,
    is_too_old,
)
from surveys.invitations.messages import number_of
from surveys.invitations.waiting import contact_of
from surveys.models import Stage

SHAPE = Shape(
    columns={
        "dossier": Column(
            gettext_lazy("Dossier code"),
            frozenset({"dossier", "dossiercode", "mahoso", "masohoso", "hoso"}),
            needed=True,
        ),
        "finished_on": Column(
            gettext_lazy("Finished on"),
            frozenset(
                {"finishedon", "day", "date", "ngay", "ngaycoketqua", "ngayketthuc"}
                | {"ngaytraketqua"}
            ),
            needed=True,
        ),
        "stage": Column(
            gettext_lazy("Result or refusal"),
            frozenset({"stage", "ketqua", "result", "resultorrefusal"}),
        ),
        "procedure": Column(
            gettext_lazy("Procedure code"),
            frozenset({"procedure", "procedurecode", "thutuc", "mathutuc"}),
        ),
        "send_to": Column(
            gettext_lazy("Telephone or e-mail"),
            frozenset(
                {"sendto", "contact", "lienhe", "phone", "email", "telephoneoremail"}
                | {"dienthoai", "guiden"}
            ),
        ),
    },
    most_bytes=512 * 1024,
    most_lines=500,
)
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
SLASHED = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})", re.ASCII)
# What stands around a contact that was copied from elsewhere: signs, Excel's mark of a text.
AROUND = " \t\u00a0\u200b\u2060'\",;<>"
BEHIND = f"{AROUND}."
WRAPPED = re.compile(r"^(?:mailto|tel|sms):", re.IGNORECASE)
COLUMN_OF: Mapping[NotInvitedReason, str] = {
    NotInvitedReason.DOSSIER: "dossier",
    NotInvitedReason.OLD_CODE: "dossier",
    NotInvitedReason.PROCEDURE: "procedure",
    NotInvitedReason.STAGE: "stage",
    NotInvitedReason.TO_COME: "finished_on",
    NotInvitedReason.TOO_OLD: "finished_on",
}


class DayOrder(Enum):
    """What stands first in 11/5/2026. Excel writes so in Vietnamese and in English."""

    DAY = "day"
    MONTH = "month"


@dataclass(frozen=True, slots=True)
class Listed:
    """A dossier of the list, checked, and where to send its link.

    send_to: as messages need it, empty where there is none; written_to: as it was written.
    is_stage_told: whether the list says how the dossier ended.
    """

    line: int
    wish: Wish
    written: str = field(repr=False)
    send_to: str = field(repr=False)
    written_to: str = field(repr=False)
    is_stage_told: bool


@dataclass(frozen=True, slots=True)
class ReadList:
    """The dossiers of a list, in its order, and how its days were read."""

    listed: Sequence[Listed]
    order: DayOrder


class OrderAsked(Exception):
    """Days and months could be swapped in every line, so whoever wrote the list has to say.

    written: the first such day; as_day_first, as_month_first: what it may mean. likely: the order
    in which every day is one that may be invited for, if only one is.
    """

    def __init__(self, written: str, likely: DayOrder | None) -> None:
        super().__init__("day or month first")
        self.written = written
        self.as_day_first = day_in(written, DayOrder.DAY)
        self.as_month_first = day_in(written, DayOrder.MONTH)
        self.likely = likely


def day_in(text: str, order: DayOrder) -> date | None:
    """The day that a text says where days are written in this order; None if it is none."""
    found = SLASHED.fullmatch(text)
    if found is None:
        return day_of(text)
    first, second, year = found.groups()
    written = (first, second) if order is DayOrder.DAY else (second, first)
    return day_of(f"{written[0]}/{written[1]}/{year}")


def recipient(written: str) -> str:
    """A contact as messages need it; empty if it is neither a mobile number nor an address.

    Excel drops the zero before a number; mail programs add `mailto:` and signs around an address.
    """
    text = WRAPPED.sub("", written.strip(AROUND)).lstrip(AROUND).rstrip(BEHIND)
    return contact_of(text) or number_of(f"0{text}") or ""


def read_list(
    content: bytes, office: OfficeEntry, today: date, order: DayOrder | None = None
) -> ReadList:
    """The dossiers of a list. order: as whoever brings it said, where its lines do not tell.

    Raises FileRefused with all that is wrong in it, and OrderAsked.
    """
    table = UploadedTable(content, SHAPE)
    rows = list(table.rows())
    read_in = _order([row["finished_on"] for _line, row in rows], today)
    if isinstance(read_in, OrderAsked):
        if order is None and not table.mistakes:
            raise read_in
        read_in = order or read_in.likely or DayOrder.DAY
    listed: list[Listed] = []
    seen: dict[str, int] = {}
    for line, row in rows:
        found = _dossier(line, row, office, today, read_in, table)
        if found is None:
            continue
        before = seen.setdefault(found.wish.dossier, line)
        if before != line:
            said = _("This dossier stands in line %(line)s already. Keep one of them.")
            table.wrong(line, said % {"line": before}, "dossier")
        listed.append(found)
    table.check()
    return ReadList(listed, read_in)


def _order(days: Sequence[str], today: date) -> DayOrder | OrderAsked:
    """How days are written: as a line tells that can be read in one way only, else nobody knows."""
    read = {order: [day_in(text, order) for text in days] for order in DayOrder}
    by_day, by_month = read[DayOrder.DAY], read[DayOrder.MONTH]
    pairs = list(zip(days, by_day, by_month, strict=True))
    if any(day and not month for _text, day, month in pairs):
        return DayOrder.DAY
    if any(month and not day for _text, day, month in pairs):
        return DayOrder.MONTH
    swapped = [text for text, day, month in pairs if day != month]
    if not swapped:
        return DayOrder.DAY
    fit = [
        order
        for order, found in read.items()
        if all(day and day <= today and not is_too_old(day, today) for day in found)
    ]
    return OrderAsked(swapped[0], fit[0] if len(fit) == 1 else None)


def write_list(listed: Sequence[Listed], links: Sequence[Issued], address: str) -> str:
    """The list with its links as CSV; address: of this server, such as `https://example.vn`."""
    out = io.StringIO()
    # for spreadsheet programs, which otherwise take Vietnamese for another code
    out.write("\N{ZERO WIDTH NO-BREAK SPACE}")
    rows = csv.writer(out)
    rows.writerow([str(SHAPE.columns["dossier"].title), _("Link"), _("Last day")])
    for one, link in zip(listed, links, strict=True):
        last = f"{link.expires_on:%d/%m/%Y}"
        # dossier codes begin with a letter or a digit, so no cell is taken for a formula
        rows.writerow([one.wish.dossier, f"{address}{link.path}", last])
    return out.getvalue()


def _dossier(
    line: int,
    row: Mapping[str, str],
    office: OfficeEntry,
    today: date,
    order: DayOrder,
    table: UploadedTable,
) -> Listed | None:
    noted = table.mistakes
    day = day_in(row["finished_on"], order)
    if day is None:
        said = _("This is no day. Write it as 31/12/2026 or 2026-12-31.")
        table.wrong(line, said, "finished_on")
    stage = STAGES.get(plain(row["stage"]))
    if stage is None:
        said = _("Write “đã nhận” where the result is ready, “từ chối” where refused.")
        table.wrong(line, said, "stage")
    if table.mistakes > noted or day is None:
        return None
    try:
        wish = checked(
            office,
            dossier=row["dossier"],
            finished_on=day,
            stage=stage,
            procedure=row["procedure"],
            today=today,
        )
    except NotInvited as refused:
        table.wrong(line, str(SENTENCES[refused.reason]), COLUMN_OF.get(refused.reason, ""))
        return None
    written_to = row["send_to"]
    return Listed(line, wish, row["dossier"], recipient(written_to), written_to, bool(row["stage"]))
