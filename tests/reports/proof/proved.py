"""What a proof of everything finds, in words."""

from reports.models import Difference
from reports.proof.run import prove


def differences() -> list[str]:
    """Proves everything now; returns what differs, table, column and where."""
    prove()
    return [
        f"{row.table}.{row.column} {row.office_id or ''} {row.unit_id or ''}{row.map} "
        f"{row.period} {row.first} {row.key}: {row.shown}, {row.proved}"
        for row in Difference.objects.filter(ended_at=None).order_by("pk")
    ]


def columns() -> set[tuple[str, str]]:
    """Tables and columns in which a proof of everything finds something."""
    prove()
    return set(Difference.objects.filter(ended_at=None).values_list("table", "column"))
