"""A list of finished dossiers as an office has it, to be invited at once: CSV in, links out.

Columns, see `SHAPE`: the dossier's code, the day on which it was finished, whether the result is
ready or it was refused, and, where known, the procedure and where to send the link. How the file is
read: `offices.tables`. A list is taken whole or not at all. Nothing of it is stored.
"""

import csv
import io
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

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
)
from surveys.invitations.messages import is_mail, number_of
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
COLUMN_OF: Mapping[NotInvitedReason, str] = {
    NotInvitedReason.DOSSIER: "dossier",
    NotInvitedReason.OLD_CODE: "dossier",
    NotInvitedReason.PROCEDURE: "procedure",
    NotInvitedReason.STAGE: "stage",
    NotInvitedReason.TO_COME: "finished_on",
    NotInvitedReason.TOO_OLD: "finished_on",
}


@dataclass(frozen=True, slots=True)
class Listed:
    """A dossier of the list, checked, and where to send its link; `send_to` may be empty."""

    line: int
    wish: Wish
    written: str = field(repr=False)
    send_to: str = field(repr=False)


def read_list(content: bytes, office: OfficeEntry, today: date) -> list[Listed]:
    """The dossiers of a list, in its order. Raises FileRefused with all that is wrong in it."""
    table = UploadedTable(content, SHAPE)
    listed: list[Listed] = []
    seen: dict[str, int] = {}
    for line, row in table.rows():
        found = _dossier(line, row, office, today, table)
        if found is None:
            continue
        before = seen.setdefault(found.wish.dossier, line)
        if before != line:
            said = _("This dossier stands in line %(line)s already. Keep one of them.")
            table.wrong(line, said % {"line": before}, "dossier")
        listed.append(found)
    table.check()
    return listed


def write_list(listed: list[Listed], links: list[Issued], address: str) -> str:
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
    table: UploadedTable,
) -> Listed | None:
    noted = table.mistakes
    day = day_of(row["finished_on"])
    if day is None:
        said = _("This is no day. Write it as 31/12/2026 or 2026-12-31.")
        table.wrong(line, said, "finished_on")
    stage = STAGES.get(plain(row["stage"]))
    if stage is None:
        said = _("Write “đã nhận” where the result is ready, “từ chối” where refused.")
        table.wrong(line, said, "stage")
    send_to = row["send_to"]
    if send_to and not is_mail(send_to) and number_of(send_to) is None:
        said = _("This is neither a mobile number nor an e-mail address.")
        table.wrong(line, said, "send_to")
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
    return Listed(line, wish, row["dossier"], send_to)
