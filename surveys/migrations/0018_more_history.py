"""What becomes of targets, drafts of questionnaires, exclusions and tablets is noted in the audit."""

from django.db import migrations

from audit.history import watch


class Migration(migrations.Migration):

    dependencies = [("surveys", "0017_drafts_targets_keys"), ("audit", "0002_chain")]

    operations = [
        watch("surveys_target", office="office_id", unit="unit_id"),
        # the file itself is known by its hash
        watch("surveys_questionnairedraft", but=("text", "title")),
        watch("surveys_exclusion", office="office_id"),
        # what a tablet tells of itself is no setting
        watch(
            "surveys_tablet",
            but=("heard_at", "waiting", "skew_minutes"),
            hidden=("code", "secret"),
            office="office_id",
        ),
    ]
