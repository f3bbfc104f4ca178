"""The roles of console users, rising: whoever has one may do what those below it may."""

from typing import Literal

Role = Literal["agent", "lead", "operator", "admin"]
ROLES: tuple[Role, ...] = ("agent", "lead", "operator", "admin")
TITLES: dict[str, str] = {"agent": "客服", "lead": "组长", "operator": "运营", "admin": "管理员"}


def at_least(role: str, needed: Role) -> bool:
    """Whether ``role`` reaches ``needed``; a role that is not in the list reaches nothing."""
    return role in ROLES and ROLES.index(role) >= ROLES.index(needed)
