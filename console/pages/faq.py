"""The operators' desk for the FAQ: what nobody answered, and how each entry fares."""

import asyncio
from datetime import timedelta

from aiohttp import web

from console import forms, render
from console.desk import desk_of, unwritable
from handlers.faq.learning import clusters, is_question
from storage import views_faq, views_unanswered

DAYS = (1, 3, 7, 14, 30)
USUAL_DAYS = 7
SHOWN = 60
"""Groups on a page."""


async def unanswered(request: web.Request) -> web.StreamResponse:
    """Questions nobody answered, in groups, the most frequent first."""
    desk, days = desk_of(request), _days(request)
    book, since = desk.book(), desk.clock() - timedelta(days=days)
    left = await desk.database.read(views_unanswered.unanswered, since, desk.clock(), book.staff_rooms, is_question)
    left += await desk.database.read(views_unanswered.answered_in_cases, since, is_question)
    # Comparing hundreds of questions takes a second: not on the loop that answers members.
    found = await asyncio.to_thread(clusters, left, book)
    return await render.page(
        request,
        "unanswered.html",
        rows=found[:SHOWN],
        groups=len(found),
        questions=len(left),
        days=days,
        choices=DAYS,
        unwritable=await unwritable(request),
    )


async def statistics(request: web.Request) -> web.StreamResponse:
    """Every entry that did anything, and those that did nothing."""
    desk, days = desk_of(request), _days(request)
    book, since = desk.book(), desk.clock() - timedelta(days=days)
    rows, partial = await desk.database.read(views_faq.statistics, since, book.staff_rooms)
    used = {row.entry for row in rows if row.hits}
    idle = [entry for entry in book.faq if entry.enabled and entry.id not in used]
    questions = {entry.id: entry.question for entry in book.faq}
    return await render.page(
        request,
        "faq.html",
        rows=rows,
        idle=idle,
        questions=questions,
        partial=partial,
        days=days,
        choices=DAYS,
    )


def _days(request: web.Request) -> int:
    wanted = forms.before(request, "days")
    return wanted if wanted in DAYS else USUAL_DAYS
