"""Who may sign in: everybody with their role and chat identities, and what an admin may change about them."""

from dataclasses import dataclass

from aiohttp import web

from console import forms, render
from console.acting import back
from console.desk import SESSION, desk_of
from console.naming import LONGEST_NAME, usable_name
from console.passwords import hash_password, new_password
from console.roles import ROLES, TITLES
from domain.actions import Audit
from domain.ids import MemberId, UserId
from storage import roster
from storage.roster import Change, Listed

PATH = "/console/users"
_REFUSED = {"unknown": "unknown", "own": "user-own", "last-admin": "user-last"}


@dataclass(frozen=True, slots=True)
class Act:
    """What a button means: the act of the audit log, the change, and the notice when it is done."""

    name: str
    change: Change
    notice: str


async def users(request: web.Request) -> web.StreamResponse:
    """Everybody, and the form for a new user."""
    return await _list(request)


async def add(request: web.Request) -> web.StreamResponse:
    """A new user. The password is made here and shown this once, so there is no page to come back to."""
    name, role = (await forms.field(request, "name")).strip(), await forms.field(request, "role")
    if not usable_name(name):
        problem = f"用户名要 1 到 {LONGEST_NAME} 个字，不能有 @ # 括号和看不见的字"
        return await _list(request, 400, problem=problem, typed=name)
    if role not in ROLES:
        raise web.HTTPBadRequest(text="没有这个角色")
    desk, password = desk_of(request), new_password()
    made = (name, role, await hash_password(password), request[SESSION].user.name, desk.clock())
    try:
        await desk.database.write(roster.add, *made)
    except ValueError:
        return await _list(request, 400, problem="已经有同事叫这个名字", typed=name)
    return await _list(request, added=name, password=password)


async def user(request: web.Request) -> web.StreamResponse:
    """One user with what may be changed."""
    return await _one(request, await _found(request))


async def change(request: web.Request) -> web.StreamResponse:
    """Keep out, let in, another role, a new password, or one chat identity less."""
    found, desk = await _found(request), desk_of(request)
    password = new_password()
    wanted = await _wanted(request, password)
    by, target = request[SESSION].user, f"user:{found.user.id}"
    entry = Audit(actor=by.name, act=wanted.name, target=target, outcome="done", at=desk.clock())
    outcome = await desk.database.write(roster.change, found.user.id, wanted.change, by.id, entry)
    if outcome != "done":
        raise back(f"{PATH}/{found.user.id}", {"notice": _REFUSED[outcome]})
    if wanted.change.password_hash is not None:
        return await _one(request, found, password)
    raise back(f"{PATH}/{found.user.id}", {"notice": wanted.notice})


async def _wanted(request: web.Request, password: str) -> Act:
    match await forms.field(request, "act"):
        case "disable":
            return Act("user.disable", Change(active=False), "user-disabled")
        case "enable":
            return Act("user.enable", Change(active=True), "user-enabled")
        case "password":
            return Act("user.password", Change(password_hash=await hash_password(password)), "")
        case "role" if (role := await forms.field(request, "role")) in ROLES:
            return Act("user.role", Change(role=role), "user-role")
        case "unbind" if (member := await forms.field(request, "member")).isascii() and member.isdigit():
            return Act("user.unbind", Change(unbind=MemberId(int(member[:15]))), "user-unbound")
    raise web.HTTPBadRequest(text="没有这个操作")


async def _found(request: web.Request) -> Listed:
    number = UserId(forms.number(request))
    found = {one.user.id: one for one in await desk_of(request).database.read(roster.roster)}.get(number)
    if found is None:
        raise web.HTTPNotFound(text="没有这个用户")
    return found


async def _one(request: web.Request, found: Listed, password: str = "") -> web.Response:
    own = found.user.id == request[SESSION].user.id
    return await render.page(request, "user.html", one=found, own=own, roles=TITLES, password=password)


async def _list(
    request: web.Request, status: int = 200, *, problem: str = "", typed: str = "", added: str = "", password: str = ""
) -> web.Response:
    rows = await desk_of(request).database.read(roster.roster)
    told = {"problem": problem, "typed": typed, "added": added, "password": password}
    return await render.page(request, "users.html", status, rows=rows, roles=TITLES, longest=LONGEST_NAME, **told)
