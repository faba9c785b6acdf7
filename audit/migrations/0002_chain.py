"""The chain, and the rules that the database itself keeps: nothing written changes."""

import django.db.models.deletion
import django.db.models.functions.datetime
from django.db import migrations, models

TABLES = ["audit_entry", "audit_link"]

# TRUNCATE of an empty table is let through: `manage.py flush` of a fresh system names every table.
REFUSE = """
CREATE FUNCTION audit_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    filled boolean := true;
BEGIN
    IF TG_OP = 'TRUNCATE' THEN
        EXECUTE format('SELECT EXISTS (SELECT 1 FROM %I.%I)', TG_TABLE_SCHEMA, TG_TABLE_NAME)
        INTO filled;
    END IF;
    IF filled THEN
        RAISE EXCEPTION 'the audit never changes: % of % is refused', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NULL;
END
$$;
"""

STAYS = """
CREATE TRIGGER audit_rows_stay BEFORE UPDATE OR DELETE ON {table}
FOR EACH ROW EXECUTE FUNCTION audit_refuse_change();
CREATE TRIGGER audit_table_stays BEFORE TRUNCATE ON {table}
FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse_change();
"""
NO_STAYS = """
DROP TRIGGER audit_rows_stay ON {table};
DROP TRIGGER audit_table_stays ON {table};
"""

# The database says when, in which transaction and under which role, whatever was sent.
STAMP = """
CREATE FUNCTION audit_stamp() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.at := clock_timestamp();
    NEW.transaction := pg_current_xact_id()::text::bigint;
    NEW.begun := transaction_timestamp();
    NEW.role := session_user;
    RETURN NEW;
END
$$;
CREATE TRIGGER audit_stamp BEFORE INSERT ON audit_entry
FOR EACH ROW EXECUTE FUNCTION audit_stamp();
"""
NO_STAMP = "DROP TRIGGER audit_stamp ON audit_entry; DROP FUNCTION audit_stamp();"

# Whoever may only insert entries puts them among the waiting all the same. Names are written out with
# their schema, so that nobody's temporary table stands in for ours.
WAIT = """
CREATE FUNCTION audit_wait() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    EXECUTE format('INSERT INTO %I.audit_waiting (entry_id) VALUES ($1)', TG_TABLE_SCHEMA)
    USING NEW.id;
    RETURN NULL;
END
$$;
CREATE TRIGGER audit_wait AFTER INSERT ON audit_entry
FOR EACH ROW EXECUTE FUNCTION audit_wait();
"""
NO_WAIT = "DROP TRIGGER audit_wait ON audit_entry; DROP FUNCTION audit_wait();"

NOTE = """
CREATE FUNCTION audit_note(
    place_schema text, action text, subject text, office bigint, unit bigint, details jsonb
) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE format(
        'INSERT INTO %I.audit_entry'
        ' (action, outcome, account, subject, office_id, unit_id, details)'
        ' VALUES ($1, ''done'', '''', $2, $3, $4, $5)', place_schema
    ) USING action, left(subject, 200), office, unit,
        details || jsonb_build_object('application', current_setting('application_name', true));
END
$$;

CREATE FUNCTION audit_note_row() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$
DECLARE
    told jsonb := TG_ARGV[0]::jsonb;
    was jsonb := CASE WHEN TG_OP = 'INSERT' THEN '{}' ELSE to_jsonb(OLD) END;
    is_now jsonb := CASE WHEN TG_OP = 'DELETE' THEN '{}' ELSE to_jsonb(NEW) END;
    shown jsonb := CASE WHEN TG_OP = 'DELETE' THEN was ELSE is_now END;
    changed text[];
    old_values jsonb;
    new_values jsonb;
BEGIN
    SELECT array_agg(name) INTO changed
    FROM jsonb_object_keys(shown) AS name
    WHERE was -> name IS DISTINCT FROM is_now -> name
      AND NOT (told -> 'but') ? name
      AND (told -> 'only' = 'null' OR (told -> 'only') ? name);
    IF changed IS NULL THEN
        RETURN NULL;
    END IF;
    SELECT
        jsonb_object_agg(name, CASE WHEN (told -> 'hidden') ? name THEN '"…"' ELSE was -> name END),
        jsonb_object_agg(
            name, CASE WHEN (told -> 'hidden') ? name THEN '"…"' ELSE is_now -> name END
        )
    INTO old_values, new_values FROM unnest(changed) AS name;
    PERFORM {schema}.audit_note(
        TG_TABLE_SCHEMA,
        CASE TG_OP WHEN 'INSERT' THEN 'row.added' WHEN 'DELETE' THEN 'row.removed'
            ELSE 'row.changed' END,
        coalesce(shown ->> 'slug', shown ->> 'username', shown ->> 'name', shown ->> 'id', ''),
        (shown ->> (told ->> 'office'))::bigint,
        (shown ->> (told ->> 'unit'))::bigint,
        jsonb_build_object('table', TG_TABLE_NAME, 'row', shown -> 'id')
        || CASE WHEN TG_OP = 'INSERT' THEN '{}' ELSE jsonb_build_object('was', old_values) END
        || CASE WHEN TG_OP = 'DELETE' THEN '{}' ELSE jsonb_build_object('now', new_values) END
    );
    RETURN NULL;
END
$$;

CREATE FUNCTION audit_note_truncate() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$
BEGIN
    PERFORM {schema}.audit_note(
        TG_TABLE_SCHEMA, 'table.emptied', TG_TABLE_NAME, NULL, NULL,
        jsonb_build_object('table', TG_TABLE_NAME)
    );
    RETURN NULL;
END
$$;

ALTER FUNCTION audit_note_row() SET search_path = pg_catalog, pg_temp;
ALTER FUNCTION audit_note_truncate() SET search_path = pg_catalog, pg_temp;
"""
NO_NOTE = """
DROP FUNCTION audit_note_truncate();
DROP FUNCTION audit_note_row();
DROP FUNCTION audit_note(text, text, text, bigint, bigint, jsonb);
"""


