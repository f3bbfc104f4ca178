"""Signing in and out: throttled per user and per address, the same work for names that nobody has."""

from datetime import datetime
from urllib.parse import urlsplit

from aiohttp import web

from console import render, sessions
from console.desk import SESSION, Limits, desk_of
from console.passwords import verify_password
from domain.actions import Audit
from storage import staff, views_audit
from storage.database import Connection

WRONG = "用户名或密码不对"
THROTTLED = "尝试太频繁了，请 5 分钟后再试"
HOME = "/console"
NOBODY = "?"
"""The actor of a failed sign-in under a name that nobody has: people type passwords into the wrong field."""


async def door(request: web.Request) -> web.StreamResponse:
    """The sign-in form."""
    if SESSION in request:
        raise web.HTTPSeeOther(HOME)
    return _form(request, request.query.get("next", ""))


async def sign_in(request: web.Request) -> web.StreamResponse:
    """Check name and password; a good pair gets a session under a new id."""
    desk = desk_of(request)
    form = await request.post()
    name, password = str(form.get("name", "")).strip()[:64], str(form.get("password", ""))
    wanted = str(form.get("next", ""))
    scopes = (staff.scope_of(name), f"addr:{request.remote or ''}")
    if not await desk.database.write(_reserve, scopes, desk.clock(), desk.limits):
        return _form(request, wanted, THROTTLED, name, status=429)
    user = await desk.database.read(staff.user_by_name, name)
    good = await verify_password(user.password_hash if user is not None else None, password)
    if user is None or not good or not user.active:
        await _note(request, user.name if user is not None else NOBODY, "refused")
        return _form(request, wanted, WRONG, name, status=403)
    response = web.HTTPSeeOther(local_path(wanted))
    await desk.database.write(staff.clear_attempts, scopes[0])
    await sessions.begin(request, response, desk, user.id)
    await _note(request, user.name, "done")
    raise response


def _reserve(conn: Connection, scopes: tuple[str, str], now: datetime, limits: Limits) -> bool:
    """Count this attempt, unless the user's or the address's share is used up (then it is not counted either).

    Counting before the password is checked keeps many requests at once from slipping through.
    """
    since = now - limits.window
    most = (limits.per_user, limits.per_address)
    if any(staff.attempts(conn, scope, since) >= limit for scope, limit in zip(scopes, most, strict=True)):
        return False
    for scope in scopes:
        staff.note_attempt(conn, scope, now)
    return True


async def sign_out(request: web.Request) -> web.StreamResponse:
    """End the session of this browser."""
    response = web.HTTPSeeOther(f"{HOME}/sign-in?notice=signed-out")
    await sessions.end(request, response, desk_of(request))
    raise response


def local_path(wanted: str) -> str:
    """Where to go after signing in: a page of the console, never another site."""
    parts = urlsplit(wanted)
    ours = parts.path == HOME or parts.path.startswith(f"{HOME}/")
    plain = wanted.startswith(HOME) and not set(wanted) & set("\\\r\n\t")
    return wanted if ours and plain and not parts.scheme and not parts.netloc else HOME


def _form(request: web.Request, wanted: str, error: str = "", name: str = "", status: int = 200) -> web.Response:
    desk = desk_of(request)
    # Another tab may show the form already: its token must stay good.
    cookie = sessions.door_of(request) or sessions.new_door()
    response = render.public(
        request,
        "sign_in.html",
        status,
        csrf=sessions.door_token(cookie, desk.secret),
        wanted=local_path(wanted),
        error=error,
        name=name,
        signed_out=request.query.get("notice") == "signed-out",
    )
    sessions.set_door(response, cookie, sessions.secure(request, desk))
    return response


async def _note(request: web.Request, actor: str, outcome: str) -> None:
    desk = desk_of(request)
    entry = Audit(actor=actor, act="sign-in", target=request.remote or "", outcome=outcome, at=desk.clock())
    await desk.database.write(views_audit.record, entry)
