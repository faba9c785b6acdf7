"""Finished dossiers per office, day and field, for response rates."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('offices', '0002_directory_revision'),
    ]

    operations = [
        migrations.CreateModel(
            name='DossierCount',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('day', models.DateField(verbose_name='day')),
                ('finished', models.PositiveIntegerField(verbose_name='finished dossiers')),
                ('simulated', models.BooleanField(default=False, verbose_name='simulated')),
                ('field', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='offices.field', verbose_name='field')),
                ('office', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='dossier_counts', to='offices.office', verbose_name='office')),
            ],
            options={
                'verbose_name': 'finished dossiers',
                'verbose_name_plural': 'finished dossiers',
                'ordering': ['-day', 'office'],
                'constraints': [models.UniqueConstraint(models.F('office'), models.F('day'), models.F('field'), name='dossier_count_cell', nulls_distinct=False)],
            },
        ),
    ]
