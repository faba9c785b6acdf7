"""Instruments are part of what processes keep in memory; see offices/0002."""

from django.db import migrations

TABLES = ["surveys_instrument", "surveys_factor", "surveys_criterion"]

TRIGGER = """
CREATE TRIGGER raise_directory_revision
AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON {table}
FOR EACH STATEMENT EXECUTE FUNCTION offices_raise_directory_revision();
"""


class Migration(migrations.Migration):
    dependencies = [("surveys", "0001_initial"), ("offices", "0002_directory_revision")]

    operations = [
        migrations.RunSQL(
            TRIGGER.format(table=table), f"DROP TRIGGER raise_directory_revision ON {table}"
        )
        for table in TABLES
    ]
