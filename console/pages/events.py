"""What was set aside: failed and unreadable events, and times in which nothing was heard."""

from aiohttp import web

from console import forms, render
from console.desk import desk_of
from storage import views_events


async def failed(request: web.Request) -> web.StreamResponse:
    """Events that raised, with their tracebacks."""
    rows = await desk_of(request).database.read(views_events.failed, forms.before(request))
    return await render.page(request, "failed.html", rows=rows, older=render.next_before(rows, "event_id"))


async def unreadable(request: web.Request) -> web.StreamResponse:
    """Events whose content could not be fetched yet."""
    rows = await desk_of(request).database.read(views_events.unreadable, forms.before(request))
    return await render.page(request, "unreadable.html", rows=rows, older=render.next_before(rows, "event_id"))


async def gaps(request: web.Request) -> web.StreamResponse:
    """Connection gaps."""
    rows = await desk_of(request).database.read(views_events.gaps, forms.before(request))
    return await render.page(request, "gaps.html", rows=rows, older=render.next_before(rows, "id"))
