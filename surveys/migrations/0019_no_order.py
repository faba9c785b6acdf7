"""Nothing says any more who came first; hours of closed months can be forgotten."""

from django.db import migrations, models

# While a migration waits for whoever reads a table, nobody can answer a form.
PATIENCE = "SET LOCAL lock_timeout = '2s'"

# Processes of before, which go on until they are replaced, still ask it for a number, and must get
# one that is larger than 0 and says nothing.
NO_ORDER = "ALTER SEQUENCE surveys_arrival MINVALUE 1 MAXVALUE 2 RESTART 1 CYCLE"
ORDER = "ALTER SEQUENCE surveys_arrival MINVALUE 1 NO MAXVALUE RESTART 3 NO CYCLE"
# Whoever goes back finds an hour in every row; which one it was nobody knows any more.
SOME_HOUR = "UPDATE surveys_response SET hour = 0 WHERE hour IS NULL"


class Migration(migrations.Migration):
    dependencies = [("surveys", "0018_more_history")]

    operations = [
        migrations.RunSQL(PATIENCE, migrations.RunSQL.noop),
        migrations.RunSQL(NO_ORDER, ORDER),
        migrations.AlterField(
            model_name="response",
            name="hour",
            field=models.PositiveSmallIntegerField(null=True),
        ),
        migrations.RunSQL(migrations.RunSQL.noop, SOME_HOUR),
        migrations.RunSQL(migrations.RunSQL.noop, PATIENCE),  # on the way back
    ]
