"""Changes to the directory raise one number, so that processes know when to read it again."""

from django.db import migrations

TABLES = [
    "offices_administrativeunit",
    "offices_designation",
    "offices_office",
    "offices_counter",
    "offices_field",
    "offices_procedure",
]

# A sequence never goes back, so a rolled-back change cannot lend its number to another one.
FUNCTION = """
CREATE SEQUENCE offices_directory_revision_seq;
CREATE FUNCTION offices_raise_directory_revision() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO offices_directoryrevision (id, revision)
    VALUES (1, nextval('offices_directory_revision_seq'))
    ON CONFLICT (id) DO UPDATE SET revision = excluded.revision;
    RETURN NULL;
END
$$;
"""
UNDO = """
DROP FUNCTION offices_raise_directory_revision();
DROP SEQUENCE offices_directory_revision_seq;
"""

TRIGGER = """
CREATE TRIGGER raise_directory_revision
AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON {table}
FOR EACH STATEMENT EXECUTE FUNCTION offices_raise_directory_revision();
"""


class Migration(migrations.Migration):
    dependencies = [("offices", "0001_initial")]

    operations = [
        migrations.RunSQL(FUNCTION, UNDO),
        *[
            migrations.RunSQL(
                TRIGGER.format(table=table), f"DROP TRIGGER raise_directory_revision ON {table}"
            )
            for table in TABLES
        ],
    ]
