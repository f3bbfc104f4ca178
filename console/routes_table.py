"""What a route of the console is: its path, its handler, and the least role that may use it."""

from dataclasses import dataclass
from typing import Literal

from aiohttp.typedefs import Handler

from console.roles import Role

Needs = Role | Literal["nobody"]
"""``nobody``: open without a session (the sign-in page and what it shows)."""


@dataclass(frozen=True, slots=True)
class Route:
    """One route below /console. Each handler belongs to one route, so that the guard can tell them apart."""

    method: Literal["GET", "POST"]
    path: str
    handler: Handler
    needs: Needs = "agent"
    most_bytes: int | None = None
    """What may be posted; None: as much as anywhere in the application."""
