"""Keys of other systems end: those that there are a year after this migration."""

import datetime

from django.db import migrations, models
from django.db.models.functions import Cast, Now

# Whoever answers waits behind a statement that waits: it gives up soon, and is run again.
PATIENCE = "SET LOCAL lock_timeout = '2s'"


class Migration(migrations.Migration):
    dependencies = [("surveys", "0028_told_dossier")]

    operations = [
        migrations.RunSQL(PATIENCE, migrations.RunSQL.noop),
        migrations.AddField(
            model_name="integration",
            name="ends_on",
            field=models.DateField(
                db_default=Cast(Now() + datetime.timedelta(days=365), models.DateField()),
                verbose_name="key serves until",
            ),
        ),
        migrations.RunSQL(migrations.RunSQL.noop, PATIENCE),
    ]
