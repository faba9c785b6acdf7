"""Cuts are breakdowns, or memberships of releases; releases of remarks are handovers.

Only names in the code change: tables, columns and constraints keep theirs, and no statement is run
on them. Statements of others, and releases that refuse deletion, notice nothing.
"""

import django.db.models.deletion
from django.db import migrations, models

TABLES = {
    "Cut": ("Breakdown", "reports_cut"),
    "CutCell": ("BreakdownCell", "reports_cutcell"),
    "ReleaseCut": ("ReleaseMembership", "reports_releasecut"),
    "RemarkRelease": ("Handover", "reports_remarkrelease"),
}


class Migration(migrations.Migration):
    dependencies = [("reports", "0006_remark_release"), ("offices", "0004_name_key")]

    operations = [
        *(migrations.AlterModelTable(old, table) for old, (_, table) in TABLES.items()),
        *(migrations.RenameModel(old, new) for old, (new, _) in TABLES.items()),
        # its expressions name the field, so that the state must be told of it apart
        migrations.SeparateDatabaseAndState(
            state_operations=[migrations.RemoveConstraint("BreakdownCell", "cut_cell")]
        ),
        migrations.AlterField(
            "BreakdownCell",
            "cut",
            models.ForeignKey(
                db_column="cut_id",
                on_delete=django.db.models.deletion.CASCADE,
                related_name="cells",
                to="reports.breakdown",
            ),
        ),
        migrations.RenameField("BreakdownCell", "cut", "breakdown"),
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.AddConstraint(
                    "BreakdownCell",
                    models.UniqueConstraint(
                        "breakdown", "office", "key", name="cut_cell", nulls_distinct=False
                    ),
                )
            ]
        ),
        migrations.AlterModelOptions(
            "Breakdown", {"verbose_name": "breakdown", "verbose_name_plural": "breakdowns"}
        ),
        migrations.AlterModelOptions(
            "BreakdownCell",
            {
                "verbose_name": "cell of a breakdown",
                "verbose_name_plural": "cells of breakdowns",
            },
        ),
        migrations.AlterModelOptions(
            "Handover",
            {
                "verbose_name": "handover of remarks",
                "verbose_name_plural": "handovers of remarks",
            },
        ),
        migrations.AlterModelOptions(
            "ReleaseMembership",
            {
                "verbose_name": "membership of a release",
                "verbose_name_plural": "memberships of releases",
            },
        ),
        migrations.AlterField(
            "Breakdown",
            "unit",
            models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="breakdowns",
                to="offices.administrativeunit",
            ),
        ),
        migrations.AlterField(
            "ReleaseMembership",
            "release",
            models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="memberships",
                to="reports.release",
            ),
        ),
    ]
