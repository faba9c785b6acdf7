"""Opening hours, own days off, and former short names of offices, which lead to them for ever.

The database itself writes down every former short name, refuses to change or lose one, and refuses
another office the name: codes are printed, whoever renames.
"""

import django.db.models.deletion
from django.db import migrations, models
from django.db.models import F, Q

# While a migration waits for whoever reads offices, nobody can answer a form.
PATIENCE = "SET LOCAL lock_timeout = '2s'"
REVISED = ("offices_officeaddress", "offices_openinghours", "offices_holiday")
REVISION = """
CREATE TRIGGER raise_directory_revision
AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON {table}
FOR EACH STATEMENT EXECUTE FUNCTION offices_raise_directory_revision();
"""
ADDRESSES = """
CREATE FUNCTION offices_keep_address() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO offices_officeaddress (slug, office_id, replaced_at)
    VALUES (OLD.slug, NEW.id, now()) ON CONFLICT (slug) DO NOTHING;
    RETURN NULL;
END
$$;
CREATE TRIGGER keep_address AFTER UPDATE OF slug ON offices_office
FOR EACH ROW WHEN (OLD.slug IS DISTINCT FROM NEW.slug) EXECUTE FUNCTION offices_keep_address();

-- After the row: whoever waited for a rename to commit sees the address that it left behind.
CREATE FUNCTION offices_refuse_known_address() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT FROM offices_officeaddress known WHERE known.slug = NEW.slug AND known.office_id <> NEW.id
    ) THEN
        RAISE unique_violation USING
            MESSAGE = 'The short name led to another office once and still does.',
            CONSTRAINT = 'office_address_leads_elsewhere';
    END IF;
    RETURN NULL;
END
$$;
CREATE TRIGGER refuse_known_address AFTER INSERT OR UPDATE OF slug ON offices_office
FOR EACH ROW EXECUTE FUNCTION offices_refuse_known_address();

CREATE FUNCTION offices_addresses_stay() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE restrict_violation USING
        MESSAGE = 'Former short names of offices are never changed or deleted.';
END
$$;
CREATE TRIGGER addresses_stay BEFORE UPDATE OR DELETE ON offices_officeaddress
FOR EACH ROW EXECUTE FUNCTION offices_addresses_stay();
"""
ADDRESSES_BACK = """
DROP TRIGGER addresses_stay ON offices_officeaddress;
DROP FUNCTION offices_addresses_stay();
DROP TRIGGER refuse_known_address ON offices_office;
DROP FUNCTION offices_refuse_known_address();
DROP TRIGGER keep_address ON offices_office;
DROP FUNCTION offices_keep_address();
"""
ID = ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID"))


def of(model, name, **given):
    """A foreign key as the models have it."""
    given.setdefault("on_delete", django.db.models.deletion.CASCADE)
    return models.ForeignKey(related_name=name, to=f"offices.{model}", **given)


class Migration(migrations.Migration):

    dependencies = [("offices", "0006_history")]

    operations = [
        migrations.RunSQL(PATIENCE, migrations.RunSQL.noop),
        migrations.CreateModel(
            name="OfficeAddress",
            fields=[
                ID,
                (
                    "slug",
                    models.SlugField(max_length=60, unique=True, verbose_name="former short name"),
                ),
                ("replaced_at", models.DateTimeField(verbose_name="replaced at")),
                (
                    "office",
                    of(
                        "office",
                        "former_addresses",
                        verbose_name="office",
                        on_delete=django.db.models.deletion.PROTECT,
                    ),
                ),
            ],
            options={
                "verbose_name": "former short name",
                "verbose_name_plural": "former short names",
                "ordering": ["slug"],
            },
        ),
        migrations.CreateModel(
            name="OpeningHours",
            fields=[
                ID,
                (
                    "weekday",
                    models.PositiveSmallIntegerField(
                        choices=[
                            (1, "Monday"),
                            (2, "Tuesday"),
                            (3, "Wednesday"),
                            (4, "Thursday"),
                            (5, "Friday"),
                            (6, "Saturday"),
                            (7, "Sunday"),
                        ],
                        verbose_name="day of the week",
                    ),
                ),
                ("opens", models.TimeField(verbose_name="opens")),
                ("closes", models.TimeField(verbose_name="closes")),
                ("office", of("office", "opening_hours", verbose_name="office")),
            ],
            options={
                "verbose_name": "opening hours",
                "verbose_name_plural": "opening hours",
                "ordering": ["office", "weekday", "opens"],
                "constraints": [
                    models.UniqueConstraint(
                        "office", "weekday", "opens", name="opening_hours_begin_once"
                    ),
                    models.CheckConstraint(
                        condition=Q(closes__gt=F("opens")),
                        name="opening_hours_end_after_they_begin",
                    ),
                    models.CheckConstraint(
                        condition=Q(weekday__range=(1, 7)), name="opening_hours_are_on_a_weekday"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Holiday",
            fields=[
                ID,
                ("day", models.DateField(verbose_name="day")),
                ("works", models.BooleanField(default=False, verbose_name="is worked")),
                ("why", models.CharField(max_length=160, verbose_name="why")),
                ("unit", of("administrativeunit", "holidays", verbose_name="country or province")),
            ],
            options={
                "verbose_name": "own day",
                "verbose_name_plural": "own days",
                "ordering": ["day"],
                "constraints": [models.UniqueConstraint("unit", "day", name="holiday_unit_day")],
            },
        ),
        *(
            migrations.RunSQL(
                REVISION.format(table=table), f"DROP TRIGGER raise_directory_revision ON {table}"
            )
            for table in REVISED
        ),
        migrations.RunSQL(ADDRESSES, ADDRESSES_BACK),
        migrations.RunSQL(migrations.RunSQL.noop, PATIENCE),
    ]
