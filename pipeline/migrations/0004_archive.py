from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('pipeline', '0003_audience'),
    ]

    operations = [
        migrations.AddField(
            model_name='issue',
            name='about',
            field=models.JSONField(default=dict),
        ),
    ]
