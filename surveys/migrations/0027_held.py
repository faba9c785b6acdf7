"""Finds forms that are held; folded labels can go back to before their evidence."""

from typing import Any

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models

from surveys.labels import unfold


def forward(_apps: Any, _editor: Any) -> None:  # Any: as Django calls it
    """Nothing: forms that are folded already say nothing of their evidence, and need not."""


def back(_apps: Any, _editor: Any) -> None:
    """Versions before know no evidence in the folded number, so nothing stays folded."""
    unfold()


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("surveys", "0026_evidence")]

    operations = [
        AddIndexConcurrently(
            model_name="response",
            index=models.Index("hold", name="response_held", condition=models.Q(hold__isnull=False)),
        ),
        migrations.RunPython(forward, back),
    ]
