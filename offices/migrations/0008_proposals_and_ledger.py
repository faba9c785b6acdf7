"""Proposals that a second person decides, and the ledger of finished dossiers.

A trigger writes every change of a count into the ledger: also one that is made by hand in the
database. What was there before stands in it as its first row, by nobody.
"""

import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models

# While a migration waits for whoever reads a table, such as a backup, nobody can answer a form.
PATIENCE = "SET LOCAL lock_timeout = '2s'"

SIMULATED = "UPDATE offices_dossiercount SET source = 'simulated' WHERE simulated"
# Indexes and foreign keys are made after it: a million rows take seconds.
FILL = """
INSERT INTO offices_dossierchange (office_id, day, field_id, was, now, source)
SELECT office_id, day, field_id, NULL, finished, source FROM offices_dossiercount
ORDER BY day, office_id
"""

# `hailong.dossiers` is set for the transaction by `offices.dossiers.store`: who, with what, why.
NOTE = """
CREATE FUNCTION offices_note_dossier_changes() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    said jsonb := coalesce(nullif(current_setting('hailong.dossiers', true), ''), '{}')::jsonb;
BEGIN
    IF TG_OP = 'INSERT' THEN
        INSERT INTO offices_dossierchange (office_id, day, field_id, was, now, source, by_id,
            system, file_hash, reason, approved_id)
        SELECT office_id, day, field_id, NULL, finished, source, (said->>'by')::bigint,
            coalesce(said->>'system', ''), coalesce(said->>'file', ''),
            coalesce(said->>'reason', ''), (said->>'approved')::bigint
        FROM now_rows ORDER BY id;
    ELSIF TG_OP = 'UPDATE' THEN
        INSERT INTO offices_dossierchange (office_id, day, field_id, was, now, source, by_id,
            system, file_hash, reason, approved_id)
        SELECT found.office_id, found.day, found.field_id, found.was, found.now, found.source,
            (said->>'by')::bigint, coalesce(said->>'system', ''), coalesce(said->>'file', ''),
            coalesce(said->>'reason', ''), (said->>'approved')::bigint
        FROM (
            SELECT n.id, n.office_id, n.day, n.field_id, w.finished AS was, n.finished AS now,
                n.source
            FROM now_rows n JOIN was_rows w USING (id)
            WHERE (n.office_id, n.day, n.field_id)
                    IS NOT DISTINCT FROM (w.office_id, w.day, w.field_id)
                AND (n.finished, n.source) IS DISTINCT FROM (w.finished, w.source)
            UNION ALL  -- moved to another cell: gone here, new there
            SELECT w.id, w.office_id, w.day, w.field_id, w.finished, NULL, w.source
            FROM now_rows n JOIN was_rows w USING (id)
            WHERE (n.office_id, n.day, n.field_id)
                IS DISTINCT FROM (w.office_id, w.day, w.field_id)
            UNION ALL
            SELECT n.id, n.office_id, n.day, n.field_id, NULL, n.finished, n.source
            FROM now_rows n JOIN was_rows w USING (id)
            WHERE (n.office_id, n.day, n.field_id)
                IS DISTINCT FROM (w.office_id, w.day, w.field_id)
        ) AS found ORDER BY found.id;
    ELSE
        INSERT INTO offices_dossierchange (office_id, day, field_id, was, now, source, by_id,
            system, file_hash, reason, approved_id)
        SELECT office_id, day, field_id, finished, NULL, source, (said->>'by')::bigint,
            coalesce(said->>'system', ''), coalesce(said->>'file', ''),
            coalesce(said->>'reason', ''), (said->>'approved')::bigint
        FROM was_rows ORDER BY id;
    END IF;
    RETURN NULL;
END
$$;
CREATE TRIGGER dossier_count_made AFTER INSERT ON offices_dossiercount
REFERENCING NEW TABLE AS now_rows
FOR EACH STATEMENT EXECUTE FUNCTION offices_note_dossier_changes();
CREATE TRIGGER dossier_count_changed AFTER UPDATE ON offices_dossiercount
REFERENCING OLD TABLE AS was_rows NEW TABLE AS now_rows
FOR EACH STATEMENT EXECUTE FUNCTION offices_note_dossier_changes();
CREATE TRIGGER dossier_count_gone AFTER DELETE ON offices_dossiercount
REFERENCING OLD TABLE AS was_rows
FOR EACH STATEMENT EXECUTE FUNCTION offices_note_dossier_changes();
"""
NO_NOTE = """
DROP TRIGGER dossier_count_made ON offices_dossiercount;
DROP TRIGGER dossier_count_changed ON offices_dossiercount;
DROP TRIGGER dossier_count_gone ON offices_dossiercount;
DROP FUNCTION offices_note_dossier_changes();
"""

