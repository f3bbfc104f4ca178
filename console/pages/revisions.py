"""Revisions of the configuration: what differs, what the difference would do to stored messages, and the way back."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from aiohttp import web

from console import forms, render
from console.acting import back
from console.desk import SESSION, desk_of, unwritable, workshop_of
from domain.actions import Audit
from domain.errors import ConfigError, Problem, StewardError
from domain.revision import differences
from handlers.replay import Replayed
from storage import books, views_audit

PATH = "/console/book"
DAYS = (1, 3, 7, 14, 30)
FOLDER = "folder"
"""How the files on disk are called in an address."""


async def diff(request: web.Request) -> web.StreamResponse:
    """What differs from one set to another; by default from the revision in force to the folder."""
    sets = await _sets(request)
    changes = differences(sets["before"], sets["after"])
    return await render.page(request, "diff.html", **sets, changes=changes, unwritable=await unwritable(request))


async def replay(request: web.Request) -> web.StreamResponse:
    """What would have become of the last days' messages; judged only when asked for."""
    sets = await _sets(request)
    days = forms.before(request, "days")
    days = days if days in DAYS else None
    found: Replayed | None = None
    problems: tuple[Problem, ...] = ()
    if days is not None:
        desk = desk_of(request)
        since = desk.clock() - timedelta(days=days)
        try:
            found = await workshop_of(request).replay(sets["before"], sets["after"], since)
        except ConfigError as error:
            problems = error.problems
    return await render.page(request, "replay.html", **sets, days=days, choices=DAYS, found=found, problems=problems)


async def roll_back(request: web.Request) -> web.StreamResponse:
    """Write a revision's files into the folder; the bot takes them as an edit."""
    desk, number = desk_of(request), await forms.field(request, "number")
    files = await _files(request, number)
    try:
        await workshop_of(request).write_back(files)
    except StewardError as error:
        raise web.HTTPBadRequest(text=str(error)) from None
    actor, target = request[SESSION].user.name, f"revision:{number}"
    entry = Audit(actor=actor, act="book.rollback", target=target, outcome="done", at=desk.clock())
    await desk.database.write(views_audit.record, entry)
    raise back(PATH, {"notice": "rolled-back"})


async def _sets(request: web.Request) -> dict[str, Any]:
    """The two sets that the address names, as ``old``, ``new``, ``before`` and ``after``."""
    old, new = request.query.get("old", ""), request.query.get("new", FOLDER)
    if not old:
        held = await desk_of(request).database.read(books.current_revision)
        if held is None:
            raise web.HTTPNotFound(text="还没有生效过的版本")
        old = str(held.id)
    return {"old": old, "new": new, "before": await _files(request, old), "after": await _files(request, new)}


async def _files(request: web.Request, named: str) -> Mapping[str, str]:
    if named == FOLDER:
        return await workshop_of(request).files()
    if not named.isascii() or not named.isdigit() or len(named) > 15:
        raise web.HTTPNotFound(text="没有这个版本")
    try:
        return await desk_of(request).database.read(books.load_revision, int(named))
    except LookupError:
        raise web.HTTPNotFound(text="没有这个版本") from None
