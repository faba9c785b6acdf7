"""Forms say no more which office resolved the dossier; the column stays until the next migration.

Processes of before still write and read it, those of now do not: until all are replaced, either may
work. Whoever wants no pause replaces them between this migration and the next (docs/operations.md).
"""

import django.db.models.deletion
from django.db import migrations, models

# Whoever answers waits behind a statement that waits: it gives up soon, and is run again.
PATIENCE = "SET LOCAL lock_timeout = '2s'"

# On the way back. No way in ever named another office.
FILL = "UPDATE surveys_response SET authority_id = office_id WHERE authority_id IS NULL"


class Migration(migrations.Migration):
    dependencies = [("offices", "0010_more_history"), ("surveys", "0033_public_key")]

    operations = [
        migrations.RunSQL(PATIENCE, migrations.RunSQL.noop),
        migrations.AlterField(
            model_name="response",
            name="authority",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="offices.office",
            ),
        ),
        migrations.RunSQL(migrations.RunSQL.noop, FILL),
        migrations.SeparateDatabaseAndState(
            state_operations=[migrations.RemoveField(model_name="response", name="authority")]
        ),
        migrations.RunSQL(migrations.RunSQL.noop, PATIENCE),  # on the way back
    ]