# TRUNCATE of an empty table is let through: `manage.py flush` of a fresh system names every table.
STAYS = """
CREATE FUNCTION offices_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    filled boolean := true;
BEGIN
    IF TG_OP = 'TRUNCATE' THEN
        EXECUTE format('SELECT EXISTS (SELECT 1 FROM %I.%I)', TG_TABLE_SCHEMA, TG_TABLE_NAME)
        INTO filled;
    END IF;
    IF filled THEN
        RAISE EXCEPTION 'rows are only added here: % of % is refused', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NULL;
END
$$;
CREATE TRIGGER dossier_changes_stay BEFORE UPDATE OR DELETE ON offices_dossierchange
FOR EACH ROW EXECUTE FUNCTION offices_refuse_change();
CREATE TRIGGER dossier_ledger_stays BEFORE TRUNCATE ON offices_dossierchange
FOR EACH STATEMENT EXECUTE FUNCTION offices_refuse_change();
CREATE TRIGGER proposals_stay BEFORE DELETE ON offices_proposal
FOR EACH ROW EXECUTE FUNCTION offices_refuse_change();
CREATE TRIGGER proposal_table_stays BEFORE TRUNCATE ON offices_proposal
FOR EACH STATEMENT EXECUTE FUNCTION offices_refuse_change();
"""
NO_STAYS = """
DROP TRIGGER dossier_changes_stay ON offices_dossierchange;
DROP TRIGGER dossier_ledger_stays ON offices_dossierchange;
DROP TRIGGER proposals_stay ON offices_proposal;
DROP TRIGGER proposal_table_stays ON offices_proposal;
DROP FUNCTION offices_refuse_change();
"""

DECIDED_ONCE = """
CREATE FUNCTION offices_refuse_other_proposal() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.state <> 'open'
        OR (OLD.id, OLD.kind, OLD.unit_id, OLD.office_id, OLD.payload, OLD.payload_hash, OLD.facts,
            OLD.basis, OLD.reason, OLD.proposed_by_id, OLD.proposed_at)
        IS DISTINCT FROM
           (NEW.id, NEW.kind, NEW.unit_id, NEW.office_id, NEW.payload, NEW.payload_hash, NEW.facts,
            NEW.basis, NEW.reason, NEW.proposed_by_id, NEW.proposed_at)
    THEN
        RAISE EXCEPTION 'what was proposed never changes, and it is decided once: proposal %', OLD.id
        USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER proposal_is_decided_once BEFORE UPDATE ON offices_proposal
FOR EACH ROW EXECUTE FUNCTION offices_refuse_other_proposal();
"""
NOT_ONCE = """
DROP TRIGGER proposal_is_decided_once ON offices_proposal;
DROP FUNCTION offices_refuse_other_proposal();
"""


