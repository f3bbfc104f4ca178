"""Console users as the shell makes them: by `steward user add`, and the first one at the first start."""

from bot.house import system_clock
from console.passwords import hash_password, too_weak
from domain.ids import UserId
from storage import staff
from storage.database import Database

FIRST_USER = "admin"
FIRST_ROLE = "admin"


async def add_user(database: Database, name: str, role: str, password: str) -> UserId:
    """Add a user. Raises ValueError when the name is taken or unusable, or the password too weak."""
    name = name.strip()
    if not 1 <= len(name) <= 40 or not name.isprintable():
        raise ValueError("a user's name has 1 to 40 printable characters")
    reason = too_weak(password, name)
    if reason is not None:
        raise ValueError(reason)
    return await database.write(staff.add_user, name, role, await hash_password(password), system_clock())


async def ensure_first_user(database: Database, password: str) -> bool:
    """Make the first user when there is none; whether one was made."""
    if await database.read(staff.users):
        return False
    await add_user(database, FIRST_USER, FIRST_ROLE, password)
    return True
