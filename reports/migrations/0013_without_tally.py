"""The tally goes, and with it the scores of days and weeks: both are no longer made."""

from django.db import migrations

DAYS_AND_WEEKS = "DELETE FROM reports_score WHERE period IN ('day', 'week')"

# Whoever goes back has everything counted again, which makes what is missing.
COUNT_EVERYTHING = """
INSERT INTO surveys_mark (office_id, day) SELECT DISTINCT office_id, day FROM surveys_response
"""


# While a migration waits for whoever reads a table, such as a backup, nobody can answer a form.
PATIENCE = "SET LOCAL lock_timeout = '2s'"


class Migration(migrations.Migration):
    dependencies = [("reports", "0012_breakdown_members")]

    operations = [
        migrations.RunSQL(PATIENCE, migrations.RunSQL.noop),
        migrations.RunSQL(DAYS_AND_WEEKS, COUNT_EVERYTHING),
        migrations.DeleteModel("Tally"),
        migrations.RunSQL(migrations.RunSQL.noop, PATIENCE),  # on the way back
    ]