class Migration(migrations.Migration):

    dependencies = [
        ("offices", "0007_addresses_and_hours"),
    ]

    operations = [
        migrations.RunSQL(PATIENCE, migrations.RunSQL.noop),
        migrations.AddField(
            model_name='dossiercount',
            name='source',
            field=models.CharField(choices=[('portal', 'the portal'), ('above', 'the unit above'), ('own', 'the office itself'), ('simulated', 'simulated'), ('before', 'from before the ledger')], db_default='before', default='before', max_length=9, verbose_name='source'),
        ),
        migrations.RunSQL(SIMULATED, migrations.RunSQL.noop),
        migrations.CreateModel(
            name='Proposal',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(max_length=40, verbose_name='kind')),
                ('payload', models.JSONField()),
                ('payload_hash', models.CharField(max_length=64)),
                ('facts', models.JSONField(default=dict)),
                ('basis', models.CharField(max_length=64)),
                ('reason', models.CharField(max_length=500, verbose_name='reason')),
                ('proposed_at', models.DateTimeField()),
                ('state', models.CharField(choices=[('open', 'waits for a second person'), ('approved', 'approved and carried out'), ('refused', 'refused by a second person'), ('withdrawn', 'withdrawn'), ('expired', 'expired'), ('failed', 'could not be carried out')], default='open', max_length=10, verbose_name='state')),
                ('decided_as', models.CharField(blank=True, max_length=100)),
                ('decided_at', models.DateTimeField(null=True)),
                ('decision', models.CharField(blank=True, max_length=500, verbose_name='reason of the decision')),
                ('result', models.JSONField(default=dict)),
                ('decided_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('office', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='proposals', to='offices.office')),
                ('proposed_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='proposals', to=settings.AUTH_USER_MODEL)),
                ('unit', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='proposals', to='offices.administrativeunit')),
            ],
            options={
                'verbose_name': 'proposal',
                'verbose_name_plural': 'proposals',
                'ordering': ['-pk'],
            },
        ),
        migrations.CreateModel(
            name='DossierChange',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('day', models.DateField(verbose_name='day')),
                ('was', models.IntegerField(null=True)),
                ('now', models.IntegerField(null=True)),
                ('source', models.CharField(choices=[('portal', 'the portal'), ('above', 'the unit above'), ('own', 'the office itself'), ('simulated', 'simulated'), ('before', 'from before the ledger')], max_length=9, verbose_name='source')),
                ('system', models.CharField(blank=True, db_default='', max_length=120)),
                ('at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('file_hash', models.CharField(blank=True, db_default='', max_length=64)),
                ('reason', models.CharField(blank=True, db_default='', max_length=500, verbose_name='reason')),
                ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('field', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='offices.field', verbose_name='field')),
                ('office', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='dossier_changes', to='offices.office')),
                ('approved', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='dossier_changes', to='offices.proposal')),
            ],
            options={
                'verbose_name': 'change of finished dossiers',
                'verbose_name_plural': 'changes of finished dossiers',
                'ordering': ['-pk'],
            },
        ),
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
        migrations.CreateModel(
            name='ProposalFile',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('sealed', models.BinaryField()),
                ('sha256', models.CharField(max_length=64)),
                ('size', models.PositiveIntegerField()),
                ('proposal', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='file', to='offices.proposal')),
            ],
            options={
                'verbose_name': 'file of a proposal',
                'verbose_name_plural': 'files of proposals',
            },
        ),
        migrations.AddIndex(
            model_name='proposal',
            index=models.Index(models.F('state'), name='proposal_state'),
        ),
        migrations.AddConstraint(
            model_name='proposal',
            constraint=models.UniqueConstraint(models.F('kind'), models.F('payload_hash'), condition=models.Q(('state', 'open')), name='proposal_is_open_once'),
        ),
        migrations.AddConstraint(
            model_name='proposal',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('office__isnull', False), ('unit', None)), models.Q(('office', None), ('unit__isnull', False)), _connector='OR'), name='proposal_is_of_a_unit_or_an_office'),
        ),
        migrations.AddConstraint(
            model_name='proposal',
            constraint=models.CheckConstraint(condition=models.Q(('decided_by', None), models.Q(('decided_by', models.F('proposed_by')), _negated=True), _connector='OR'), name='proposal_is_decided_by_another'),
        ),
        migrations.AddConstraint(
            model_name='proposal',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('decided_as', ''), ('decided_at', None), ('decided_by', None), ('state', 'open')), models.Q(('decided_at__isnull', False), ('decided_by', None), ('state__in', ['withdrawn', 'expired'])), models.Q(('decided_at__isnull', False), ('state__in', ['approved', 'refused', 'failed']), models.Q(('decided_by__isnull', False), models.Q(('decided_as', ''), _negated=True), _connector='OR')), _connector='OR'), name='proposal_is_decided_by_somebody'),
        ),
        migrations.AddIndex(
            model_name='dossierchange',
            index=models.Index(models.F('office'), models.F('day'), models.F('field'), name='dossier_change_cell'),
        ),
        migrations.RunSQL(NOTE, NO_NOTE),
        migrations.RunSQL(STAYS, NO_STAYS),
        migrations.RunSQL(DECIDED_ONCE, NOT_ONCE),
        migrations.RunSQL(migrations.RunSQL.noop, PATIENCE),  # on the way back
    ]
