"""The column goes of which 0034 says that nobody needs it."""

from django.db import migrations

# Whoever answers waits behind a statement that waits: it gives up soon, and is run again.
PATIENCE = "SET LOCAL lock_timeout = '2s'"

GO = "ALTER TABLE surveys_response DROP COLUMN authority_id"
# Empty, so at once; 0034 fills it.
COME_BACK = "ALTER TABLE surveys_response ADD COLUMN authority_id bigint"


class Migration(migrations.Migration):
    # The other reads the column for its seals, also when somebody has gone back before it.
    dependencies = [("surveys", "0034_authority"), ("reports", "0009_fill_closed_months")]

    operations = [
        migrations.RunSQL(PATIENCE, migrations.RunSQL.noop),
        migrations.RunSQL(GO, COME_BACK),
        migrations.RunSQL(migrations.RunSQL.noop, PATIENCE),  # on the way back
    ]
