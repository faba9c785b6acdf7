"""How several marks are called; no table changes."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("surveys", "0014_was_offered")]
    operations = [
        migrations.AlterModelOptions(
            name="mark",
            options={"verbose_name": "mark", "verbose_name_plural": "marks"},
        ),
    ]
