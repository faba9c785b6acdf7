"""Months that were closed before get their rows and openings with the next count.

One day of each is marked, so that the count finds blocks of closed months in no row and forms it.
Until then pages show headlines only.
"""

from django.db import migrations

MARK = """
INSERT INTO surveys_mark (office_id, day)
SELECT DISTINCT c.office_id, c.start FROM reports_closedmonth c
WHERE EXISTS (
    SELECT 1 FROM reports_batch b WHERE b.office_id = c.office_id
      AND b.instrument_id = c.instrument_id
      AND b.day >= c.start AND b.day < c.start + interval '1 month'
)
"""


class Migration(migrations.Migration):
    dependencies = [
        ("reports", "0015_openings"),
        ("surveys", "0018_more_history"),
    ]

    operations = [migrations.RunSQL(MARK, migrations.RunSQL.noop)]
