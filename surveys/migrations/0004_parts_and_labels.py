"""The whole form of the ministry has parts, and more local labels than the office's."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("surveys", "0003_arrival")]

    operations = [
        migrations.AddField("instrument", "parts", models.JSONField(
            blank=True, default=list, verbose_name="parts")),
        migrations.RemoveField("instrument", "office_labels"),
        migrations.AddField("instrument", "labels", models.JSONField(
            blank=True, default=dict, verbose_name="local labels")),
        migrations.AddField("criterion", "part", models.CharField(
            blank=True, default="", max_length=8, verbose_name="part"), preserve_default=False),
    ]
