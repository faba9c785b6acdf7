"""Which dossiers of a day were invited, so that asking twice counts once; never who answered.

One file for each office in the day's folder, beside the key and destroyed with it: records of 8
bytes that stand for the dossier (`token.dossier_hash`) and 4 that name the field. The table holds
only how many there are.
"""

import fcntl
import os
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from surveys.invitations.keys import FILE_MODE
from surveys.invitations.token import DOSSIER_BYTES

FIELD_BYTES = 4
RECORD = DOSSIER_BYTES + FIELD_BYTES
NO_FIELD = 0  # keys of the database begin with 1


def note(folder: Path, office_id: int, issued: Iterable[tuple[bytes, int | None]]) -> Counter[int]:
    """Adds dossiers that are not there yet; returns how many there are by field, 0 for none.

    folder: of the day; issued: hash and field of each dossier. A dossier stays with the field that
    came first. Waits for other processes that write the same file.
    """
    path = folder / f"issued-{office_id}"
    handle = os.open(path, os.O_RDWR | os.O_CREAT, FILE_MODE)
    with os.fdopen(handle, "r+b") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        content = file.read()
        # A machine that fell over may have left half a record.
        whole = len(content) - len(content) % RECORD
        records = [content[at : at + RECORD] for at in range(0, whole, RECORD)]
        known = {record[:DOSSIER_BYTES] for record in records}
        added = []
        for dossier, field in issued:
            if dossier not in known:
                known.add(dossier)
                added.append(dossier + (field or NO_FIELD).to_bytes(FIELD_BYTES, "big"))
        if added or whole < len(content):
            file.seek(whole)
            file.truncate()
            file.write(b"".join(added))
            file.flush()
            os.fsync(file.fileno())
    fields = (record[DOSSIER_BYTES:] for record in records + added)
    return Counter(int.from_bytes(field, "big") for field in fields)
