"""What becomes of keys of other systems and of the questionnaires that are offered is noted."""

from django.db import migrations

from audit.history import watch


class Migration(migrations.Migration):

    dependencies = [("surveys", "0015_marks"), ("audit", "0002_chain")]

    operations = [
        watch(
            "surveys_integration",
            but=("used_on", "old_key_used_on"),
            hidden=("key_hash", "old_key_hash"),
            unit="unit_id",
        ),
        watch("surveys_instrument", only=("slug", "version", "is_default", "offered", "official")),
    ]
