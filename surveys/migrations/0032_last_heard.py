"""The last day on which each tablet was heard: what waits on it is not older than that."""

from django.db import migrations

FILL = """
INSERT INTO surveys_tabletday (tablet_id, day)
SELECT id, (heard_at AT TIME ZONE 'Asia/Ho_Chi_Minh')::date
FROM surveys_tablet WHERE heard_at IS NOT NULL
ON CONFLICT DO NOTHING
"""


class Migration(migrations.Migration):
    dependencies = [("surveys", "0031_tablet_day")]

    operations = [migrations.RunSQL(FILL, migrations.RunSQL.noop)]
