"""Whoever had left figures before is one class of its row: it comes back whole.

In a migration of its own, so that no lock of the column's is held while the rows are read.
"""

from django.db import migrations

PATIENCE = "SET LOCAL lock_timeout = '2s'"


class Migration(migrations.Migration):
    dependencies = [("surveys", "0022_part")]

    operations = [
        migrations.RunSQL(PATIENCE, migrations.RunSQL.noop),
        migrations.RunSQL(
            "UPDATE surveys_response SET part = 1 WHERE withdrawn AND part = 0",
            migrations.RunSQL.noop,
        ),
    ]
