from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('pipeline', '0014_approval_request'),
    ]

    operations = [
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
