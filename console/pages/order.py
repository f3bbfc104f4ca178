"""Sanctions with their reasons and the way back, and appeals."""

from aiohttp import web

from console import commands, forms, render
from console.acting import act, back
from console.desk import desk_of
from storage import views_order

PATH = "/console/sanctions"


async def sanctions(request: web.Request) -> web.StreamResponse:
    """All sanctions, newest first."""
    rows = await desk_of(request).database.read(views_order.sanctions, forms.before(request))
    return await render.page(request, "sanctions.html", rows=rows, older=render.next_before(rows, "number"))


async def undo(request: web.Request) -> web.StreamResponse:
    """Take one sanction back, with an apology to the member."""
    found = await desk_of(request).database.read(views_order.sanction, forms.number(request))
    if found is None:
        raise web.HTTPNotFound(text="没有这条处置")
    raise back(PATH, await act(request, found.account_id, found.room_id, commands.undo(found.number)))


async def review(request: web.Request) -> web.StreamResponse:
    """Say whether the verdict behind a sanction was right; a wrong one is taken back."""
    found = await desk_of(request).database.read(views_order.sanction, forms.number(request))
    if found is None:
        raise web.HTTPNotFound(text="没有这条处置")
    right = {"right": True, "wrong": False}.get(await forms.field(request, "act"))
    if right is None:
        raise web.HTTPBadRequest(text="没有这个操作")
    came = {"rule": found.rule} if await forms.field(request, "from") == "rule" else {}
    page = "/console/rules/one" if came else PATH
    outcome = await act(request, found.account_id, found.room_id, commands.review(found.number, right))
    raise back(page, came | outcome)


async def appeals(request: web.Request) -> web.StreamResponse:
    """Members who find a sanction wrong, newest first."""
    rows = await desk_of(request).database.read(views_order.appeals, forms.before(request))
    return await render.page(request, "appeals.html", rows=rows, older=render.next_before(rows, "id"))
