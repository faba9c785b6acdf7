"""Drafts of questionnaires, targets, and keys of other systems that are replaced without a pause."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


# While a migration waits for whoever reads a table, nobody can answer a form.
PATIENCE = "SET LOCAL lock_timeout = '2s'"


class Migration(migrations.Migration):

    dependencies = [
        ('offices', '0009_search_keys'),
        ('surveys', '0016_history'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RunSQL(PATIENCE, migrations.RunSQL.noop),
        migrations.AddField(
            model_name='instrument',
            name='decided_on',
            field=models.DateField(editable=False, null=True, verbose_name='decided by people on'),
        ),
        migrations.AddField(
            model_name='integration',
            name='made_on',
            field=models.DateField(editable=False, null=True, verbose_name='key made on'),
        ),
        migrations.AddField(
            model_name='integration',
            name='old_key_hash',
            field=models.BinaryField(null=True, unique=True),
        ),
        migrations.AddField(
            model_name='integration',
            name='old_key_until',
            field=models.DateField(editable=False, null=True, verbose_name='old key serves until'),
        ),
        migrations.AddField(
            model_name='integration',
            name='old_key_used_on',
            field=models.DateField(editable=False, null=True, verbose_name='old key last used on'),
        ),
        migrations.AddField(
            model_name='integration',
            name='used_on',
            field=models.DateField(editable=False, null=True, verbose_name='last used on'),
        ),
        migrations.CreateModel(
            name='QuestionnaireDraft',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('slug', models.SlugField(max_length=40, verbose_name='short name')),
                ('version', models.PositiveSmallIntegerField(verbose_name='version')),
                ('title', models.JSONField(verbose_name='title')),
                ('file_name', models.CharField(max_length=200, verbose_name='file')),
                ('text', models.TextField(verbose_name='text of the file')),
                ('text_hash', models.CharField(max_length=64, verbose_name='hash of the file')),
                ('content_hash', models.CharField(max_length=64, verbose_name='hash of the content')),
                ('state', models.CharField(choices=[('draft', 'draft'), ('live', 'live'), ('retired', 'retired'), ('replaced', 'replaced')], default='draft', max_length=10, verbose_name='state')),
                ('uploaded_at', models.DateTimeField(auto_now_add=True, verbose_name='brought at')),
                ('live_on', models.DateField(null=True, verbose_name='live since')),
                ('retired_on', models.DateField(null=True, verbose_name='retired on')),
                ('uploaded_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='brought by')),
            ],
            options={
                'verbose_name': 'draft of a questionnaire',
                'verbose_name_plural': 'drafts of questionnaires',
                'ordering': ['slug', '-version', '-pk'],
                'constraints': [models.UniqueConstraint(models.F('slug'), models.F('version'), condition=models.Q(('state', 'draft')), name='one_draft_of_a_version')],
            },
        ),
        migrations.CreateModel(
            name='Target',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('year', models.PositiveSmallIntegerField(verbose_name='year')),
                ('forms', models.PositiveIntegerField(null=True, verbose_name='forms')),
                ('satisfied', models.DecimalField(decimal_places=1, max_digits=4, null=True, verbose_name='satisfied, in percent')),
                ('reason', models.CharField(max_length=300, verbose_name='reason')),
                ('set_at', models.DateTimeField(auto_now_add=True, verbose_name='set at')),
                ('office', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='targets', to='offices.office')),
                ('set_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='set by')),
                ('unit', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='targets', to='offices.administrativeunit')),
            ],
            options={
                'verbose_name': 'target',
                'verbose_name_plural': 'targets',
                'ordering': ['-year', '-pk'],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('office__isnull', False), ('unit', None)), models.Q(('office', None), ('unit__isnull', False)), _connector='OR'), name='target_is_of_a_unit_or_an_office'), models.CheckConstraint(condition=models.Q(('satisfied', None), models.Q(('satisfied__gte', 0), ('satisfied__lte', 100)), _connector='OR'), name='target_is_a_percentage')],
            },
        ),
        migrations.RunSQL(migrations.RunSQL.noop, PATIENCE),  # on the way back
    ]
