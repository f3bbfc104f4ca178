"""From an unanswered question to a phrasing of an entry: first what it would change, then the file."""

from collections.abc import Mapping
from datetime import timedelta

from aiohttp import web

from console import forms, render
from console.acting import back
from console.desk import SESSION, desk_of, workshop_of
from console.workshop import Workshop
from domain.actions import Audit
from domain.book import FaqEntry
from domain.errors import ConfigError, StewardError
from domain.revision import differences
from storage import views_audit

DAYS = 7
"""Of stored messages that the change is tried on."""
MOST_PHRASES = 10


async def propose(request: web.Request) -> web.StreamResponse:
    """What the phrasings would change: lines of the file, and the answers of the last days."""
    entry, phrases = await _wanted(request)
    workshop, desk = workshop_of(request), desk_of(request)
    before = await workshop.files()
    try:
        after = await _after(workshop, before, entry, phrases)
        found = await workshop.replay(before, after, desk.clock() - timedelta(days=DAYS))
    except ConfigError as error:
        raise web.HTTPBadRequest(text=f"文件夹里的配置有错，先改好：{error.problems[0]}") from None
    shown = differences(before, after)
    return await render.page(
        request, "phrasing.html", entry=entry, phrases=phrases, changes=shown, found=found, days=DAYS
    )


async def add(request: web.Request) -> web.StreamResponse:
    """Write the phrasings into the entry's file."""
    entry, phrases = await _wanted(request)
    workshop, desk = workshop_of(request), desk_of(request)
    before, actor = await workshop.files(), request[SESSION].user.name
    try:
        await workshop.publish(before, await _after(workshop, before, entry, phrases), actor)
    except StewardError as error:
        raise web.HTTPBadRequest(text=str(error)) from None
    noted = Audit(actor=actor, act="faq.phrase", target=f"faq:{entry.id}", outcome="done", at=desk.clock())
    await desk.database.write(views_audit.record, noted)
    raise back("/console/unanswered", {"notice": "phrased"})


async def _after(
    workshop: Workshop, files: Mapping[str, str], entry: FaqEntry, phrases: list[str]
) -> Mapping[str, str]:
    try:
        return workshop.with_similar(files, entry, phrases)
    except ConfigError:
        raise
    except StewardError as error:
        raise web.HTTPBadRequest(text=str(error)) from None


async def _wanted(request: web.Request) -> tuple[FaqEntry, list[str]]:
    named, text = await forms.field(request, "entry"), await forms.field(request, "phrases")
    phrases = list(dict.fromkeys(line.strip() for line in text.splitlines() if line.strip()))[:MOST_PHRASES]
    entry = next((one for one in desk_of(request).book().faq if one.id == named), None)
    if entry is None or not phrases:
        raise web.HTTPBadRequest(text="没有这条问答，或没有写问法")
    return entry, phrases
