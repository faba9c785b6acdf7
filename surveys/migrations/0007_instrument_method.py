"""How an instrument's criteria are put together, and which answers count, belong to its version."""

from django.db import migrations, models

import surveys.models.instrument


class Migration(migrations.Migration):
    dependencies = [("surveys", "0006_withdrawals")]

    operations = [
        migrations.AddField("instrument", "method", models.CharField(
            choices=[
                ("pooled", "all answers together"),
                ("mean_of_criteria", "mean of the criteria"),
                ("mean_of_factors", "mean of the factors"),
            ],
            db_default="pooled", default="pooled", max_length=16,
            verbose_name="how criteria are put together")),
        migrations.AddField("instrument", "satisfied", models.JSONField(
            db_default=[4, 5], default=surveys.models.instrument.satisfied_answers,
            verbose_name="answers that count as satisfied")),
        migrations.AddField("instrument", "valid", models.JSONField(
            db_default=[1, 2, 3, 4, 5], default=surveys.models.instrument.valid_answers,
            verbose_name="answers that count at all")),
    ]
