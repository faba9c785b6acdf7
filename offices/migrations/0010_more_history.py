"""What becomes of hours, days off, addresses, decisions and groups is noted in the audit too.

Keys that only serve a search follow from names, and are noted no more.
"""

from django.db import migrations

from audit.history import watch

BEFORE = ("last_login", "name_key")
NEVER = (*BEFORE, "search_key")
PLACE = {"office": "id", "unit": "unit_id"}


def instead(old: migrations.RunSQL, new: migrations.RunSQL) -> migrations.RunSQL:
    """A table is watched in another way than before."""
    return migrations.RunSQL([*old.reverse_sql, *new.sql], [*new.reverse_sql, *old.sql])


class Migration(migrations.Migration):

    dependencies = [
        ("offices", "0009_search_keys"),
        ("audit", "0002_chain"),
        ("auth", "0012_alter_user_first_name_max_length"),
    ]

    operations = [
        instead(
            watch("offices_user", but=BEFORE, hidden=("password",)),
            watch("offices_user", but=NEVER, hidden=("password",)),
        ),
        instead(
            watch("offices_office", but=BEFORE, **PLACE), watch("offices_office", but=NEVER, **PLACE)
        ),
        watch("offices_openinghours", office="office_id"),
        watch("offices_holiday", unit="unit_id"),
        watch("offices_officeaddress", office="office_id"),
        # its rows stay, and are decided once: this tells who decided one past the system
        watch(
            "offices_proposal",
            only=("kind", "state", "decided_by_id", "decided_as", "decided_at"),
            office="office_id",
            unit="unit_id",
        ),
        watch("auth_group"),
        watch("auth_group_permissions"),
    ]
