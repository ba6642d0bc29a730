"""Indexes that only took time: what they can find, another index finds as well.

Of a unique text PostgreSQL gets a second index for LIKE; nobody asks so for a part of a hash.
"""

import django.db.models.deletion
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps


def drop_index_for_like(_: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    """Drop the second index of a subscriber's ``address_hash``, on PostgreSQL."""
    if editor.connection.vendor != "postgresql":
        return
    with editor.connection.cursor() as cursor:
        cursor.execute(
            "SELECT indexname FROM pg_indexes WHERE schemaname = current_schema()"
            " AND tablename = 'pipeline_subscriber' AND indexdef LIKE %s",
            ["%(address_hash varchar_pattern_ops)%"],
        )
        for (name,) in cursor.fetchall():
            editor.execute(f"DROP INDEX {editor.quote_name(name)}")


class Migration(migrations.Migration):

    dependencies = [
        ("pipeline", "0009_campaigns"),
    ]

    operations = [
        migrations.AlterField(
            model_name="importchange",
            name="source",
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name="changes", to="pipeline.import"),
        ),
        migrations.AlterField(
            model_name="subscription",
            name="subscriber",
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name="subscriptions", to="pipeline.subscriber"),
        ),
        migrations.AlterField(
            model_name="consent",
            name="address_hash",
            field=models.CharField(max_length=64),
        ),
        migrations.AddIndex(
            model_name="consent",
            index=models.Index(condition=models.Q(("import_id", None), ("given", False), _connector="OR"), fields=["address_hash"], name="consent_hash"),
        ),
        migrations.RunPython(drop_index_for_like, migrations.RunPython.noop),
    ]
