"""Finds the remarks that wait without reading those of all years."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("surveys", "0044_reply_news")]

    operations = [
        AddIndexConcurrently(
            model_name="remark",
            index=models.Index(
                "office",
                "due_on",
                name="remark_waiting",
                condition=models.Q(state__in=[0, 1, 5]),
            ),
        ),
    ]
