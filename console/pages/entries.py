"""FAQ entries in a form: first what a change would do, then the operator's own file, then a new revision."""

import asyncio
import hashlib
import hmac
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from aiohttp import web

from console import forms, render
from console.acting import back
from console.desk import SESSION, desk_of, unwritable, workshop_of
from console.entry_form import FIELDS, EntryText, FollowUpText, from_post, from_values, to_values
from console.workshop import EntrySource, FolderChanged, Remark, Tried
from domain.actions import Audit
from domain.book import FaqEntry
from domain.errors import ConfigError, StewardError
from domain.revision import differences
from handlers.replay import Replayed
from storage import views_audit, views_rooms

PATH = "/console/faq/entries"
DAYS = 7
"""Of stored messages that a change is tried on."""
PAGE = 100
SPARE = 2
"""Empty rows for what may be asked on."""
NEW_FILE = "faq/console.yaml"
"""Where a new entry goes in a folder without FAQ files."""
CHANGED = "您打开之后，有人改过这一条。下面是您填的内容，文件里现在的写法在最下面；对一对，再看一次效果。"
UNSENT = "选了文件还没有传：先点“传上来”，再看效果"
MOST_POSTED = 11 * 1024 * 1024
"""Bytes of a form with a file in it: the largest file that may be sent, and what else was typed."""
MOVED_ON = "您看过效果之后，有人改了配置。这是和那些修改合在一起的效果，请再看一遍。"
_ID = re.compile(r"[\w.-]{1,64}")


@dataclass(frozen=True, slots=True)
class Wanted:
    """A form that was sent, beside the folder as it is now."""

    text: EntryText
    before: Mapping[str, str]
    held: EntrySource | None
    tried: Tried | None
    remarks: tuple[Remark, ...] = ()

    @property
    def clash(self) -> bool:
        """Whether somebody has changed the entry since the form was opened, or made one of this name."""
        return (self.held.mark if self.held is not None else "") != self.text.mark


async def entries(request: web.Request) -> web.StreamResponse:
    """All entries of the running set, or those with some words in them."""
    words, last = request.query.get("q", "").strip()[:60], forms.before(request) or 0
    found = [entry for entry in desk_of(request).book().faq if _mentions(entry, words)]
    shown = found[last : last + PAGE]
    older = last + PAGE if len(found) > last + PAGE else None
    held: dict[str, Any] = {"rows": shown, "count": len(found), "words": words, "older": older}
    return await render.page(request, "entries.html", **held, unwritable=await unwritable(request))


async def edit(request: web.Request) -> web.StreamResponse:
    """The form of an entry as it stands in its file."""
    named = request.query.get("entry", "")
    running = next((entry for entry in desk_of(request).book().faq if entry.id == named), None)
    workshop = workshop_of(request)
    file = running.where.rpartition(":")[0] if running is not None else ""
    held = await _asked(workshop.source(await workshop.files(), named, file)) if named else None
    if held is None:
        raise web.HTTPNotFound(text="没有这条问答，可能刚被删掉")
    return await _form(request, from_values(named, held.file, held.mark, held.values))


async def new(request: web.Request) -> web.StreamResponse:
    """An empty form, or one begun from a question that nobody answered."""
    texts = {key: request.query.get(key, "")[:2000] for key in ("question", "similar", "answer")}
    return await _form(request, EntryText(file=request.query.get("file", ""), texts=texts))


async def change(request: web.Request) -> web.StreamResponse:
    """Back to the form with what was typed."""
    return await _form(request, from_post(await request.post()))


async def preview(request: web.Request) -> web.StreamResponse:
    """What the entry would change, or the form again with what is wrong beside the fields."""
    return await _shown(request, await _wanted(request))


async def publish(request: web.Request) -> web.StreamResponse:
    """Write the file, if exactly this change was looked at and nobody has changed anything since."""
    wanted = await _wanted(request)
    tried, seen = wanted.tried, await forms.field(request, "seen")
    if tried is None or tried.failed or wanted.clash:
        return await _shown(request, wanted)
    if not hmac.compare_digest(seen.encode(), _seen(request, wanted.before, tried.files).encode()):
        return await _shown(request, wanted, MOVED_ON)
    try:
        await workshop_of(request).publish(wanted.before, tried.files, request[SESSION].user.name)
    except FolderChanged:
        return await _shown(request, await _wanted(request), MOVED_ON)
    except StewardError as error:
        raise web.HTTPBadRequest(text=str(error)) from None
    act = "faq.remove" if wanted.text.remove else "faq.change" if wanted.held is not None else "faq.add"
    await _note(request, act, f"faq:{wanted.text.id}")
    raise back(PATH, {"notice": "removed" if wanted.text.remove else "published"})


async def upload(request: web.Request) -> web.StreamResponse:
    """Keep a file, and show the form again with all that was typed and the file among those to send."""
    form = await request.post()
    text, sent = from_post(form), form.get("upload")
    if not isinstance(sent, web.FileField) or not sent.filename:
        return await _form(request, text, (Remark("files", "error", "先选一个文件"),))
    try:
        with sent.file:
            name = await workshop_of(request).store(sent.filename, await asyncio.to_thread(sent.file.read))
    except StewardError as error:
        return await _form(request, text, (Remark("files", "error", str(error)),))
    await _note(request, "faq.upload", f"file:{name}")
    chosen = {**(text.chosen or {}), "files": tuple(dict.fromkeys((*text.of("files"), name)))}
    return await _form(request, replace(text, chosen=chosen))


