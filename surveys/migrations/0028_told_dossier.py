"""The ledger of dossiers that somebody told us of, and contacts that wait for their message."""

import django.db.models.deletion
from django.db import migrations, models


# Whoever answers waits behind a statement that waits: it gives up soon, and is run again.
PATIENCE = "SET LOCAL lock_timeout = '2s'"


class Migration(migrations.Migration):

    dependencies = [
        ('offices', '0010_more_history'),
        ('surveys', '0027_held'),
    ]

    operations = [
        migrations.RunSQL(PATIENCE, migrations.RunSQL.noop),
        migrations.CreateModel(
            name='ToldDossier',
            fields=[
                ('seen', models.BinaryField(primary_key=True, serialize=False)),
                ('year', models.PositiveSmallIntegerField(verbose_name='year')),
                ('finished_on', models.DateField(verbose_name='finished on')),
                ('teller', models.PositiveSmallIntegerField(choices=[(0, 'list of the office'), (1, 'request for a link'), (2, 'list of the portal')], verbose_name='told by')),
                ('sending', models.PositiveSmallIntegerField(choices=[(0, 'no contact'), (1, 'waits to be sent'), (2, 'is to be sent'), (3, 'is being sent'), (4, 'sent'), (5, 'not sent')], db_default=0, default=0, verbose_name='message')),
                ('field', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='offices.field', verbose_name='field')),
                ('office', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='offices.office', verbose_name='office')),
            ],
            options={
                'verbose_name': 'dossier told of',
                'verbose_name_plural': 'dossiers told of',
                'indexes': [models.Index(models.F('office'), models.F('finished_on'), name='told_dossier_office_day'), models.Index(models.F('year'), name='told_dossier_year'), models.Index(models.F('office'), condition=models.Q(('sending', 2)), name='told_dossier_asked')],
            },
        ),
        migrations.CreateModel(
            name='WaitingInvitation',
            fields=[
                ('seen', models.BinaryField(primary_key=True, serialize=False)),
                ('sealed', models.BinaryField(null=True)),
                ('contact_hash', models.BinaryField()),
                ('is_one_of_many', models.BooleanField(verbose_name='one of many')),
                ('failure', models.CharField(choices=[('no_sms', 'text messages are not set up'), ('no_mail', 'mail is not set up'), ('gateway', 'the gateway of text messages did not take it'), ('mail', 'the mail server did not take it'), ('too_late', 'the dossier was finished too long ago, or the office has ended'), ('unreadable', 'the contact cannot be read')], max_length=10, verbose_name='not sent because')),
                ('delete_on', models.DateField(verbose_name='deleted on')),
                ('office', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='offices.office')),
            ],
            options={
                'verbose_name': 'invitation that waits',
                'verbose_name_plural': 'invitations that wait',
                'indexes': [models.Index(models.F('contact_hash'), name='waiting_invitation_contact'), models.Index(models.F('office'), models.F('failure'), name='waiting_invitation_failure')],
            },
        ),
        migrations.RunSQL(migrations.RunSQL.noop, PATIENCE),
    ]
