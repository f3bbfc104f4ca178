"""Cases: the queue, one case with everything said in it, and what an agent can do about it."""

from typing import Any

from aiohttp import web

from console import commands, forms, render
from console.acting import act, back
from console.desk import SESSION, desk_of
from storage import staff, views_cases
from storage.staff import User
from storage.views_cases import CaseView

PATH = "/console/cases"


async def cases(request: web.Request) -> web.StreamResponse:
    """The queue of open cases."""
    return await render.page(request, "cases.html", **await _queue(request))


async def cases_live(request: web.Request) -> web.StreamResponse:
    """The rows of the queue."""
    return render.fragment(request, "parts/cases.html", **await _queue(request))


async def _queue(request: web.Request) -> dict[str, Any]:
    after = forms.before(request, "after") or 0
    rows = await desk_of(request).database.read(views_cases.open_cases, after)
    return {"rows": rows, "after": after, "next": render.next_before(rows, "number")}


async def resolved(request: web.Request) -> web.StreamResponse:
    """Cases that are done, newest first."""
    rows = await desk_of(request).database.read(views_cases.resolved_cases, forms.before(request))
    return await render.page(request, "resolved.html", rows=rows, older=render.next_before(rows, "number"))


async def case(request: web.Request) -> web.StreamResponse:
    """One case with its thread and its forms."""
    shown = await _case(request)
    users = await desk_of(request).database.read(staff.users)
    return await render.page(
        request, "case.html", **await _thread(request, shown), colleagues=_colleagues(request, users)
    )


async def case_live(request: web.Request) -> web.StreamResponse:
    """The thread of one case."""
    return render.fragment(request, "parts/thread.html", **await _thread(request, await _case(request)))


async def _thread(request: web.Request, shown: CaseView) -> dict[str, Any]:
    messages = await desk_of(request).database.read(views_cases.case_messages, shown.number)
    return {"case": shown, "messages": messages}


def _colleagues(request: web.Request, users: list[User]) -> list[User]:
    """Whom a case can be handed to."""
    own = request[SESSION].user.id
    return [user for user in users if user.active and user.id != own]


async def act_on_case(request: web.Request) -> web.StreamResponse:
    """Reply, take over, note, transfer or resolve: which one is the value of the button that was pressed."""
    shown = await _case(request)
    page = f"{PATH}/{shown.number}"
    try:
        command = await _command(request, shown.number)
    except commands.Unsayable:
        raise back(page, {"notice": "unsayable" if await forms.field(request, "text") else "empty"}) from None
    raise back(page, await act(request, shown.account_id, shown.room_id, command))


async def _command(request: web.Request, number: int) -> str:
    text = await forms.field(request, "text")
    match await forms.field(request, "act"):
        case "reply":
            return commands.reply(number, text)
        case "note":
            return commands.note(number, text)
        case "take":
            return commands.take(number)
        case "resolve":
            return commands.resolve(number)
        case "transfer":
            return commands.transfer(number, await _colleague(request), text)
    raise web.HTTPBadRequest(text="没有这个操作")


async def _colleague(request: web.Request) -> str:
    wanted = await forms.field(request, "to")
    users = await desk_of(request).database.read(staff.users)
    names = [user.name for user in _colleagues(request, users)]
    if wanted not in names:
        raise web.HTTPBadRequest(text="没有这位同事")
    return wanted


async def _case(request: web.Request) -> CaseView:
    found = await desk_of(request).database.read(views_cases.case, forms.number(request))
    if found is None:
        raise web.HTTPNotFound(text="没有这个工单")
    return found
