"""Seals that are made with the key of the labels; what digests of releases are taken of."""

from django.db import migrations, models

# Whoever answers waits behind a statement that waits: it gives up soon, and is run again.
PATIENCE = "SET LOCAL lock_timeout = '2s'"

# Nothing proves former tables any more, and their digests would open labels.
FORGET = "UPDATE reports_breakdownmembership SET digest = '' WHERE digest <> ''"


class Migration(migrations.Migration):
    dependencies = [("reports", "0019_moved"), ("surveys", "0025_unfolded")]

    operations = [
        migrations.RunSQL(PATIENCE, migrations.RunSQL.noop),
        migrations.AddField(
            model_name="closedmonth",
            name="keyed",
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.AddField(
            model_name="release",
            name="line",
            field=models.PositiveSmallIntegerField(db_default=1, default=1),
        ),
        migrations.RunSQL(FORGET, migrations.RunSQL.noop),
        migrations.RunSQL(migrations.RunSQL.noop, PATIENCE),
    ]
