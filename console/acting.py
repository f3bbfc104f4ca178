"""How the console acts: it writes an event for the one path, waits a moment, and says what came of it."""

import asyncio
from urllib.parse import urlencode

from aiohttp import web

from console.desk import SESSION, Desk, desk_of
from domain.ids import NO_ROOM, AccountId, EventId, RoomId
from storage import inbox, views_decisions, views_events, views_rooms
from storage.database import Connection

FIRST_LOOK = 0.03
"""Seconds until the event's state is read first; every next look waits half as long again."""


async def act(request: web.Request, account: AccountId, room: RoomId, command: str) -> dict[str, str]:
    """Give ``command`` to the bot as this user's act; returns the query of the notice that tells the outcome."""
    desk, user = desk_of(request), request[SESSION].user
    event = await desk.database.write(inbox.put_staff, account, room, user.id, user.called, command, desk.clock())
    desk.woken(account)
    outcome = await _outcome(desk, event)
    return {"notice": outcome, "event": str(event)} if outcome == "hint" else {"notice": outcome}


async def act_everywhere(request: web.Request, command: str) -> dict[str, str]:
    """The same for what concerns all rooms: one account is told, one that is served now.

    Told to an account that nobody serves, it would come true whenever somebody does.
    """
    desk = desk_of(request)
    now, accounts = desk.clock(), await desk.database.read(views_rooms.accounts)
    served = [account for account in accounts if account.holder and (account.lease_until or now) > now]
    if not (served or accounts):
        return {"notice": "unknown"}
    return await act(request, (served or accounts)[0].id, NO_ROOM, command)


async def _outcome(desk: Desk, event: EventId) -> str:
    waited, pause = 0.0, FIRST_LOOK
    while waited < desk.settle_wait:
        await asyncio.sleep(pause)
        waited, pause = waited + pause, pause * 1.5
        outcome = await desk.database.read(_look, event)
        if outcome is not None:
            return outcome
    return "queued"


def _look(conn: Connection, event: EventId) -> str | None:
    """The notice for an event: None while it waits."""
    state = views_events.event_state(conn, event)
    if state == "waiting":
        return None
    if state == "failed":
        return "failed"
    decided = views_decisions.decision(conn, event)
    levels = {finding.get("level") for finding in decided.findings} if decided is not None else set()
    return "hint" if levels & {"hint", "refused"} else "done"


def back(path: str, outcome: dict[str, str]) -> web.HTTPSeeOther:
    """The redirect after a post, so that reloading the page does not post again."""
    return web.HTTPSeeOther(f"{path}?{urlencode(outcome)}")
