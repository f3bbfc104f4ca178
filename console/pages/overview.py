"""The first page: how the accounts are, what waits for a person, and the off switch."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from aiohttp import web

from console import commands, forms, qr, render
from console.acting import act, act_everywhere, back
from console.desk import ChannelView, desk_of
from domain.ids import RoomId
from storage import staff, views_cases, views_rooms
from storage.database import Connection
from storage.staff import Binding
from storage.views_cases import CaseView
from storage.views_rooms import AccountView, RoomView, Tally

PATH = "/console"
QUIET_HOURS = (1, 2, 8, 24)
ONLINE = "online"
OLDEST = 5
"""Open cases on the first page."""


@dataclass(frozen=True, slots=True)
class Overview:
    """What the first page shows."""

    accounts: Sequence[AccountView]
    tally: Tally
    quiet_until: datetime | None
    cases: Sequence[CaseView]
    """Those that are open longest."""
    suspended: Sequence[Binding]
    """Colleagues whose chat identities belong to an account that another one has replaced."""


def _overview(conn: Connection, now: datetime) -> Overview:
    return Overview(
        views_rooms.accounts(conn),
        views_rooms.tally(conn, now),
        views_rooms.quiet_everywhere(conn),
        views_cases.open_cases(conn, limit=OLDEST),
        staff.suspended(conn),
    )


async def _seen(request: web.Request) -> Overview:
    desk = desk_of(request)
    return await desk.database.read(_overview, desk.clock())


async def overview(request: web.Request) -> web.StreamResponse:
    """The first page."""
    seen = await _seen(request)
    return await render.page(request, "overview.html", **_shown(request, seen), hours=QUIET_HOURS)


async def home(request: web.Request) -> web.StreamResponse:
    """The address with a stroke at its end is the same page."""
    raise web.HTTPMovedPermanently(PATH)


async def overview_live(request: web.Request) -> web.StreamResponse:
    """The part of the first page that changes."""
    seen = await _seen(request)
    return render.fragment(request, "parts/overview.html", **_shown(request, seen))


def _shown(request: web.Request, seen: Overview) -> dict[str, Any]:
    codes = {one.id: qr.data_uri(one.scan_url) for one in seen.accounts if one.scan_url}
    told = {(one.channel, one.external_id, one.login) for one in seen.accounts}
    # What no account says: nobody has logged in yet, or another process holds the account and its connection.
    unsaid = [one for one in desk_of(request).channels() if one.login != ONLINE and _said(one) not in told]
    channels = [(one, qr.data_uri(one.scan_url) if one.scan_url else "") for one in unsaid]
    problems = tuple(desk_of(request).problems())
    return {"seen": seen, "rows": seen.cases, "codes": codes, "channels": channels, "problems": problems}


def _said(channel: ChannelView) -> tuple[str, str, str]:
    return channel.name, channel.account, channel.login


async def rooms(request: web.Request) -> web.StreamResponse:
    """All rooms, each with its own off switch."""
    listed = await desk_of(request).database.read(views_rooms.rooms)
    quiet = await desk_of(request).database.read(views_rooms.quiet_everywhere)
    # Silence said in an agents' room means all rooms; its switch is on the first page.
    agents = frozenset(desk_of(request).book().staff_rooms)
    shown: dict[str, Any] = {"rooms": listed, "agents": agents, "quiet_until": quiet, "hours": QUIET_HOURS}
    return await render.page(request, "rooms.html", **shown)


async def quiet_all(request: web.Request) -> web.StreamResponse:
    """Be silent in all rooms, for so many hours."""
    raise await _everywhere(request, commands.quiet(await _hours(request)))


async def resume_all(request: web.Request) -> web.StreamResponse:
    """Speak again in all rooms."""
    raise await _everywhere(request, commands.RESUME)


async def _everywhere(request: web.Request, command: str) -> web.HTTPSeeOther:
    return back(PATH, await act_everywhere(request, command))


async def quiet_room(request: web.Request) -> web.StreamResponse:
    """Be silent in one room, for so many hours."""
    room = await _room(request)
    raise back(f"{PATH}/rooms", await act(request, room.account_id, room.id, commands.quiet(await _hours(request))))


async def resume_room(request: web.Request) -> web.StreamResponse:
    """Speak again in one room."""
    room = await _room(request)
    raise back(f"{PATH}/rooms", await act(request, room.account_id, room.id, commands.RESUME))


async def _room(request: web.Request) -> RoomView:
    room = await desk_of(request).database.read(views_rooms.room, RoomId(forms.number(request)))
    if room is None:
        raise web.HTTPNotFound
    return room


async def _hours(request: web.Request) -> int:
    text = await forms.field(request, "hours")
    return int(text) if text in map(str, QUIET_HOURS) else 2
