"""What a tablet tells of its battery, and whether answers wait long on it; no setting of anybody."""

from django.db import migrations, models

from audit.history import watch

PATIENCE = "SET LOCAL lock_timeout = '2s'"
BEFORE = ("heard_at", "waiting", "skew_minutes")
NEVER = (*BEFORE, "battery", "charging", "waits_long")
TABLET = {"hidden": ("code", "secret"), "office": "office_id"}


def instead(old: migrations.RunSQL, new: migrations.RunSQL) -> migrations.RunSQL:
    """A table is watched in another way than before."""
    return migrations.RunSQL([*old.reverse_sql, *new.sql], [*new.reverse_sql, *old.sql])


class Migration(migrations.Migration):

    dependencies = [
        ("surveys", "0039_erased_remarks"),
        ("audit", "0002_chain"),
    ]

    operations = [
        migrations.RunSQL(PATIENCE, migrations.RunSQL.noop),
        migrations.AddField(
            model_name="tablet",
            name="battery",
            field=models.PositiveSmallIntegerField(null=True, verbose_name="battery, in percent"),
        ),
        migrations.AddField(
            model_name="tablet",
            name="charging",
            field=models.BooleanField(null=True, verbose_name="charging"),
        ),
        migrations.AddField(
            model_name="tablet",
            name="waits_long",
            field=models.BooleanField(null=True, verbose_name="answers wait for over a day"),
        ),
        instead(
            watch("surveys_tablet", but=BEFORE, **TABLET),
            watch("surveys_tablet", but=NEVER, **TABLET),
        ),
        migrations.RunSQL(migrations.RunSQL.noop, PATIENCE),  # on the way back
    ]
