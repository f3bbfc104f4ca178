"""All tables, as SQLModel classes (the declaration) and Core tables (what statements are written with)."""

from storage.tables import engagement, order, path, people, staff, web
from storage.tables.base import Base

METADATA = Base.metadata

__all__ = ["METADATA", "Base", "engagement", "order", "path", "people", "staff", "web"]
