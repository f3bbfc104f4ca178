"""What can be wrong with a database that waiting does not heal."""

from sqlalchemy.exc import DataError, DBAPIError, IntegrityError

from domain.errors import StewardError


class Corrupt(StewardError):
    """The SQLite file is damaged; the message says the way back."""


_IN_WORDS = {
    "database is locked": "another program holds the database locked: let it finish or end it",
    "disk is full": "the disk of the database is full: make room there",
    "readonly database": "the database file may not be written: give this process's user the right to",
    "unable to open database file": "the database file cannot be opened: its folder must be there and writable",
    "disk I/O error": "the disk of the database does not work: look at the system's log",
}


def in_words(said: object) -> str:
    """What an operator should know about passing trouble of SQLite, with what SQLite said."""
    text = str(said)
    known = next((words for sign, words in _IN_WORDS.items() if sign in text), "the database cannot be used now")
    return f"{known} ({text})"


def blames_database(error: BaseException) -> bool:
    """Whether the database itself is at fault (damaged, a table missing) and not the data or the code that made it.

    Then no event is guilty: setting events aside one by one would only empty the inbox.
    """
    if isinstance(error, Corrupt):
        return True
    return isinstance(error, DBAPIError) and not isinstance(error, IntegrityError | DataError)
