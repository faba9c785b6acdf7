"""Who asked for a letter after each night; and the step of the night that writes them."""

import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models

# Whoever answers waits behind a statement that waits: it gives up soon, and is run again.
PATIENCE = "SET LOCAL lock_timeout = '2s'"
STEPS = [
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
]
# The version before knows no such step, and would fail at it every half hour.
WITHOUT = "DELETE FROM reports_nightstep WHERE name = 'letters'"


class Migration(migrations.Migration):
    dependencies = [
        ("reports", "0020_keyed"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RunSQL(PATIENCE, migrations.RunSQL.noop),
        migrations.AlterField(
            model_name="nightstep",
            name="name",
            field=models.CharField(choices=STEPS, max_length=16),
        ),
        migrations.RunSQL(migrations.RunSQL.noop, WITHOUT),
        migrations.CreateModel(
            name="Subscription",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "since",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
                ),
                ("sent_for", models.DateField(null=True)),
                (
                    "returned",
                    models.CharField(blank=True, db_default="", default="", max_length=200),
                ),
                (
                    "user",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="subscription",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={"verbose_name": "subscription", "verbose_name_plural": "subscriptions"},
        ),
        migrations.RunSQL(migrations.RunSQL.noop, PATIENCE),
    ]
