"""Phones may ask one question a screen, of each questionnaire from a day on."""

from django.db import migrations, models

# Whoever answers waits behind a statement that waits: it gives up soon, and is run again.
PATIENCE = "SET LOCAL lock_timeout = '2s'"


class Migration(migrations.Migration):
    dependencies = [("surveys", "0040_batteries")]
    operations = [
        migrations.RunSQL(PATIENCE, migrations.RunSQL.noop),
        migrations.AddField(
            model_name="instrument",
            name="one_by_one_since",
            field=models.DateField(
                blank=True,
                editable=False,
                null=True,
                verbose_name="phones ask one question a screen since",
            ),
        ),
    ]
