"""The configuration: what is wrong with the last edit, and which revisions were in force."""

from aiohttp import web

from console import render
from console.desk import desk_of
from storage import books

REVISIONS = 100


async def book(request: web.Request) -> web.StreamResponse:
    """Problems of the last reload, and the revisions."""
    desk = desk_of(request)
    revisions = await desk.database.read(books.list_revisions, REVISIONS)
    return await render.page(
        request, "book.html", problems=tuple(desk.problems()), running=desk.book(), revisions=revisions
    )
