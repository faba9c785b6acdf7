"""A questionnaire may ask the stage first, and says which of its questions are about the result."""

from django.db import migrations, models

# Whoever answers waits behind a statement that waits: it gives up soon, and is run again.
PATIENCE = "SET LOCAL lock_timeout = '2s'"


class Migration(migrations.Migration):
    dependencies = [("surveys", "0041_one_by_one")]
    operations = [
        migrations.RunSQL(PATIENCE, migrations.RunSQL.noop),
        migrations.AddField(
            model_name="instrument",
            name="stage_first_since",
            field=models.DateField(
                blank=True,
                editable=False,
                null=True,
                verbose_name="the stage is asked first since",
            ),
        ),
        migrations.AddField(
            model_name="criterion",
            name="about_result",
            field=models.BooleanField(
                db_default=False, default=False, verbose_name="about the result"
            ),
        ),
        migrations.AddField(
            model_name="criterion",
            name="if_refused",
            field=models.JSONField(
                blank=True, db_default={}, default=dict, verbose_name="text if refused"
            ),
        ),
    ]
