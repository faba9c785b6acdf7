"""The tally goes, and with it the scores of days and weeks: both are no longer made."""

from django.db import migrations

DAYS_AND_WEEKS = "DELETE FROM reports_score WHERE period IN ('day', 'week')"

# Whoever goes back has everything counted again, which makes what is missing.
COUNT_EVERYTHING = """
INSERT INTO surveys_mark (office_id, day) SELECT DISTINCT office_id, day FROM surveys_response
"""


class Migration(migrations.Migration):
    dependencies = [("reports", "0009_fill_closed_months")]

    operations = [
        migrations.RunSQL(DAYS_AND_WEEKS, COUNT_EVERYTHING),
        migrations.DeleteModel("Tally"),
    ]
