"""What was set aside: failed and unreadable events, and times in which nothing was heard."""

from aiohttp import web

from console import forms, render
from console.acting import back
from console.desk import SESSION, desk_of
from console.roles import at_least
from domain.actions import Audit
from domain.ids import AccountId, EventId
from storage import inbox, views_audit, views_events
from storage.database import Connection

PATH = "/console/failed"


async def failed(request: web.Request) -> web.StreamResponse:
    """Events that raised, with their tracebacks."""
    rows = await desk_of(request).database.read(views_events.failed, forms.before(request))
    may = at_least(request[SESSION].user.role, "lead")
    return await render.page(
        request, "failed.html", rows=rows, older=render.next_before(rows, "event_id"), may_retry=may
    )


async def retry(request: web.Request) -> web.StreamResponse:
    """Let a failed event be judged again, once what raised is mended; audited, for it may answer or sanction now."""
    desk, number = desk_of(request), EventId(forms.number(request))
    target = f"event:{number}"
    entry = Audit(actor=request[SESSION].user.name, act="event.retry", target=target, outcome="done", at=desk.clock())
    account = await desk.database.write(_again, number, entry)
    if account is None:
        raise back(PATH, {"notice": "unknown"})
    desk.woken(account)
    raise back(PATH, {"notice": "again"})


def _again(conn: Connection, number: EventId, entry: Audit) -> AccountId | None:
    if not inbox.retry_failed(conn, number, entry.at):
        return None
    views_audit.record(conn, entry)
    return views_events.account_of(conn, number)


async def unreadable(request: web.Request) -> web.StreamResponse:
    """Events whose content could not be fetched yet."""
    rows = await desk_of(request).database.read(views_events.unreadable, forms.before(request))
    return await render.page(request, "unreadable.html", rows=rows, older=render.next_before(rows, "event_id"))


async def gaps(request: web.Request) -> web.StreamResponse:
    """Connection gaps."""
    rows = await desk_of(request).database.read(views_events.gaps, forms.before(request))
    return await render.page(request, "gaps.html", rows=rows, older=render.next_before(rows, "id"))
