"""Items may be reasons for a low answer. Choices stand in no table: nothing is written."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("surveys", "0042_stage_first")]
    operations = [
        migrations.AlterField(
            model_name="criterion",
            name="scale",
            field=models.CharField(
                choices=[
                    ("satisfaction", "five levels of satisfaction"),
                    ("level4", "four levels"),
                    ("choice", "one of several"),
                    ("box", "one box of several"),
                    ("yesno", "yes or no"),
                    ("reason", "a reason for a low answer"),
                ],
                max_length=12,
                verbose_name="scale",
            ),
        )
    ]
