"""Folded labels, and the key that opens them."""

from django.db import migrations, models

# Whoever answers waits behind a statement that waits: it gives up soon, and is run again.
PATIENCE = "SET LOCAL lock_timeout = '2s'"


class Migration(migrations.Migration):
    dependencies = [("surveys", "0023_who_had_left")]

    operations = [
        migrations.RunSQL(PATIENCE, migrations.RunSQL.noop),
        migrations.CreateModel(
            name="LabelKey",
            fields=[
                (
                    "id",
                    models.PositiveSmallIntegerField(
                        default=1, primary_key=True, serialize=False
                    ),
                ),
                ("sealed", models.BinaryField()),
            ],
            options={"verbose_name": "key of labels", "verbose_name_plural": "keys of labels"},
        ),
        migrations.AddConstraint(
            model_name="labelkey",
            constraint=models.CheckConstraint(
                condition=models.Q(("id", 1)), name="label_key_only"
            ),
        ),
        migrations.AddField(
            model_name="response",
            name="labels",
            field=models.BigIntegerField(null=True),
        ),
        migrations.RunSQL(migrations.RunSQL.noop, PATIENCE),
    ]
