"""A night becomes rows that can be taken up again.

The table of nights keeps its name and its columns, which the version before still reads. One row a
day: filling the new column takes no time, so it is done here.
"""

import django.db.models.deletion
from django.db import migrations, models

STATES = [
    ("waiting", "waiting"),
    ("running", "running"),
    ("done", "done"),
    ("failed", "failed"),
    ("covered", "left to a later night"),
]
NAMES = [
    ("begin", "Unfinished forms"),
    ("province", "Offices of a province"),
    ("country", "The country"),
    ("tables", "Tables by field, channel and quality"),
    ("handover", "Handing over remarks"),
    ("proof", "Proof of the figures"),
    ("keys", "Keys of invitations that have ended"),
    ("contacts", "Contacts whose time has come"),
    ("sessions", "Sign-ins that have ended"),
]


# Whoever reads units, such as a backup, is not waited for with everybody else behind us.
PATIENCE = "SET LOCAL lock_timeout = '2s'"


class Migration(migrations.Migration):
    dependencies = [("offices", "0004_name_key"), ("reports", "0009_fill_closed_months")]

    operations = [
        migrations.RunSQL(PATIENCE, migrations.RunSQL.noop),
        migrations.AlterModelTable("nightlyrun", "reports_nightlyrun"),
        migrations.RenameModel("NightlyRun", "Night"),
        migrations.AlterModelOptions(
            "night",
            {"ordering": ["-day"], "verbose_name": "night", "verbose_name_plural": "nights"},
        ),
        migrations.AlterField("night", "started_at", models.DateTimeField(db_column="started_at")),
        migrations.RenameField("night", "started_at", "began_at"),
        migrations.AlterField(
            "night", "finished_at", models.DateTimeField(null=True, db_column="finished_at")
        ),
        migrations.RenameField("night", "finished_at", "ended_at"),
        migrations.AddField("night", "closed_at", models.DateTimeField(null=True)),
        migrations.RunSQL(
            "UPDATE reports_nightlyrun SET closed_at = finished_at",
            "UPDATE reports_nightlyrun SET finished_at = coalesce(finished_at, closed_at)",
        ),
        migrations.CreateModel(
            name="NightStep",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=16, choices=NAMES)),
                ("position", models.PositiveSmallIntegerField()),
                ("state", models.CharField(max_length=8, choices=STATES, default="waiting")),
                ("again", models.BooleanField(default=False)),
                ("attempts", models.PositiveIntegerField(default=0)),
                ("died", models.PositiveIntegerField(default=0)),
                ("lease_until", models.DateTimeField(null=True)),
                ("holder", models.CharField(max_length=100, default="")),
                ("at", models.CharField(max_length=100, default="")),
                ("last_error", models.TextField(default="")),
                ("began_at", models.DateTimeField(null=True)),
                ("ended_at", models.DateTimeField(null=True)),
                ("result", models.JSONField(default=dict)),
                ("night", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="steps", to="reports.night")),
                ("province", models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name="+", to="offices.administrativeunit")),
            ],
            options={
                "verbose_name": "step of a night",
                "verbose_name_plural": "steps of nights",
                "ordering": ["position", "pk"],
                "constraints": [
                    models.UniqueConstraint("night", "name", "province", name="night_step", nulls_distinct=False)
                ],
            },
        ),
        migrations.CreateModel(
            name="MarkWatch",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField()),
                ("newest", models.BigIntegerField()),
            ],
            options={
                "verbose_name": "watch over marks",
                "verbose_name_plural": "watches over marks",
            },
        ),
        migrations.RunSQL(migrations.RunSQL.noop, PATIENCE),
    ]
