"""The console's own style sheet and script, read from the package once and sent with a tag of their content."""

import hashlib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from aiohttp import web


@dataclass(frozen=True, slots=True)
class Asset:
    """One file with its type and the tag that lets browsers keep it."""

    body: bytes
    content_type: str
    tag: str


@cache
def asset(name: str, content_type: str) -> Asset:
    """A file of ``console/static``."""
    body = (files("console") / "static" / name).read_bytes()
    return Asset(body, content_type, hashlib.sha256(body).hexdigest()[:32])


async def style(request: web.Request) -> web.StreamResponse:
    """The style sheet of the console and the public pages."""
    return _send(request, asset("console.css", "text/css"))


async def script(request: web.Request) -> web.StreamResponse:
    """The script that keeps live parts fresh."""
    return _send(request, asset("live.js", "text/javascript"))


def _send(request: web.Request, found: Asset) -> web.StreamResponse:
    headers = {"Cache-Control": "no-cache"}
    if any(wanted.value == found.tag for wanted in request.if_none_match or ()):
        return web.Response(status=304, headers=headers | {"ETag": f'"{found.tag}"'})
    response = web.Response(body=found.body, content_type=found.content_type, charset="utf-8", headers=headers)
    response.etag = found.tag
    response.enable_compression()
    return response
