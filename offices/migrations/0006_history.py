"""What becomes of accounts, roles, offices and counters is noted in the audit by the database."""

from django.db import migrations

from audit.history import watch

# A password is noted as changed, and never which; when somebody signed in has an entry of its own.
NEVER = ("last_login", "name_key")


class Migration(migrations.Migration):

    dependencies = [("offices", "0005_roles"), ("audit", "0002_chain")]

    operations = [
        watch("offices_user", but=NEVER, hidden=("password",)),
        watch("offices_user_groups"),
        watch("offices_user_user_permissions"),
        watch("offices_membership", office="office_id", unit="unit_id"),
        watch("offices_office", but=NEVER, office="id", unit="unit_id"),
        watch("offices_office_predecessors", office="from_office_id"),
        watch("offices_counter", office="office_id"),
    ]
