"""Pages for everybody: a draw with its receipt, and the privacy notice."""

import json

from aiohttp import web
from aiohttp.typedefs import Handler

from console import guard, render
from console.desk import desk_of
from console.forms import number
from domain.facts import DrawFacts
from domain.ids import NO_ROOM
from handlers.engagement.drawing import terms_of
from storage import views_draws
from storage.views_draws import DrawView


def attach(app: web.Application) -> None:
    """Add the routes to the bot's own application."""
    app.router.add_get("/draws/{number}.json", _shown(receipt))
    app.router.add_get("/draws/{number}", _shown(draw))
    app.router.add_get("/privacy", _shown(privacy))


def _shown(handler: Handler) -> Handler:
    """The page with our headers, errors included; the application around it belongs to others."""

    async def with_headers(request: web.Request) -> web.StreamResponse:
        response = await guard.explain(request, handler)
        await guard.put_headers(request, response)
        return response

    return with_headers


async def draw(request: web.Request) -> web.StreamResponse:
    """A draw: its commitment while it is open, winners and proof once it is closed."""
    found = await _found(request)
    return render.public(request, "draw.html", draw=found, rules_hash=_rules_hash(found), proof=_proof(found))


async def receipt(request: web.Request) -> web.StreamResponse:
    """The stored receipt, byte for byte, as a file."""
    found = await _found(request)
    if found.receipt is None:
        raise web.HTTPNotFound(text="还没开奖，开奖后才有凭证")
    return web.Response(
        body=found.receipt.encode(),
        content_type="application/json",
        charset="utf-8",
        headers={"Content-Disposition": f'attachment; filename="draw-{found.number}.json"'},
    )


async def privacy(request: web.Request) -> web.StreamResponse:
    """What is stored, why, and for how long, with the days that are in force."""
    return render.public(request, "privacy.html", days=desk_of(request).book().policy.retention)


async def _found(request: web.Request) -> DrawView:
    found = await desk_of(request).database.read(views_draws.draw, number(request))
    if found is None:
        raise web.HTTPNotFound(text="没有这场抽奖")
    return found


def _proof(found: DrawView) -> dict[str, object] | None:
    """The parts of the receipt that the page shows; None while the seed is secret."""
    if found.receipt is None:
        return None
    kept = json.loads(found.receipt)
    return {"seed": kept["seed"], "roster_hash": kept["roster_hash"]}


def _rules_hash(found: DrawView) -> str:
    facts = DrawFacts(
        number=found.number,
        room_id=NO_ROOM,
        title=found.title,
        prizes=found.prizes,
        salt=b"",
        commitment=found.commitment,
        opened_at=found.opened_at,
        closes_at=found.closes_at,
        source="",
    )
    return terms_of(facts).hash
