"""Files of answers to the 16 criteria, as people hand them to the command."""

import csv
import io
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from reports.sipas.samples.instrument import named

SERVICES = named("sipas-2026-services")
CODES = [item.code for item in SERVICES.items]

Json = dict[str, Any]  # what the command prints: figures within figures
Write = Callable[[str | bytes], Path]
Compute = Callable[..., Json]
Refusal = Callable[..., str]


def table(*rows: Sequence[object], more: Sequence[str] = (), delimiter: str = ",") -> str:
    """A file of the 16 criteria: each row is an id, one answer for all or 16, and the rest."""
    text = io.StringIO()
    writer = csv.writer(text, delimiter=delimiter, lineterminator="\n")
    writer.writerow(["response_id", *CODES, *more])
    for identifier, answers, *rest in rows:
        every = answers if isinstance(answers, list) else [answers] * len(CODES)
        writer.writerow([identifier, *every, *rest])
    return text.getvalue()
