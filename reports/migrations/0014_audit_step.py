"""The night has a step that verifies the audit."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [("reports", "0013_without_tally")]

    operations = [
        migrations.AlterField(
            model_name="nightstep",
            name="name",
            field=models.CharField(
                choices=[
                    ("begin", "Unfinished forms"),
                    ("province", "Offices of a province"),
                    ("country", "The country"),
                    ("tables", "Tables by field, channel and quality"),
                    ("handover", "Handing over remarks"),
                    ("proof", "Proof of the figures"),
                    ("keys", "Keys of invitations that have ended"),
                    ("contacts", "Contacts whose time has come"),
                    ("sessions", "Sign-ins that have ended"),
                    ("audit", "Proof of the audit"),
                ],
                max_length=16,
            ),
        )
    ]
