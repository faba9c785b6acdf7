import django.db.models.deletion
from django.db import migrations, models

# Whoever pairs waits behind a statement that waits: it gives up soon, and is run again.
PATIENCE = "SET LOCAL lock_timeout = '2s'"


class Migration(migrations.Migration):
    dependencies = [("surveys", "0030_consent")]

    operations = [
        migrations.RunSQL(PATIENCE, migrations.RunSQL.noop),
        migrations.CreateModel(
            name="TabletDay",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("day", models.DateField()),
                (
                    "tablet",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="days",
                        to="surveys.tablet",
                    ),
                ),
            ],
            options={
                "verbose_name": "day of a tablet",
                "verbose_name_plural": "days of tablets",
                "constraints": [
                    models.UniqueConstraint(
                        models.F("tablet"), models.F("day"), name="tablet_heard_once_a_day"
                    )
                ],
            },
        ),
        migrations.RunSQL(migrations.RunSQL.noop, PATIENCE),
    ]
