"""Mail when a period of a place closes: which places, and what was told of them."""

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

# Whoever answers waits behind a statement that waits: it gives up soon, and is run again.
PATIENCE = "SET LOCAL lock_timeout = '2s'"
# The version before would write every night to whoever asked for closed periods alone.
NIGHTLY_ALONE = "DELETE FROM reports_subscription WHERE NOT nightly"


class Migration(migrations.Migration):

    dependencies = [
        ('offices', '0010_more_history'),
        ('reports', '0026_papers'),
        ('surveys', '0037_mailing'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RunSQL(PATIENCE, migrations.RunSQL.noop),
        migrations.AddField(
            model_name='subscription',
            name='nightly',
            field=models.BooleanField(db_default=True, default=True),
        ),
        migrations.CreateModel(
            name='Following',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('since', models.DateTimeField(default=django.utils.timezone.now)),
                ('through', models.DateField(null=True)),
                ('office', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='offices.office')),
                ('unit', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='offices.administrativeunit')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='followings', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'place somebody hears of',
                'verbose_name_plural': 'places somebody hears of',
            },
        ),
        migrations.CreateModel(
            name='ToldClosing',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('period', models.CharField(choices=[('day', 'day'), ('week', 'week'), ('month', 'month'), ('quarter', 'quarter'), ('year', 'year')], max_length=7)),
                ('start', models.DateField()),
                ('shown', models.CharField(blank=True, max_length=40)),
                ('following', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='told', to='reports.following')),
                ('instrument', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='surveys.instrument')),
                ('release', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='reports.release')),
            ],
            options={
                'verbose_name': 'closing that was told',
                'verbose_name_plural': 'closings that were told',
            },
        ),
        migrations.AddConstraint(
            model_name='following',
            constraint=models.UniqueConstraint(models.F('user'), models.F('office'), models.F('unit'), name='following', nulls_distinct=False),
        ),
        migrations.AddConstraint(
            model_name='following',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('office', None), ('unit__isnull', False)), models.Q(('office__isnull', False), ('unit', None)), _connector='OR'), name='following_of_an_office_or_a_unit'),
        ),
        migrations.AddConstraint(
            model_name='toldclosing',
            constraint=models.UniqueConstraint(models.F('following'), models.F('period'), models.F('start'), name='told_closing'),
        ),
        # on the way back
        migrations.RunSQL(migrations.RunSQL.noop, NIGHTLY_ALONE),
        migrations.RunSQL(migrations.RunSQL.noop, PATIENCE),
    ]
