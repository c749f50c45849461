"""
The tables of an empty database, made at once.

Migrating renders every model again after each of several hundred operations, which
takes most of a minute for what is one statement a table. A database that holds nothing
needs none of the steps between, only what the last one leaves; a test compares the two.
"""

from __future__ import annotations

from django.apps import apps
from django.core.management import call_command
from django.core.management.sql import emit_post_migrate_signal
from django.db import connection, transaction
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations import Migration, RunSQL
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.state import ProjectState


def bring_up_to_date() -> None:
    """The database as the migrations leave it, by the shorter way where it is empty."""
    if connection.introspection.table_names():
        call_command("migrate", verbosity=0)
    else:
        make_tables()


def make_tables() -> None:
    """Make every table of the last state, and note all migrations as applied.

    Steps that move rows find none here and are left out; plain SQL (triggers) is run.
    All of it or, where the process ends in the middle, nothing.
    """
    with transaction.atomic():
        fill_empty()


def fill_empty() -> None:
    executor = MigrationExecutor(connection)
    plan = [
        one for one, _ in executor.migration_plan(executor.loader.graph.leaf_nodes())
    ]
    state = executor.loader.project_state()
    with connection.schema_editor(atomic=True) as editor:
        for model in state.apps.get_models():
            options = model._meta
            if options.managed and not (options.proxy or options.swapped):
                editor.create_model(model)
    with connection.schema_editor(atomic=True) as editor:
        for migration in plan:
            run_plain_sql(migration, state, editor)
    executor.recorder.ensure_schema()
    for migration in plan:
        executor.recorder.record_applied(migration.app_label, migration.name)
    emit_post_migrate_signal(0, False, connection.alias, apps=apps, plan=[])


def run_plain_sql(
    migration: Migration, state: ProjectState, editor: BaseDatabaseSchemaEditor
) -> None:
    for operation in migration.operations:
        if isinstance(operation, RunSQL):
            operation.database_forwards(migration.app_label, editor, state, state)
