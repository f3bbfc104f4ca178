"""Console users as the shell makes and changes them: by `steward user`, and the first one at the first start."""

from bot.house import House, system_clock
from bot.trouble import insist
from console.naming import LONGEST_NAME, usable_name
from console.passwords import hash_password, too_weak
from domain.actions import Audit
from domain.ids import AccountId, UserId
from storage import roster, staff
from storage.database import Database

FIRST_USER = "admin"
FIRST_ROLE = "admin"
COMMAND_LINE = "steward user"
"""The actor of the audit log when it was done by hand on the machine."""


async def add_user(database: Database, name: str, role: str, password: str) -> UserId:
    """Add a user. Raises ValueError when the name is taken or unusable, or the password too weak."""
    name = name.strip()
    if not usable_name(name):
        raise ValueError(f"a user's name has 1 to {LONGEST_NAME} printable characters, and no @, #, braces or brackets")
    hashed = await _hashed(name, password)
    return await database.write(roster.add, name, role, hashed, COMMAND_LINE, system_clock())


async def give_password(database: Database, name: str, password: str) -> None:
    """A new password for somebody who lost theirs. Raises ValueError as `change_user` does, or when it is too weak."""
    hashed = await _hashed(name, password)
    await change_user(database, name, "user.password", roster.Change(password_hash=hashed))


async def change_user(database: Database, name: str, act: str, wanted: roster.Change) -> None:
    """Change a user, audited as ``act``. Raises ValueError when nobody is called so, or for the last admin."""
    user = await database.read(staff.user_by_name, name)
    if user is None:
        raise ValueError(f"there is no user {name}; see `steward user list`")
    entry = Audit(actor=COMMAND_LINE, act=act, target=f"user:{user.id}", outcome="done", at=system_clock())
    if await database.write(roster.change, user.id, wanted, None, entry) == "last-admin":
        raise ValueError(f"{name} is the only admin who may sign in; make another one first: steward user add")


async def _hashed(name: str, password: str) -> str:
    reason = too_weak(password, name)
    if reason is not None:
        raise ValueError(reason)
    return await hash_password(password)


async def ensure_first_user(house: House, password: str) -> bool:
    """Make the first user when there is none, however long the database is away; whether one was made."""
    nobody = AccountId(0)
    if await insist(house, nobody, "first user", lambda: house.database.read(staff.users)):
        return False
    made = (FIRST_USER, FIRST_ROLE, await hash_password(password), system_clock())
    return await insist(house, nobody, "first user", lambda: house.database.write(staff.add_first_user, *made))
