"""Whom to tell that there is a reply: sealed rows apart from remarks, for sending only."""

import django.db.models.deletion
from django.db import migrations, models

# Whoever answers waits behind a statement that waits: it gives up soon, and is run again.
PATIENCE = "SET LOCAL lock_timeout = '2s'"


class Migration(migrations.Migration):

    dependencies = [
        ('offices', '0010_more_history'),
        ('surveys', '0043_reasons'),
    ]

    operations = [
        migrations.RunSQL(PATIENCE, migrations.RunSQL.noop),
        migrations.CreateModel(
            name='ReplyNews',
            fields=[
                ('key', models.UUIDField(primary_key=True, serialize=False)),
                ('sealed', models.BinaryField()),
                ('state', models.PositiveSmallIntegerField(choices=[(0, 'is to be sent'), (1, 'is being sent')], db_default=0, default=0, verbose_name='message')),
                ('delete_on', models.DateField(verbose_name='deleted on')),
                ('office', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='offices.office')),
            ],
            options={
                'verbose_name': 'message about a reply',
                'verbose_name_plural': 'messages about replies',
                'indexes': [models.Index(models.F('delete_on'), name='reply_news_delete_on')],
            },
        ),
    ]
