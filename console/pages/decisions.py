"""The live stream of decisions: every event with what was found, why, under which revision, and what followed."""

from typing import Any

from aiohttp import web

from console import forms, render
from console.desk import desk_of
from domain.ids import RoomId
from storage import views_decisions, views_rooms
from storage.views_decisions import Scope

SCOPES = ((Scope.OTHERS, "群里的动静"), (Scope.FOUND, "有判定的"), (Scope.ALL, "全部，含本号消息"))


async def decisions(request: web.Request) -> web.StreamResponse:
    """One page of the stream; the first one is live."""
    rooms = await desk_of(request).database.read(views_rooms.rooms)
    return await render.page(request, "decisions.html", **await _shown(request), rooms=rooms)


async def decisions_live(request: web.Request) -> web.StreamResponse:
    """The rows of the first page."""
    return render.fragment(request, "parts/decisions.html", **await _shown(request))


async def decision(request: web.Request) -> web.StreamResponse:
    """One event, unfolded."""
    row = await desk_of(request).database.read(views_decisions.decision, forms.number(request))
    if row is None:
        raise web.HTTPNotFound(text="没有这条记录，可能已过保留期")
    return await render.page(request, "decision.html", rows=[row])


async def _shown(request: web.Request) -> dict[str, Any]:
    before, room = forms.before(request), forms.before(request, "room")
    wanted = request.query.get("show", "")
    scope = Scope(wanted) if wanted in {*Scope} else Scope.OTHERS
    rows = await desk_of(request).database.read(
        views_decisions.decisions,
        before=before,
        room_id=None if room is None else RoomId(room),
        scope=scope,
    )
    older = render.next_before(rows, "event_id")
    return {"rows": rows, "older": older, "before": before, "room": room, "scope": scope, "scopes": SCOPES}
