"""What can be wrong with a database that waiting does not heal."""

from sqlalchemy.exc import DataError, DBAPIError, IntegrityError

from domain.errors import StewardError


class Corrupt(StewardError):
    """The SQLite file is damaged; the message says the way back."""


def blames_database(error: BaseException) -> bool:
    """Whether the database itself is at fault (damaged, a table missing) and not the data or the code that made it.

    Then no event is guilty: setting events aside one by one would only empty the inbox.
    """
    if isinstance(error, Corrupt):
        return True
    return isinstance(error, DBAPIError) and not isinstance(error, IntegrityError | DataError)
