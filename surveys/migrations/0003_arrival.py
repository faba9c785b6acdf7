"""The queue for batches, whose order is erased when a batch is formed."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("surveys", "0002_directory_revision")]

    operations = [
        migrations.RunSQL("CREATE SEQUENCE surveys_arrival", "DROP SEQUENCE surveys_arrival"),
        migrations.AddField(
            model_name="response", name="arrival", field=models.BigIntegerField(null=True)
        ),
    ]
