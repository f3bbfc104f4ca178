"""Signed-in browsers: random tokens of which only hashes are stored, and the token that every form carries."""

import hashlib
import hmac
import re
import secrets
from datetime import datetime

from aiohttp import web

from console.desk import Desk
from domain.ids import UserId
from storage import staff
from storage.database import Connection
from storage.staff import Session

COOKIE = "steward_session"
DOOR_COOKIE = "steward_door"
PATH = "/console"
_DOOR = re.compile(r"[0-9a-f]{32}")
TOUCH_SECONDS = 60
"""The time of last use is written at most this often."""


def fingerprint(token: str) -> str:
    """What is stored of a token."""
    return hashlib.sha256(token.encode()).hexdigest()


async def find(request: web.Request, desk: Desk, *, used: bool) -> Session | None:
    """The session of a request's cookie, if it is still good. ``used``: a person did this, so it stays awake."""
    token = request.cookies.get(COOKIE, "")
    if not token:
        return None
    now, hashed = desk.clock(), fingerprint(token)
    session = await desk.database.read(staff.session, hashed, now, desk.limits.idle)
    if session is None or not session.user.active:
        return None
    if used and (now - session.seen_at).total_seconds() >= TOUCH_SECONDS:
        await desk.database.write(staff.touch_session, hashed, now)
    return session


async def begin(request: web.Request, response: web.StreamResponse, desk: Desk, user_id: UserId) -> None:
    """Open a session under a new token; the one that the browser came with ends."""
    token = secrets.token_urlsafe(32)
    old = request.cookies.get(COOKIE, "")
    await desk.database.write(_exchange, fingerprint(old), fingerprint(token), user_id, desk.clock(), desk)
    response.set_cookie(
        COOKIE,
        token,
        max_age=int(desk.limits.absolute.total_seconds()),
        path=PATH,
        httponly=True,
        samesite="Lax",
        secure=secure(request, desk),
    )
    response.del_cookie(DOOR_COOKIE, path=PATH)


def _exchange(conn: Connection, old: str, new: str, user_id: UserId, now: datetime, desk: Desk) -> None:
    staff.close_session(conn, old)
    staff.open_session(conn, user_id, new, secrets.token_urlsafe(24), now, desk.limits.absolute)


async def end(request: web.Request, response: web.StreamResponse, desk: Desk) -> None:
    """Close the session of this browser."""
    await desk.database.write(staff.close_session, fingerprint(request.cookies.get(COOKIE, "")))
    response.del_cookie(COOKIE, path=PATH)


def secure(request: web.Request, desk: Desk) -> bool:
    """Whether cookies may only travel over TLS: the page came so, or is published so by a proxy in front of us."""
    return request.secure or desk.book().public_url.startswith("https://")


# ---- the sign-in form, which has no session yet ----------------------------------------------------------------------


def new_door() -> str:
    """A random value for the cookie that the sign-in form is tied to."""
    return secrets.token_hex(16)


def door_of(request: web.Request) -> str | None:
    """The value of the sign-in form's cookie, if the browser has one of the right shape."""
    value = request.cookies.get(DOOR_COOKIE, "")
    return value if _DOOR.fullmatch(value) else None


def door_token(door: str, secret: bytes) -> str:
    """What the form carries for a cookie: nobody else can compute it."""
    return hmac.new(secret, b"console-door\0" + door.encode(), hashlib.sha256).hexdigest()


def set_door(response: web.StreamResponse, door: str, tls_only: bool) -> None:
    """Give the browser the cookie of the sign-in form."""
    response.set_cookie(DOOR_COOKIE, door, max_age=3600, path=PATH, httponly=True, samesite="Strict", secure=tls_only)


def same(one: str, other: str) -> bool:
    """Compare secrets in constant time; nothing equals the empty text."""
    return bool(one) and hmac.compare_digest(one.encode(), other.encode())
