"""The audit log: who did or tried what."""

from aiohttp import web

from console import forms, render
from console.desk import desk_of
from storage import views_audit


async def audit(request: web.Request) -> web.StreamResponse:
    """Entries, newest first."""
    rows = await desk_of(request).database.read(views_audit.audit_log, forms.before(request))
    return await render.page(request, "audit.html", rows=rows, older=render.next_before(rows, "id"))