# ---- parts -----------------------------------------------------------------------------------------------------------


async def _note(request: web.Request, act: str, target: str) -> None:
    desk, actor = desk_of(request), request[SESSION].user.name
    noted = Audit(actor=actor, act=act, target=target, outcome="done", at=desk.clock())
    await desk.database.write(views_audit.record, noted)


async def _wanted(request: web.Request) -> Wanted:
    workshop = workshop_of(request)
    text, before = from_post(await request.post()), await workshop.files()
    if not _ID.fullmatch(text.id):
        named = Remark("id", "error", "起个名字，只用文字、数字、_ . -", "例如 refund-time")
        return Wanted(text, before, None, None, (named,))
    held = await _asked(workshop.source(before, text.id, text.file))
    if held is not None and not text.mark:
        taken = Remark("id", "error", f"{text.id} 已经有了，在 {held.file}", "换个名字，或去改那一条")
        return Wanted(text, before, None, None, (taken,))
    if held is None and text.mark:
        raise web.HTTPConflict(text="这一条刚被人删掉或改了名字，没有写进文件")
    text = replace(text, file=held.file) if held is not None else text
    if text.remove:
        tried = await _asked(workshop.try_removal(before, text.file, text.id))
        return Wanted(text, before, held, tried, tried.remarks)
    if text.unsent:
        return Wanted(text, before, held, None, (Remark("files", "error", UNSENT),))
    values = to_values(text, held.values if held is not None else {})
    tried = await _asked(workshop.try_entry(before, text.file, text.id, values))
    return Wanted(text, before, held, tried, tried.remarks)


async def _asked(work: Any) -> Any:
    """What the workshop says; its refusals are shown as they are."""
    try:
        return await work
    except ConfigError as error:
        raise web.HTTPBadRequest(text=f"文件夹里的配置有错，先改好：{error.problems[0]}") from None
    except StewardError as error:
        raise web.HTTPBadRequest(text=str(error)) from None


async def _shown(request: web.Request, wanted: Wanted, notice: str = "") -> web.StreamResponse:
    tried, held = wanted.tried, wanted.held
    if tried is None or tried.failed:
        return await _form(request, wanted.text, wanted.remarks)
    if wanted.clash and held is not None:
        return await _form(request, replace(wanted.text, mark=held.mark), wanted.remarks, CHANGED, held.text)
    changes = differences(wanted.before, tried.files)
    desk = desk_of(request)
    found: Replayed | None = None
    if changes:
        since = desk.clock() - timedelta(days=DAYS)
        found = await _asked(workshop_of(request).replay(wanted.before, tried.files, since))
    return await render.page(
        request,
        "entry_preview.html",
        text=wanted.text,
        fields=FIELDS,
        remarks=wanted.remarks,
        changes=changes,
        found=found,
        days=DAYS,
        warning=notice,
        seen=_seen(request, wanted.before, tried.files),
        is_new=held is None,
    )


async def _form(
    request: web.Request, text: EntryText, remarks: tuple[Remark, ...] = (), warning: str = "", present: str = ""
) -> web.StreamResponse:
    """The form; 400 when something in it is wrong, 409 when it clashes with somebody else's change."""
    workshop, desk = workshop_of(request), desk_of(request)
    files = sorted(name for name in await workshop.files() if name.startswith("faq/"))
    known = await desk.database.read(views_rooms.rooms)
    staff = desk.book().staff_rooms
    rooms = {room.key: room.title for room in known if not room.private and room.key not in staff}
    choices = {
        "rooms": rooms | {key: key for key in text.of("rooms") if key not in rooms},
        "files": {name: name for name in dict.fromkeys((*await workshop.attachments(), *text.of("files")))},
    }
    beside: dict[str, list[Remark]] = {}
    for remark in remarks:
        beside.setdefault(remark.key, []).append(_in_words(remark))
    failed = any(remark.level == "error" for remark in remarks)
    return await render.page(
        request,
        "entry.html",
        409 if warning else 400 if failed else 200,
        text=replace(text, file=text.file or (files[0] if files else NEW_FILE)),
        fields=FIELDS,
        choices=choices,
        files=files or [NEW_FILE],
        follow_ups=(*text.follow_ups, *(FollowUpText() for _ in range(SPARE))),
        known=[entry.id for entry in desk.book().faq if entry.id != text.id][:500],
        beside=beside,
        warning=warning,
        present=present,
        failed=failed,
        unwritable=await unwritable(request),
        kinds=workshop.file_kinds,
        most=workshop.file_bytes // 1024 // 1024,
    )


def _in_words(remark: Remark) -> Remark:
    """A remark that calls its field as the form does."""
    title = next((field.title for field in FIELDS if field.key == remark.key), "")
    return replace(remark, message=re.sub(rf"^{remark.key}\b", title, remark.message)) if title else remark


def _seen(request: web.Request, before: Mapping[str, str], after: Mapping[str, str]) -> str:
    """Proves that this user was shown this very change of this very folder."""
    digest = hashlib.sha256()
    for files in (before, after):
        for name, text in sorted(files.items()):
            digest.update(f"{name}\0{len(text)}\0{text}\0".encode("utf-8", "surrogatepass"))
    key = desk_of(request).secret + request[SESSION].csrf.encode()
    return hmac.new(key, b"faq-seen\0" + digest.digest(), hashlib.sha256).hexdigest()


def _mentions(entry: FaqEntry, words: str) -> bool:
    said = (entry.id, entry.question, *entry.similar, *entry.answers)
    return not words or any(words.lower() in text.lower() for text in said)
