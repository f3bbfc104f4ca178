"""How Alembic runs here: on the connection and inside the transaction that `storage.migrate.upgrade` gives it."""

from alembic import context

from storage.tables import METADATA

context.configure(connection=context.config.attributes["connection"], target_metadata=METADATA)
context.run_migrations()
