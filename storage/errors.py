"""What can be wrong with a database that waiting does not heal."""

from domain.errors import StewardError


class Corrupt(StewardError):
    """The SQLite file is damaged; the message says the way back."""
