"""Mails from above to heads of offices whose forms will not be enough."""

import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models


# Whoever answers waits behind a statement that waits: it gives up soon, and is run again.
PATIENCE = "SET LOCAL lock_timeout = '2s'"


class Migration(migrations.Migration):
    dependencies = [
        ('offices', '0010_more_history'),
        ('reports', '0021_letters'),
        ('surveys', '0035_without_authority'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RunSQL(PATIENCE, migrations.RunSQL.noop),
        migrations.CreateModel(
            name='Reminder',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('asked_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('period', models.CharField(choices=[('day', 'day'), ('week', 'week'), ('month', 'month'), ('quarter', 'quarter'), ('year', 'year')], max_length=7)),
                ('start', models.DateField()),
                ('state', models.CharField(choices=[('asked', 'is to be sent'), ('taken', 'is being sent'), ('sent', 'sent'), ('returned', 'not sent')], default='asked', max_length=8)),
                ('returned', models.CharField(blank=True, db_default='', default='', max_length=200)),
                ('asked_by', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('instrument', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='surveys.instrument')),
                ('office', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='reminders', to='offices.office')),
                ('unit', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='offices.administrativeunit')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'reminder',
                'verbose_name_plural': 'reminders',
                'ordering': ['-pk'],
                'indexes': [models.Index(models.F('office'), models.F('asked_at'), name='reminder_office_asked'), models.Index(models.F('id'), condition=models.Q(('state', 'asked')), name='reminder_to_be_sent')],
            },
        ),
        migrations.RunSQL(migrations.RunSQL.noop, PATIENCE),
    ]
