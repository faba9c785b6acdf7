"""Which proposal somebody of the unit above consented to; tablets from before have none."""

import django.db.models.deletion
from django.db import migrations, models

# Whoever works with proposals waits behind a statement that waits: it gives up soon, and is run
# again.
PATIENCE = "SET LOCAL lock_timeout = '2s'"


class Migration(migrations.Migration):
    dependencies = [("surveys", "0029_keys_end"), ("offices", "0010_more_history")]

    operations = [
        migrations.RunSQL(PATIENCE, migrations.RunSQL.noop),
        migrations.AddField(
            model_name="tablet",
            name="consent",
            field=models.OneToOneField(
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="offices.proposal",
            ),
        ),
        migrations.RunSQL(migrations.RunSQL.noop, PATIENCE),
    ]
