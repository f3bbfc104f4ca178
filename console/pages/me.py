"""One's own account: binding a chat identity by a one-time code, and the password."""

import hashlib
import secrets

from aiohttp import web

from console import forms, render, sessions
from console.desk import SESSION, desk_of
from console.naming import LONGEST_SHOWN, sayable
from console.passwords import hash_password, too_weak, verify_password
from domain.actions import Audit
from storage import staff, views_audit

PATH = "/console/me"
_ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
"""Without signs that are mistaken for each other."""
CODE_LENGTH = 8


async def me(request: web.Request) -> web.StreamResponse:
    """Bindings, and the two forms."""
    return await _page(request)


async def make_code(request: web.Request) -> web.StreamResponse:
    """A binding code, shown this once: only its hash is kept, so there is no page to come back to."""
    desk, user = desk_of(request), request[SESSION].user
    code = "".join(secrets.choice(_ALPHABET) for _ in range(CODE_LENGTH))
    hashed = hashlib.sha256(code.encode()).hexdigest()
    await desk.database.write(staff.make_code, user.id, hashed, desk.clock(), desk.limits.code)
    await _note(request, "binding-code")
    return await _page(request, code=code, minutes=int(desk.limits.code.total_seconds() // 60))


async def change_shown(request: web.Request) -> web.StreamResponse:
    """How members and colleagues in chats hear of this user."""
    shown = (await forms.field(request, "shown")).strip()
    problem = "" if sayable(shown) else f"名字最多 {LONGEST_SHOWN} 个字，不能有 @ 和看不见的字"
    if not problem and not await desk_of(request).database.write(staff.set_shown, request[SESSION].user.id, shown):
        problem = "已经有同事叫这个名字"
    if problem:
        return await _page(request, 400, name_problem=problem)
    await _note(request, "shown-name")
    raise web.HTTPSeeOther(f"{PATH}?notice=shown")


async def change_password(request: web.Request) -> web.StreamResponse:
    """A new password: all sessions end, and this browser gets a new one."""
    desk, user = desk_of(request), request[SESSION].user
    old, new, again = [await forms.field(request, name) for name in ("old", "new", "again")]
    problem = too_weak(new, user.name) or ("两次输入的新密码不一样" if new != again else None)
    if problem is None and not await verify_password(user.password_hash, old):
        problem = "当前密码不对"
    if problem is not None:
        return await _page(request, 400, problem=problem)
    await desk.database.write(staff.set_password, user.id, await hash_password(new))
    await desk.database.write(staff.close_sessions, user.id)
    response = web.HTTPSeeOther(f"{PATH}?notice=password")
    await sessions.begin(request, response, desk, user.id)
    await _note(request, "password")
    raise response


async def _page(
    request: web.Request,
    status: int = 200,
    *,
    code: str = "",
    minutes: int = 0,
    problem: str = "",
    name_problem: str = "",
) -> web.Response:
    database, user = desk_of(request).database, request[SESSION].user.id
    own = [binding for binding in await database.read(staff.bindings) if binding.user_id == user]
    # Of another login account: they count again when that one comes back.
    idle = {binding.member_id for binding in await database.read(staff.suspended)}
    shown = {"bindings": own, "idle": idle, "code": code, "minutes": minutes, "problem": problem}
    return await render.page(request, "me.html", status, **shown, name_problem=name_problem, longest=LONGEST_SHOWN)


async def _note(request: web.Request, act: str) -> None:
    desk = desk_of(request)
    entry = Audit(actor=request[SESSION].user.name, act=act, target="", outcome="done", at=desk.clock())
    await desk.database.write(views_audit.record, entry)
