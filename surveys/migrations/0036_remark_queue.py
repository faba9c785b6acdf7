"""Remarks have a tone and a theme, stand first where their words say so, and are opened again."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


# Whoever answers waits behind a statement that waits: it gives up soon, and is run again.
PATIENCE = "SET LOCAL lock_timeout = '2s'"

# The version before knows no remark that was opened again: it has its first reply back. No check
# may wait for the end, because the columns go in the same transaction.
AS_BEFORE = """
SET CONSTRAINTS ALL IMMEDIATE;
UPDATE surveys_remark SET state = 2, reply = first_reply, due_on = first_due_on WHERE state = 5
"""


class Migration(migrations.Migration):

    dependencies = [
        ('offices', '0010_more_history'),
        ('surveys', '0035_without_authority'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RunSQL(PATIENCE, migrations.RunSQL.noop),
        migrations.AddField(
            model_name='remark',
            name='first_due_on',
            field=models.DateField(null=True),
        ),
        migrations.AddField(
            model_name='remark',
            name='first_reply',
            field=models.TextField(blank=True, db_default='', default=''),
        ),
        migrations.AddField(
            model_name='remark',
            name='helped',
            field=models.BooleanField(null=True),
        ),
        migrations.AddField(
            model_name='remark',
            name='raised',
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.AddField(
            model_name='remark',
            name='reminded_on',
            field=models.DateField(null=True),
        ),
        migrations.AddField(
            model_name='remark',
            name='reopened_on',
            field=models.DateField(null=True, verbose_name='opened again on'),
        ),
        migrations.AddField(
            model_name='remark',
            name='theme',
            field=models.PositiveSmallIntegerField(choices=[(1, 'waiting time'), (2, 'conduct of staff'), (3, 'papers and procedure'), (4, 'fees'), (5, 'rooms and equipment'), (6, 'online services'), (7, 'result'), (8, 'other')], null=True, verbose_name='theme'),
        ),
        migrations.AddField(
            model_name='remark',
            name='tone',
            field=models.PositiveSmallIntegerField(choices=[(1, 'praise'), (2, 'criticism'), (3, 'suggestion')], null=True, verbose_name='tone'),
        ),
        migrations.AddField(
            model_name='remark',
            name='urgent',
            field=models.BooleanField(db_default=False, default=False, verbose_name='to be read first'),
        ),
        migrations.AlterField(
            model_name='remark',
            name='state',
            field=models.PositiveSmallIntegerField(choices=[(0, 'new'), (1, 'assigned'), (2, 'answered'), (3, 'published'), (4, 'closed'), (5, 'opened again')], default=0, verbose_name='state'),
        ),
        migrations.AlterField(
            model_name='remarkstep',
            name='after',
            field=models.PositiveSmallIntegerField(choices=[(0, 'new'), (1, 'assigned'), (2, 'answered'), (3, 'published'), (4, 'closed'), (5, 'opened again')]),
        ),
        migrations.AlterField(
            model_name='remarkstep',
            name='before',
            field=models.PositiveSmallIntegerField(choices=[(0, 'new'), (1, 'assigned'), (2, 'answered'), (3, 'published'), (4, 'closed'), (5, 'opened again')]),
        ),
        migrations.CreateModel(
            name='ThemeReply',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('theme', models.PositiveSmallIntegerField(choices=[(1, 'waiting time'), (2, 'conduct of staff'), (3, 'papers and procedure'), (4, 'fees'), (5, 'rooms and equipment'), (6, 'online services'), (7, 'result'), (8, 'other')], verbose_name='theme')),
                ('text', models.TextField(verbose_name='text')),
                ('day', models.DateField(verbose_name='day')),
                ('tens', models.PositiveIntegerField()),
                ('published_at', models.DateTimeField(null=True, verbose_name='published')),
                ('simulated', models.BooleanField(default=False)),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('office', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='theme_replies', to='offices.office')),
            ],
            options={
                'verbose_name': 'answer for a theme',
                'verbose_name_plural': 'answers for themes',
                'ordering': ['-day', '-pk'],
            },
        ),
        migrations.RunSQL(migrations.RunSQL.noop, AS_BEFORE),
        migrations.RunSQL(migrations.RunSQL.noop, PATIENCE),  # on the way back
    ]