def note(apps, schema_editor):
    """The functions of the row history, which call each other by the schema that they stand in."""
    with schema_editor.connection.cursor() as cursor:
        cursor.execute("SELECT quote_ident(current_schema())")
        (schema,) = cursor.fetchone()
    schema_editor.execute(NOTE.replace("{schema}", schema), params=None)


def no_note(apps, schema_editor):
    schema_editor.execute(NO_NOTE, params=None)


class Migration(migrations.Migration):

    dependencies = [("audit", "0001_entry")]

    operations = [
        migrations.AddField(
            model_name="entry", name="transaction", field=models.BigIntegerField(null=True)
        ),
        migrations.AddField(
            model_name="entry", name="begun", field=models.DateTimeField(null=True)
        ),
        migrations.AddField(
            model_name="entry",
            name="role",
            field=models.CharField(blank=True, db_default="", max_length=63),
        ),
        migrations.AlterField(
            model_name="entry",
            name="at",
            field=models.DateTimeField(
                db_default=django.db.models.functions.datetime.Now(), verbose_name="time"
            ),
        ),
        *(
            migrations.AddIndex(
                model_name="entry",
                index=models.Index(*map(models.F, fields), name=f"audit_entry_{name}"),
            )
            for name, fields in {
                "at": ["at"],
                "account": ["account", "id"],
                "action": ["action", "id"],
                "office": ["office_id", "id"],
                "unit": ["unit_id", "id"],
                "transaction": ["transaction"],
            }.items()
        ),
        migrations.CreateModel(
            name="Link",
            fields=[
                ("seq", models.BigIntegerField(primary_key=True, serialize=False)),
                ("at", models.DateTimeField()),
                ("previous", models.BinaryField(unique=True)),
                ("hash", models.BinaryField()),
                (
                    "entry",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="link",
                        to="audit.entry",
                    ),
                ),
            ],
            options={
                "verbose_name": "link of the audit's chain",
                "verbose_name_plural": "links of the audit's chain",
                "ordering": ["seq"],
            },
        ),
        migrations.CreateModel(
            name="Waiting",
            fields=[("entry_id", models.BigIntegerField(primary_key=True, serialize=False))],
            options={
                "verbose_name": "entry that waits for its link",
                "verbose_name_plural": "entries that wait for their links",
            },
        ),
        migrations.CreateModel(
            name="Recurrence",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("day", models.DateField()),
                ("action", models.CharField(max_length=60)),
                (
                    "outcome",
                    models.CharField(
                        choices=[("done", "done"), ("refused", "refused"), ("failed", "failed")],
                        max_length=10,
                    ),
                ),
                ("account_id", models.BigIntegerField(null=True)),
                ("account", models.CharField(max_length=150)),
                ("subject", models.CharField(max_length=200)),
                ("office_id", models.BigIntegerField(null=True)),
                ("unit_id", models.BigIntegerField(null=True)),
                ("size", models.BigIntegerField(default=1)),
            ],
            options={
                "verbose_name": "what is counted instead of noted each time",
                "verbose_name_plural": "what is counted instead of noted each time",
                "constraints": [
                    models.UniqueConstraint(
                        *map(
                            models.F,
                            (
                                *("day", "action", "outcome", "account", "subject"),
                                *("office_id", "unit_id"),
                            ),
                        ),
                        name="audit_recurrence_once",
                        nulls_distinct=False,
                    )
                ],
            },
        ),
        migrations.RunSQL(REFUSE, "DROP FUNCTION audit_refuse_change();"),
        *(
            migrations.RunSQL(STAYS.format(table=table), NO_STAYS.format(table=table))
            for table in TABLES
        ),
        migrations.RunSQL(STAMP, NO_STAMP),
        # what was written before there was a chain gets its place in it
        migrations.RunSQL(
            "INSERT INTO audit_waiting (entry_id) SELECT id FROM audit_entry", migrations.RunSQL.noop
        ),
        migrations.RunSQL(WAIT, NO_WAIT),
        migrations.RunPython(note, no_note),
    ]
