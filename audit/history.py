"""What becomes of rows of settings, noted by the database itself, whoever changes them.

    operations = [watch("offices_counter", office="office_id")]        # in a migration

A trigger of ours and not django-pghistory: it takes any table in one line of a migration, and what
it notes stands in the same table and the same chain as the acts.
"""

import json
from collections.abc import Sequence

from django.db import migrations

WATCH = """
CREATE TRIGGER audit_watches_rows AFTER INSERT OR UPDATE OR DELETE ON {table}
FOR EACH ROW EXECUTE FUNCTION audit_note_row('{told}');
"""
WATCH_WHOLE = """
CREATE TRIGGER audit_watches_table AFTER TRUNCATE ON {table}
FOR EACH STATEMENT EXECUTE FUNCTION audit_note_truncate();
"""
UNWATCH = """
DROP TRIGGER audit_watches_rows ON {table};
DROP TRIGGER audit_watches_table ON {table};
"""
# Whoever waits longer for a live table holds up everybody who waits behind.
SHORTLY = "SET LOCAL lock_timeout = '2s'"


def watch(
    table: str,
    *,
    but: Sequence[str] = (),
    only: Sequence[str] | None = None,
    hidden: Sequence[str] = (),
    office: str | None = None,
    unit: str | None = None,
) -> migrations.RunSQL:
    """A migration's operation: from then on each change of a row of `table` has an entry.

    `row.added`, `row.changed` or `row.removed`, with the old and new values of the columns that
    changed. but: columns that are never noted; only: the only ones that are. hidden: columns of
    which is noted that they changed, and never a value. office, unit: the columns with the place
    whose auditors read it. The migration has to depend on that of the audit's chain.
    """
    told = {
        "but": list(but),
        "only": None if only is None else list(only),
        "hidden": list(hidden),
        "office": office,
        "unit": unit,
    }
    text = json.dumps(told).replace("'", "''")
    return migrations.RunSQL(
        [SHORTLY, WATCH.format(table=table, told=text), WATCH_WHOLE.format(table=table)],
        [SHORTLY, UNWATCH.format(table=table)],
    )
