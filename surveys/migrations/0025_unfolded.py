"""Finds the rows whose labels are to be folded, without holding up whoever answers."""

from typing import Any

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models

from surveys.labels import unfold


def forward(_apps: Any, _editor: Any) -> None:  # Any: as Django calls it
    """Nothing: the next night folds what may be folded."""


def back(_apps: Any, _editor: Any) -> None:
    """Versions before read labels in clear."""
    unfold()


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("surveys", "0024_labels")]

    operations = [
        AddIndexConcurrently(
            model_name="response",
            index=models.Index(
                "office",
                "day",
                name="response_unfolded",
                condition=models.Q(batch__isnull=False, labels=None),
            ),
        ),
        migrations.RunPython(forward, back),
    ]
