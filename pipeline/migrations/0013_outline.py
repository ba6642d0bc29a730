from django.db import migrations, models
from django.db.models.functions import Cast


def name_by_place(apps, schema_editor):
    """What was kept before sections had keys is told apart by its place."""
    for kind in ("Post", "Card"):
        rows = apps.get_model("pipeline", kind).objects.filter(key="")
        rows.update(key=Cast("section", models.CharField()))


class Migration(migrations.Migration):

    dependencies = [
        ('pipeline', "0012_sending_day"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='card',
            name='one_card_per_section',
        ),
        migrations.RemoveConstraint(
            model_name='post',
            name='one_post_per_section_and_account',
        ),
        migrations.AddField(
            model_name='campaign',
            name='grouping',
            field=models.JSONField(default=dict),
        ),
        migrations.AddField(
            model_name='campaign',
            name='outline',
            field=models.JSONField(default=dict),
        ),
        migrations.AddField(
            model_name='card',
            name='key',
            field=models.CharField(blank=True, max_length=80),
        ),
        migrations.AddField(
            model_name='post',
            name='key',
            field=models.CharField(blank=True, max_length=80),
        ),
        migrations.RunPython(name_by_place, migrations.RunPython.noop, elidable=True),
        migrations.AddConstraint(
            model_name='card',
            constraint=models.UniqueConstraint(fields=('issue', 'key'), name='one_card_per_section'),
        ),
        migrations.AddConstraint(
            model_name='post',
            constraint=models.UniqueConstraint(fields=('issue', 'key', 'network', 'handle'), name='one_post_per_section_and_account'),
        ),
    ]
