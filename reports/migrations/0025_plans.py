"""Plans: what an office does about a weak criterion, and what a later period then showed."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

# Whoever answers waits behind a statement that waits: it gives up soon, and is run again.
PATIENCE = "SET LOCAL lock_timeout = '2s'"


class Migration(migrations.Migration):

    dependencies = [
        ('offices', '0010_more_history'),
        ('reports', '0024_public_release'),
        ('surveys', '0035_without_authority'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RunSQL(PATIENCE, migrations.RunSQL.noop),
        migrations.CreateModel(
            name='Plan',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(max_length=8)),
                ('period', models.CharField(choices=[('day', 'day'), ('week', 'week'), ('month', 'month'), ('quarter', 'quarter'), ('year', 'year')], max_length=7)),
                ('start', models.DateField()),
                ('text', models.TextField(max_length=2000)),
                ('due_on', models.DateField()),
                ('state', models.CharField(choices=[('open', 'open'), ('done', 'done'), ('given_up', 'given up')], default='open', max_length=8)),
                ('made_on', models.DateField()),
                ('done_on', models.DateField(null=True)),
                ('measured_start', models.DateField(null=True)),
                ('was', models.DecimalField(decimal_places=2, max_digits=5, null=True)),
                ('now', models.DecimalField(decimal_places=2, max_digits=5, null=True)),
                ('low', models.FloatField(null=True)),
                ('high', models.FloatField(null=True)),
                ('verdict', models.SmallIntegerField(null=True)),
                ('obstacle', models.CharField(blank=True, choices=[('level', 'another level of evidence holds since then'), ('method', 'figures are counted by another method since then'), ('instrument', 'another version of the questionnaire is asked since then'), ('hidden', "the figure of the plan's period is not shown any more")], default='', max_length=12)),
                ('measured_on', models.DateField(null=True)),
                ('instrument', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='surveys.instrument')),
                ('made_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('office', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='plans', to='offices.office')),
                ('owner', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='plans', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'plan',
                'verbose_name_plural': 'plans',
                'indexes': [models.Index(models.F('due_on'), condition=models.Q(('measured_on__isnull', True)), name='plan_to_measure')],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('done_on__isnull', False), ('state', 'done')), models.Q(('done_on', None), models.Q(('state', 'done'), _negated=True)), _connector='OR'), name='plan_done_has_its_day'), models.CheckConstraint(condition=models.Q(models.Q(('measured_on', None), ('measured_start', None), ('obstacle', ''), ('verdict', None)), models.Q(('measured_on__isnull', False), ('measured_start__isnull', False), models.Q(models.Q(('high', None), ('low', None), ('now', None), ('verdict', None), ('was', None), models.Q(('obstacle', ''), _negated=True)), models.Q(('high__isnull', False), ('low__isnull', False), ('now__isnull', False), ('obstacle', ''), ('verdict__range', (-1, 1)), ('was__isnull', False)), _connector='OR')), _connector='OR'), name='plan_result_is_whole')],
            },
        ),
        migrations.RunSQL(migrations.RunSQL.noop, PATIENCE),
    ]
