from django.db import migrations, models

ASKED_BEFORE = """
UPDATE surveys_instrument AS i SET was_offered = true
WHERE i.offered OR EXISTS (SELECT 1 FROM surveys_response AS r WHERE r.instrument_id = i.id)
"""


class Migration(migrations.Migration):
    dependencies = [("surveys", "0013_invitations")]

    operations = [
        migrations.AddField(
            model_name="instrument",
            name="was_offered",
            field=models.BooleanField(
                db_default=False,
                default=False,
                verbose_name="citizens could answer it at some time",
            ),
        ),
        migrations.RunSQL(ASKED_BEFORE, migrations.RunSQL.noop),
    ]
