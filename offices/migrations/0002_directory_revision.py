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

FUNCTION = """
CREATE FUNCTION offices_raise_directory_revision() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE offices_directoryrevision SET revision = revision + 1;
    RETURN NULL;
END
$$;
INSERT INTO offices_directoryrevision (id, revision) VALUES (1, 0);
"""

TRIGGER = """
CREATE TRIGGER raise_directory_revision
AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON {table}
FOR EACH STATEMENT EXECUTE FUNCTION offices_raise_directory_revision();
"""


class Migration(migrations.Migration):
    dependencies = [("offices", "0001_initial")]

    operations = [
        migrations.RunSQL(
            FUNCTION,
            "DELETE FROM offices_directoryrevision; DROP FUNCTION offices_raise_directory_revision()",
        ),
        *[
            migrations.RunSQL(
                TRIGGER.format(table=table), f"DROP TRIGGER raise_directory_revision ON {table}"
            )
            for table in TABLES
        ],
    ]
