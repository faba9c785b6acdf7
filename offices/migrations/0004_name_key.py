"""Names are sorted as Vietnamese readers expect: a column that the database fills.

Adding it writes the four small tables anew, units being the largest with 14,000 rows: less than a
second. Processes that do not know the column yet go on reading and writing.

While it waits for whoever reads these tables, such as a backup, nobody can answer a form; so it
waits for two seconds only, changes nothing then, and may be run again.
"""

from django.db import migrations, models

# The same steps as `offices.names.in_order`, which says why.
FUNCTION = r"""
CREATE FUNCTION offices_name_key(name text) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
SELECT regexp_replace(
    regexp_replace(
        regexp_replace(
            replace(
                translate(
                    btrim(
                        regexp_replace(
                            normalize(name, NFD),
                            '[\u0001-\u0026\u0028-\u002f\u003a-\u0040\u005b-\u0060\u007b-\u00bf'
                            '\u2000-\u2018\u201a-\u206f]+',
                            ' ',
                            'g'
                        ),
                        ' '
                    ),
                    U&'\0300\0309\0303\0301\0323\0306\0302\031bABCDEFGHIJKLMNOPQRSTUVWXYZ\0110''\2019',
                    U&'!"#$&{|}abcdefghijklmnopqrstuvwxyz\0111'
                ),
                U&'\0111',
                'd}'
            ),
            '([!"#$&])([^ ]+)',
            '\2\1',
            'g'
        ),
        '([0-9]+)',
        '00000000000\1',
        'g'
    ),
    '0*([0-9]{12})(?![0-9])',
    '\1',
    'g'
) || E'\t' || normalize(name, NFC)
$$;
"""

PATIENCE = "SET LOCAL lock_timeout = '2s'"


def _column() -> models.GeneratedField:
    return models.GeneratedField(
        expression=models.Func("name", function="offices_name_key"),
        output_field=models.TextField(db_collation="C"),
        db_persist=True,
    )


class Migration(migrations.Migration):
    dependencies = [("offices", "0003_dossier_count")]

    operations = [
        migrations.RunSQL(PATIENCE, migrations.RunSQL.noop),
        migrations.RunSQL(FUNCTION, "DROP FUNCTION offices_name_key(text)"),
        *[
            migrations.AddField(model, "name_key", _column())
            for model in ("administrativeunit", "field", "office", "procedure")
        ],
        migrations.AlterModelOptions(
            "field",
            {"ordering": ["name_key"], "verbose_name": "field", "verbose_name_plural": "fields"},
        ),
        migrations.AlterModelOptions(
            "office",
            {"ordering": ["name_key"], "verbose_name": "office", "verbose_name_plural": "offices"},
        ),
        migrations.AlterModelOptions(
            "procedure",
            {
                "ordering": ["field__name_key", "name_key"],
                "verbose_name": "procedure",
                "verbose_name_plural": "procedures",
            },
        ),
        migrations.RunSQL(migrations.RunSQL.noop, PATIENCE),  # on the way back
    ]
