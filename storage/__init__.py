"""Everything that knows SQL: tables, queries, migrations and the unit of work."""
