"""`/healthz` says that the process is alive, `/readyz` whether it can do its work and why not, `/metrics` how much."""

import asyncio

from aiohttp import web

from bot.house import House
from bot.metrics import CONTENT_TYPE
from domain.errors import StewardError

ASK_SECONDS = 2.0


def attach(app: web.Application, house: House) -> None:
    """Add the three addresses. They carry no secrets and no names of people, and need no signing in."""

    async def alive(_: web.Request) -> web.Response:
        return web.json_response({"alive": True})

    async def ready(_: web.Request) -> web.Response:
        troubles = await _troubles(house)
        body = {"ready": not troubles, "revision": house.engine.book.revision, "troubles": troubles}
        return web.json_response(body, status=503 if troubles else 200)

    async def metrics(_: web.Request) -> web.Response:
        return web.Response(body=house.metrics.text(), headers={"Content-Type": CONTENT_TYPE})

    app.router.add_get("/healthz", alive)
    app.router.add_get("/readyz", ready)
    app.router.add_get("/metrics", metrics)


async def _troubles(house: House) -> dict[str, str]:
    """Every part that keeps this process from its work, with the reason."""
    troubles = dict(house.vitals.troubles)
    if house.vitals.starting:
        troubles["start"] = "still starting"
    if house.vitals.stopping:
        troubles["stop"] = "stopping"
    try:
        async with asyncio.timeout(ASK_SECONDS):
            await house.database.ping()
    except StewardError as error:
        # Passing trouble, or a damaged file with the way back.
        troubles["database"] = str(error)
    except TimeoutError:
        # A part that has waited longer knows why.
        troubles.setdefault("database", f"no answer within {ASK_SECONDS:.0f} s: it is locked, away or very slow")
    return troubles
