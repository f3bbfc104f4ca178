"""The door of the console: who is asking, may they, and did the form come from our own page; decided in one place."""

import logging
from collections.abc import Mapping
from urllib.parse import urlencode

from aiohttp import hdrs, web
from aiohttp.typedefs import Handler, Middleware

from console import render, sessions
from console.desk import SESSION, Desk, desk_of
from console.roles import at_least
from console.routes_table import Needs, Route
from domain.errors import Temporary

HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
        "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}
LIVE = "X-Live"
"""The header of the page's own polling, which must not keep a session awake."""

_SAFE = (hdrs.METH_GET, hdrs.METH_HEAD)
_log = logging.getLogger("steward.console")


async def put_headers(request: web.Request, response: web.StreamResponse) -> None:
    """On every response that leaves the console or its public pages."""
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    response.headers.setdefault(hdrs.CACHE_CONTROL, "no-store")


@web.middleware
async def explain(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Errors as pages in Chinese; what nobody foresaw is logged with its traceback and without the request's text."""
    try:
        return await handler(request)
    except web.HTTPRedirection:
        raise
    except web.HTTPException as error:
        return render.error_page(request, error.status, error.text or "")
    except Temporary:
        return render.error_page(request, 503, "数据库正忙，请稍后刷新")
    except Exception:
        _log.exception("console page failed", extra={"action": "console", "path": request.path})
        return render.error_page(request, 500, "")


def guard_of(needs: Mapping[Handler, Route]) -> Middleware:
    """The middleware that lets through what ``needs`` (handler → route) allows; what is not in it needs a session."""

    @web.middleware
    async def guard(request: web.Request, handler: Handler) -> web.StreamResponse:
        desk = desk_of(request)
        route = needs.get(request.match_info.handler)
        needed: Needs = "agent" if route is None else route.needs
        session = await sessions.find(request, desk, used=LIVE not in request.headers)
        if session is not None:
            request[SESSION] = session
        if needed != "nobody":
            if session is None:
                return _to_the_door(request)
            if not at_least(session.user.role, needed):
                raise web.HTTPForbidden(text="您的角色看不了这一页")
        if route is not None and route.most_bytes is not None:
            request = request.clone(client_max_size=route.most_bytes)
        if request.method not in _SAFE:
            await _check_form(request, desk, at_door=needed == "nobody")
        return await handler(request)

    return guard


def _to_the_door(request: web.Request) -> web.Response:
    if LIVE in request.headers:
        return web.Response(status=401, text="请重新登录")
    wanted = request.path_qs if request.method in _SAFE else ""
    query = f"?{urlencode({'next': wanted})}" if wanted not in ("", sessions.PATH) else ""
    raise web.HTTPSeeOther(f"{sessions.PATH}/sign-in{query}")


async def _check_form(request: web.Request, desk: Desk, at_door: bool) -> None:
    """Refuse a post that did not come from a form of ours."""
    if request.headers.get("Sec-Fetch-Site", "same-origin") not in ("same-origin", "none"):
        raise web.HTTPForbidden(text="请从本页面提交")
    if at_door:
        door = sessions.door_of(request)
        expected = sessions.door_token(door, desk.secret) if door is not None else ""
    else:
        expected = request[SESSION].csrf
    form = await request.post()
    if not sessions.same(expected, str(form.get("csrf", ""))):
        raise web.HTTPForbidden(text="页面已过期，请返回刷新后再试一次")
