"""Console users as the shell makes them: by `steward user add`, and the first one at the first start."""

from bot.house import House, system_clock
from bot.trouble import insist
from console.passwords import hash_password, too_weak
from domain.ids import AccountId, UserId
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


async def ensure_first_user(house: House, password: str) -> bool:
    """Make the first user when there is none, however long the database is away; whether one was made."""
    nobody = AccountId(0)
    if await insist(house, nobody, "first user", lambda: house.database.read(staff.users)):
        return False
    made = (FIRST_USER, FIRST_ROLE, await hash_password(password), system_clock())
    return await insist(house, nobody, "first user", lambda: house.database.write(staff.add_first_user, *made))
