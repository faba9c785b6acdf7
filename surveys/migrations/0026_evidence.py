"""What a form rests on, which evidence counts, and forms that stand beside as a possible flood."""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from audit.history import watch


# Whoever answers waits behind a statement that waits: it gives up soon, and is run again.
PATIENCE = "SET LOCAL lock_timeout = '2s'"


class Migration(migrations.Migration):

    dependencies = [
        ('audit', '0003_nobody_borrows'),
        ('offices', '0010_more_history'),
        ('surveys', '0025_unfolded'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RunSQL(PATIENCE, migrations.RunSQL.noop),
        migrations.CreateModel(
            name='EvidenceCount',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('month', models.DateField()),
                ('evidence', models.PositiveSmallIntegerField(choices=[(0, 'from before'), (1, 'invited by the portal'), (2, 'slip or list'), (3, 'tablet'), (4, 'paper form'), (5, 'open form')])),
                ('days', django.contrib.postgres.fields.ArrayField(base_field=models.PositiveIntegerField(), size=None)),
                ('forms', models.PositiveIntegerField()),
                ('held', models.PositiveIntegerField()),
            ],
            options={
                'verbose_name': 'count by evidence',
                'verbose_name_plural': 'counts by evidence',
            },
        ),
        migrations.CreateModel(
            name='EvidenceLevel',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('year', models.PositiveSmallIntegerField(verbose_name='year')),
                ('level', models.PositiveSmallIntegerField(choices=[(1, 'A: only forms invited by the portal'), (4, 'B: invited forms, slips, tablets and paper'), (5, 'C: open forms too, whoever sent them')], verbose_name='which forms count')),
                ('reason', models.CharField(blank=True, max_length=500, verbose_name='reason')),
                ('set_at', models.DateTimeField()),
            ],
            options={
                'verbose_name': 'level of evidence',
                'verbose_name_plural': 'levels of evidence',
            },
        ),
        migrations.CreateModel(
            name='Hold',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('evidence', models.PositiveSmallIntegerField(choices=[(0, 'from before'), (1, 'invited by the portal'), (2, 'slip or list'), (3, 'tablet'), (4, 'paper form'), (5, 'open form')])),
                ('rule', models.CharField(choices=[('hour', 'far more in an hour than this office ever had'), ('counter', 'more in an hour than one counter serves'), ('outside', 'on a tablet while the office was closed'), ('arrivals', 'far more came on a day than this office ever had'), ('startless', 'sent without our page having been opened'), ('unfinished', 'many that nobody finished'), ('day', 'far more for a day than this office ever had'), ('days_5', 'far more in five days'), ('days_21', 'far more in 21 days'), ('year', 'far more since the year began'), ('dossiers', 'more for each dossier than the year before')], max_length=12)),
                ('by_arrival', models.BooleanField()),
                ('days', django.contrib.postgres.fields.ArrayField(base_field=models.DateField(), size=None)),
                ('hours', django.contrib.postgres.fields.ArrayField(base_field=models.PositiveSmallIntegerField(), default=list, size=None)),
                ('seen', models.PositiveIntegerField()),
                ('bound', models.PositiveIntegerField()),
                ('expected', models.PositiveIntegerField(default=0)),
                ('forms', models.PositiveIntegerField()),
                ('startless', models.PositiveIntegerField(default=0)),
                ('found_on', models.DateField()),
                ('state', models.CharField(choices=[('waiting', 'waits for a decision'), ('accepted', 'accepted: counts'), ('late', 'accepted too late: counts in no figure'), ('refused', 'refused: never counts')], default='waiting', max_length=8)),
                ('decided_at', models.DateTimeField(null=True)),
                ('reason', models.CharField(blank=True, max_length=500)),
                ('emptied_on', models.DateField(null=True)),
            ],
            options={
                'verbose_name': 'hold',
                'verbose_name_plural': 'holds',
                'ordering': ['-found_on', '-pk'],
            },
        ),
        migrations.CreateModel(
            name='NewNormal',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('evidence', models.PositiveSmallIntegerField(choices=[(0, 'from before'), (1, 'invited by the portal'), (2, 'slip or list'), (3, 'tablet'), (4, 'paper form'), (5, 'open form')], verbose_name='evidence')),
                ('first_day', models.DateField(verbose_name='first day')),
                ('last_day', models.DateField(blank=True, null=True, verbose_name='last day')),
                ('a_month', models.PositiveIntegerField(verbose_name='forms a month')),
                ('reason', models.CharField(max_length=500, verbose_name='reason')),
                ('set_at', models.DateTimeField()),
            ],
            options={
                'verbose_name': 'new ordinary number',
                'verbose_name_plural': 'new ordinary numbers',
                'ordering': ['first_day', 'pk'],
            },
        ),
        migrations.AddField(
            model_name='response',
            name='delivery',
            field=models.PositiveSmallIntegerField(choices=[(0, 'at once'), (1, 'late'), (2, 'by file')], db_default=0, default=0),
        ),
        migrations.AddField(
            model_name='response',
            name='evidence',
            field=models.PositiveSmallIntegerField(choices=[(0, 'from before'), (1, 'invited by the portal'), (2, 'slip or list'), (3, 'tablet'), (4, 'paper form'), (5, 'open form')], db_default=0, default=0),
        ),
        migrations.AddField(
            model_name='response',
            name='hold',
            field=models.IntegerField(null=True),
        ),
        migrations.AddField(
            model_name='evidencecount',
            name='office',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='offices.office'),
        ),
        migrations.AddField(
            model_name='evidencelevel',
            name='office',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='evidence_levels', to='offices.office'),
        ),
        migrations.AddField(
            model_name='evidencelevel',
            name='set_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='hold',
            name='counter',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='offices.counter'),
        ),
        migrations.AddField(
            model_name='hold',
            name='decided_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='hold',
            name='office',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='holds', to='offices.office'),
        ),
        migrations.AddField(
            model_name='newnormal',
            name='office',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='new_normals', to='offices.office'),
        ),
        migrations.AddField(
            model_name='newnormal',
            name='set_by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddConstraint(
            model_name='evidencecount',
            constraint=models.UniqueConstraint(models.F('office'), models.F('month'), models.F('evidence'), name='evidence_count'),
        ),
        migrations.AddConstraint(
            model_name='evidencecount',
            constraint=models.CheckConstraint(condition=models.Q(('evidence__gt', 0)), name='evidence_count_class'),
        ),
        migrations.AddConstraint(
            model_name='evidencelevel',
            constraint=models.UniqueConstraint(models.F('office'), models.F('year'), name='evidence_level'),
        ),
        migrations.AddIndex(
            model_name='hold',
            index=models.Index(models.F('office'), condition=models.Q(('state', 'waiting')), name='hold_waits'),
        ),
        migrations.AddConstraint(
            model_name='hold',
            constraint=models.CheckConstraint(condition=models.Q(('days__len__gt', 0)), name='hold_has_days'),
        ),
        migrations.AddConstraint(
            model_name='hold',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('decided_at', None), ('reason', ''), ('state', 'waiting')), models.Q(models.Q(('state', 'waiting'), _negated=True), ('decided_at__isnull', False), models.Q(('reason', ''), _negated=True)), _connector='OR'), name='hold_is_decided_with_a_reason'),
        ),
        watch("surveys_evidencelevel", office="office_id"),
        watch("surveys_newnormal", office="office_id"),
        # how many more came into a hold is no decision
        watch("surveys_hold", but=("forms", "startless", "hours", "counter_id"), office="office_id"),
        migrations.RunSQL(migrations.RunSQL.noop, PATIENCE),
    ]
