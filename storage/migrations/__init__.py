"""Alembic's folder: the steps by which a database came to its present tables."""
