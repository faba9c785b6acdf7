"""Finds the rows that still stand where they were written, without holding up whoever answers."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("surveys", "0019_no_order")]

    operations = [
        AddIndexConcurrently(
            model_name="response",
            index=models.Index(
                "office", name="response_as_it_came", condition=models.Q(arrival__gt=0)
            ),
        ),
    ]
