"""Which releases everybody may read. Only ever added, as releases themselves."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

# Whoever answers waits behind a statement that waits: it gives up soon, and is run again.
PATIENCE = "SET LOCAL lock_timeout = '2s'"
TRIGGERS = """
CREATE TRIGGER release_rows_stay BEFORE UPDATE OR DELETE ON reports_publicrelease
FOR EACH ROW EXECUTE FUNCTION reports_refuse_change_of_release();
CREATE TRIGGER release_table_stays BEFORE TRUNCATE ON reports_publicrelease
FOR EACH STATEMENT EXECUTE FUNCTION reports_refuse_change_of_release();
"""
NO_TRIGGERS = """
DROP TRIGGER release_rows_stay ON reports_publicrelease;
DROP TRIGGER release_table_stays ON reports_publicrelease;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("reports", "0023_screens"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RunSQL(PATIENCE, migrations.RunSQL.noop),
        migrations.CreateModel(
            name="PublicRelease",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("made_at", models.DateTimeField()),
                (
                    "made_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "release",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="public",
                        to="reports.release",
                    ),
                ),
            ],
            options={
                "verbose_name": "public release",
                "verbose_name_plural": "public releases",
                "ordering": ["-made_at"],
            },
        ),
        migrations.RunSQL(TRIGGERS, NO_TRIGGERS),
        migrations.RunSQL(migrations.RunSQL.noop, PATIENCE),
    ]
