"""Sends that did not simply go out: doubtful ones to settle, expired and refused ones to know about."""

from aiohttp import web

from console import commands, forms, render
from console.acting import act, back
from console.desk import desk_of
from domain.facts import SendState
from storage import views_sends

PATH = "/console/sends"
TABS = (SendState.DOUBTFUL, SendState.EXPIRED, SendState.REFUSED, SendState.CANCELLED, SendState.WAITING)


async def sends(request: web.Request) -> web.StreamResponse:
    """One state's rows, newest first; doubtful ones have buttons."""
    wanted = request.query.get("state", "")
    state = SendState(wanted) if wanted in TABS else SendState.DOUBTFUL
    rows = await desk_of(request).database.read(views_sends.sends, state, forms.before(request))
    return await render.page(
        request, "sends.html", rows=rows, state=state, tabs=TABS, older=render.next_before(rows, "id")
    )


async def settle(request: web.Request) -> web.StreamResponse:
    """Say of a doubtful send that it went out, or send it again."""
    found = await desk_of(request).database.read(views_sends.send, forms.number(request))
    if found is None:
        raise web.HTTPNotFound(text="没有这条发送")
    if found.state is not SendState.DOUBTFUL:
        raise back(PATH, {"notice": "settled"})
    resend = {"resend": True, "sent": False}.get(await forms.field(request, "act"))
    if resend is None:
        raise web.HTTPBadRequest(text="没有这个操作")
    raise back(PATH, await act(request, found.account_id, found.room_id, commands.settle_send(found.id, resend)))
