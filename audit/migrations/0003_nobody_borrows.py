"""Functions that act as the owner of the audit are for the triggers of our migrations alone.

PostgreSQL lets everybody make a trigger of every function, and asks no more when it fires. Whoever
may only insert could have put ours on a table of their own, beside tables that are called as those
of the audit, and so have acted as its owner.
"""

from django.db import migrations

FUNCTIONS = "audit_wait(), audit_note_row(), audit_note_truncate()"


class Migration(migrations.Migration):

    dependencies = [("audit", "0002_chain")]

    operations = [
        migrations.RunSQL(
            f"REVOKE EXECUTE ON FUNCTION {FUNCTIONS} FROM PUBLIC",
            f"GRANT EXECUTE ON FUNCTION {FUNCTIONS} TO PUBLIC",
        ),
    ]
