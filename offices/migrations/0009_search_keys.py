"""People, offices and units are found without diacritics; an e-mail address is of one account.

Adding the columns writes three small tables anew, units being the largest with 14,000 rows. Rows
of accounts that share an address are marked and keep it; new ones cannot join them.
"""

import django.db.models.functions.text
from django.db import migrations, models

# While a migration waits for whoever reads a table, nobody can sign in.
PATIENCE = "SET LOCAL lock_timeout = '2s'"
# The same steps as `offices.names.plain`.
FUNCTION = r"""
CREATE FUNCTION offices_plain(name text) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
SELECT translate(
    regexp_replace(normalize(name, NFD), '[\u0300-\u036f]', '', 'g'),
    U&'ABCDEFGHIJKLMNOPQRSTUVWXYZ\0110\0111',
    'abcdefghijklmnopqrstuvwxyzdd'
)
$$;
"""
SHARED = """
UPDATE offices_user SET email_shared = true
WHERE email <> '' AND lower(email) IN (
    SELECT lower(email) FROM offices_user WHERE email <> '' GROUP BY 1 HAVING count(*) > 1
)
"""


def _key(*columns: str) -> models.GeneratedField:
    texts: list[models.Value | str] = [columns[0]]
    for column in columns[1:]:
        texts += [models.Value(" "), column]
    return models.GeneratedField(
        expression=models.Func(
            django.db.models.functions.text.Concat(*texts, output_field=models.TextField()),
            function="offices_plain",
        ),
        output_field=models.TextField(),
        db_persist=True,
    )


class Migration(migrations.Migration):
    dependencies = [("offices", "0008_proposals_and_ledger")]

    operations = [
        migrations.RunSQL(PATIENCE, PATIENCE),
        migrations.RunSQL(FUNCTION, "DROP FUNCTION offices_plain(text)"),
        migrations.AddField("administrativeunit", "search_key", _key("kind", "name", "code")),
        migrations.AddField("office", "search_key", _key("name", "slug")),
        migrations.AddField("user", "search_key", _key("last_name", "first_name", "username")),
        migrations.AddField(
            "user",
            "email_shared",
            models.BooleanField(
                db_default=False,
                default=False,
                editable=False,
                verbose_name="shares its e-mail address",
            ),
        ),
        migrations.RunSQL(SHARED, migrations.RunSQL.noop),
        migrations.AddConstraint(
            "user",
            models.UniqueConstraint(
                django.db.models.functions.text.Lower("email"),
                condition=~models.Q(email="") & models.Q(email_shared=False),
                name="user_email_is_of_one_account",
                violation_error_message="Another account has this e-mail address.",
            ),
        ),
        migrations.RunSQL(migrations.RunSQL.noop, PATIENCE),  # on the way back
    ]
