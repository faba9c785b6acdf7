"""Messages of lists that offices bring: a sealed row each, until it is handed over."""

import django.db.models.deletion
from django.db import migrations, models


# Whoever answers waits behind a statement that waits: it gives up soon, and is run again.
PATIENCE = "SET LOCAL lock_timeout = '2s'"
# The version before knows no such reasons, and its page of the office would fail.
AS_BEFORE = (
    "UPDATE surveys_waitinginvitation SET failure = 'mail' WHERE failure IN ('refused', 'address')"
)


class Migration(migrations.Migration):

    dependencies = [
        ('offices', '0010_more_history'),
        ('surveys', '0036_remark_queue'),
    ]

    operations = [
        migrations.RunSQL(PATIENCE, AS_BEFORE),
        migrations.AlterField(
            model_name='waitinginvitation',
            name='failure',
            field=models.CharField(choices=[('no_sms', 'text messages are not set up'), ('no_mail', 'mail is not set up'), ('gateway', 'the gateway of text messages did not take it'), ('mail', 'the mail server did not take it'), ('refused', 'the mail server refuses this address'), ('address', 'neither a mobile number nor an e-mail address'), ('too_late', 'the dossier was finished too long ago, or the office has ended'), ('unreadable', 'the contact cannot be read')], max_length=10, verbose_name='not sent because'),
        ),
        migrations.CreateModel(
            name='Mailing',
            fields=[
                ('key', models.UUIDField(editable=False, primary_key=True, serialize=False)),
                ('size', models.PositiveIntegerField(verbose_name='lines of the list')),
                ('nowhere', models.PositiveIntegerField(verbose_name='lines without a contact')),
                ('sent', models.PositiveIntegerField(db_default=0, default=0, verbose_name='messages sent')),
                ('delete_on', models.DateField(verbose_name='deleted on')),
                ('office', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='offices.office', verbose_name='office')),
            ],
            options={
                'verbose_name': 'list that is being sent',
                'verbose_name_plural': 'lists that are being sent',
            },
        ),
        migrations.CreateModel(
            name='MailingMessage',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('line', models.PositiveIntegerField(verbose_name='line of the list')),
                ('sealed', models.BinaryField()),
                ('state', models.PositiveSmallIntegerField(choices=[(0, 'is to be sent'), (1, 'is being sent'), (2, 'not sent')], verbose_name='message')),
                ('failure', models.CharField(blank=True, choices=[('no_sms', 'text messages are not set up'), ('no_mail', 'mail is not set up'), ('gateway', 'the gateway of text messages did not take it'), ('mail', 'the mail server did not take it'), ('refused', 'the mail server refuses this address'), ('address', 'neither a mobile number nor an e-mail address'), ('too_late', 'the dossier was finished too long ago, or the office has ended'), ('unreadable', 'the contact cannot be read')], max_length=10, verbose_name='not sent because')),
                ('mailing', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='messages', to='surveys.mailing')),
            ],
            options={
                'verbose_name': 'message of a list',
                'verbose_name_plural': 'messages of lists',
                'indexes': [models.Index(models.F('id'), condition=models.Q(('state', 0)), name='mailing_message_asked')],
            },
        ),
        migrations.RunSQL(migrations.RunSQL.noop, PATIENCE),  # on the way back
    ]
