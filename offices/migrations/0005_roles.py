"""Eight roles instead of three: whoever is an officer of something is called after what it is.

A head of a whole commune becomes head of each of its offices. A role that is held where it may not
be held, such as a head of a country, stays to be read and gives nothing (`offices.rights`).
"""

from django.db import migrations, models

# While a migration waits for whoever reads a table, nobody can sign in.
PATIENCE = "SET LOCAL lock_timeout = '2s'"
NAME = """
UPDATE offices_membership m SET role = CASE u.level
    WHEN 'country' THEN 'country_officer'
    WHEN 'province' THEN 'provincial_officer'
    ELSE 'unit_officer' END
FROM offices_administrativeunit u
WHERE u.id = m.unit_id AND m.role = 'provincial_officer'
"""
HEADS = """
INSERT INTO offices_membership (user_id, role, office_id)
SELECT m.user_id, 'office_head', o.id
FROM offices_membership m
JOIN offices_administrativeunit u ON u.id = m.unit_id AND u.level IN ('commune', 'district')
JOIN offices_office o ON m.unit_id IN (o.unit_id, o.today_unit_id)
WHERE m.role = 'office_head' AND NOT EXISTS (
    SELECT FROM offices_membership known
    WHERE known.user_id = m.user_id AND known.role = 'office_head' AND known.office_id = o.id
)
"""
NAME_BACK = """
UPDATE offices_membership SET role = 'provincial_officer'
WHERE role IN ('country_officer', 'unit_officer')
"""


class Migration(migrations.Migration):

    dependencies = [("offices", "0004_name_key")]

    operations = [
        migrations.RunSQL(PATIENCE, PATIENCE),
        migrations.AlterField(
            model_name="membership",
            name="role",
            field=models.CharField(
                choices=[
                    ("country_officer", "officer of the country"),
                    ("provincial_officer", "provincial officer"),
                    ("unit_officer", "officer of a unit"),
                    ("office_head", "head of office"),
                    ("clerk", "clerk"),
                    ("analyst", "analyst"),
                    ("auditor", "auditor"),
                    ("operator", "operator"),
                ],
                max_length=20,
                verbose_name="role",
            ),
        ),
        migrations.RunSQL(NAME, NAME_BACK),
        migrations.RunSQL(HEADS, migrations.RunSQL.noop),
    ]
