"""Screens on walls, each with an address of its own."""

import django.db.models.deletion
from django.db import migrations, models

# Whoever answers waits behind a statement that waits: it gives up soon, and is run again.
PATIENCE = "SET LOCAL lock_timeout = '2s'"


class Migration(migrations.Migration):
    dependencies = [
        ("offices", "0010_more_history"),
        ("reports", "0022_reminders"),
    ]

    operations = [
        migrations.RunSQL(PATIENCE, migrations.RunSQL.noop),
        migrations.CreateModel(
            name="Screen",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("words", models.CharField(max_length=80)),
                ("made_on", models.DateField()),
                ("revoked_on", models.DateField(null=True)),
                (
                    "office",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="screens",
                        to="offices.office",
                    ),
                ),
            ],
            options={"verbose_name": "screen", "verbose_name_plural": "screens"},
        ),
        migrations.RunSQL(migrations.RunSQL.noop, PATIENCE),
    ]
