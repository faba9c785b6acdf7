from django.db import migrations, models

# Whoever pairs waits behind a statement that waits: it gives up soon, and is run again.
PATIENCE = "SET LOCAL lock_timeout = '2s'"


class Migration(migrations.Migration):
    dependencies = [("surveys", "0032_last_heard")]

    operations = [
        migrations.RunSQL(PATIENCE, migrations.RunSQL.noop),
        migrations.AddField(
            model_name="tablet",
            name="public_key",
            field=models.BinaryField(max_length=65, null=True),
        ),
        migrations.RunSQL(migrations.RunSQL.noop, PATIENCE),
    ]
