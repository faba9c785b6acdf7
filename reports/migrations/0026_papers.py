"""Reports made beforehand and their files; the step of the night that chooses them."""

import django.db.models.deletion
import django.db.models.functions.datetime
from django.db import migrations, models


# Whoever answers waits behind a statement that waits: it gives up soon, and is run again.
PATIENCE = "SET LOCAL lock_timeout = '2s'"
# The version before knows no such step, and would fail at it every half hour.
WITHOUT = "DELETE FROM reports_nightstep WHERE name = 'papers'"


class Migration(migrations.Migration):
    dependencies = [
        ("offices", "0010_more_history"),
        ("reports", "0025_plans"),
        ("surveys", "0035_without_authority"),
    ]

    operations = [
        migrations.RunSQL(PATIENCE, WITHOUT),
        migrations.AlterField(
            model_name="nightstep",
            name="name",
            field=models.CharField(
                choices=[
                    ("begin", "Unfinished forms"),
                    ("province", "Offices of a province"),
                    ("country", "The country"),
                    ("tables", "Tables by field, channel and quality"),
                    ("handover", "Handing over remarks"),
                    ("proof", "Proof of the figures"),
                    ("keys", "Keys of invitations that have ended"),
                    ("contacts", "Contacts whose time has come"),
                    ("sessions", "Sign-ins that have ended"),
                    ("audit", "Proof of the audit"),
                    ("letters", "Mails to whoever asked for one"),
                    ("papers", "Choosing reports to make"),
                ],
                max_length=16,
            ),
        ),
        migrations.CreateModel(
            name="Paper",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "map",
                    models.CharField(
                        blank=True,
                        choices=[("then", "as of then"), ("today", "today's map")],
                        default="",
                        max_length=5,
                    ),
                ),
                (
                    "period",
                    models.CharField(
                        choices=[
                            ("day", "day"),
                            ("week", "week"),
                            ("month", "month"),
                            ("quarter", "quarter"),
                            ("year", "year"),
                        ],
                        max_length=7,
                    ),
                ),
                ("start", models.DateField()),
                (
                    "state",
                    models.CharField(
                        choices=[("waiting", "waiting"), ("made", "made"), ("failed", "failed")],
                        default="waiting",
                        max_length=7,
                    ),
                ),
                (
                    "reason",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("figures", "its figures could not be gathered"),
                            ("pdf", "the PDF could not be written"),
                            ("xlsx", "the XLSX could not be written"),
                            ("ended", "the process ended while it was made"),
                        ],
                        default="",
                        max_length=7,
                    ),
                ),
                ("attempts", models.PositiveSmallIntegerField(default=0)),
                ("lease_until", models.DateTimeField(null=True)),
                ("computed_at", models.DateTimeField(null=True)),
                ("made_at", models.DateTimeField(null=True)),
                (
                    "instrument",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="surveys.instrument",
                    ),
                ),
                (
                    "night",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="papers",
                        to="reports.night",
                    ),
                ),
                (
                    "office",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="offices.office",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="offices.administrativeunit",
                    ),
                ),
            ],
            options={
                "verbose_name": "report made beforehand",
                "verbose_name_plural": "reports made beforehand",
                "indexes": [
                    models.Index(
                        models.F("attempts"),
                        models.F("id"),
                        condition=models.Q(("state", "waiting")),
                        name="paper_waits",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        models.F("office"),
                        models.F("unit"),
                        models.F("map"),
                        models.F("period"),
                        models.F("start"),
                        models.F("instrument"),
                        name="paper",
                        nulls_distinct=False,
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("map", ""), ("office__isnull", False), ("unit", None)),
                            models.Q(
                                models.Q(("office", None), ("unit__isnull", False)),
                                models.Q(("map", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="paper_of_an_office_or_a_unit",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                models.Q(("state", "failed")),
                                models.Q(("reason", ""), _negated=True),
                            ),
                            models.Q(models.Q(("state", "failed"), _negated=True), ("reason", "")),
                            _connector="OR",
                        ),
                        name="paper_failed_has_its_reason",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="PaperFile",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("ending", models.CharField(max_length=4)),
                ("fingerprint", models.CharField(max_length=64)),
                ("seal", models.CharField(max_length=64)),
                ("size", models.PositiveIntegerField()),
                ("content", models.BinaryField(null=True)),
                (
                    "made_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
                ),
                (
                    "paper",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="files",
                        to="reports.paper",
                    ),
                ),
            ],
            options={
                "verbose_name": "file of a report",
                "verbose_name_plural": "files of reports",
                "constraints": [
                    models.UniqueConstraint(
                        models.F("paper"), models.F("ending"), name="paper_file"
                    )
                ],
            },
        ),
        migrations.RunSQL(migrations.RunSQL.noop, PATIENCE),
    ]
