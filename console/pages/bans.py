"""The ban list: who shall be in no room, and whom a ban would reach before it is made."""

from aiohttp import web

from console import commands, forms, render
from console.acting import act, back
from console.desk import desk_of
from storage import views_order, views_rules
from storage.views_order import SanctionView

PATH = "/console/bans"


async def bans(request: web.Request) -> web.StreamResponse:
    """Everybody on the list."""
    rows = await desk_of(request).database.read(views_rules.bans)
    return await render.page(request, "bans.html", rows=rows)


async def preview(request: web.Request) -> web.StreamResponse:
    """Where the member of a sanction is, and what a ban would do there."""
    found = await _sanction(request)
    desk = desk_of(request)
    places = await desk.database.read(views_rules.places, found.member_id)
    banned = {row.member_id for row in await desk.database.read(views_rules.bans)}
    return await render.page(request, "ban.html", row=found, places=places, banned=found.member_id in banned)


async def change(request: web.Request) -> web.StreamResponse:
    """Ban the member of a sanction, or lift the ban."""
    found = await _sanction(request)
    lift = {"ban": False, "lift": True}.get(await forms.field(request, "act"))
    if lift is None:
        raise web.HTTPBadRequest(text="没有这个操作")
    raise back(PATH, await act(request, found.account_id, found.room_id, commands.ban(found.number, lift)))


async def _sanction(request: web.Request) -> SanctionView:
    found = await desk_of(request).database.read(views_order.sanction, forms.number(request))
    if found is None:
        raise web.HTTPNotFound(text="没有这条处置")
    return found
