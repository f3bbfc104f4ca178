"""Reading what a browser sends: numbers of addresses and fields, anything else is a page not found."""

from aiohttp import web


def number(request: web.Request, name: str = "number") -> int:
    """A number of the path. Raises 404 for what can be no id of ours."""
    text = request.match_info[name]
    if not text.isascii() or not text.isdigit() or len(text) > 15:
        raise web.HTTPNotFound
    return int(text)


def before(request: web.Request, name: str = "before") -> int | None:
    """The keyset of a page from the query, None on the first page or for nonsense."""
    text = request.query.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 15 else None


async def field(request: web.Request, name: str) -> str:
    """A text field of a posted form, empty when it is missing or a file."""
    value = (await request.post()).get(name, "")
    return value if isinstance(value, str) else ""
