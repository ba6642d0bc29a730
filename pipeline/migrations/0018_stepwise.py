from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('pipeline', "0017_events"),
    ]

    operations = [
        migrations.CreateModel(
            name='BounceMailbox',
            fields=[
                ('name', models.CharField(max_length=64, primary_key=True, serialize=False)),
                ('validity', models.BigIntegerField(default=0)),
                ('read_up_to', models.BigIntegerField(default=0)),
                ('asked_at', models.DateTimeField(null=True)),
            ],
        ),
        migrations.AddField(
            model_name='batch',
            name='done',
            field=models.PositiveIntegerField(null=True),
        ),
        migrations.AddField(
            model_name='batch',
            name='in_flight',
            field=models.PositiveIntegerField(null=True),
        ),
    ]
