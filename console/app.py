"""Puts the console and its public pages into the bot's web application."""

from collections.abc import Callable, Sequence
from datetime import datetime

from aiohttp import web

from console import guard, public, render
from console.desk import DESK, ChannelView, Desk
from console.routes import ROUTES
from console.workshop import Workshop
from domain.book import Book
from domain.errors import Problem
from domain.ids import AccountId
from storage.database import Database

PREFIX = "/console"


def attach(
    app: web.Application,
    *,
    database: Database,
    book: Callable[[], Book],
    problems: Callable[[], Sequence[Problem]],
    secret: bytes,
    clock: Callable[[], datetime],
    woken: Callable[[AccountId], None] = lambda account: None,
    settle_wait: float = 1.5,
    channels: Callable[[], Sequence[ChannelView]] = tuple,
    workshop: Workshop | None = None,
) -> None:
    """Add ``/console/*``, ``/draws/{number}``, ``/draws/{number}.json`` and ``/privacy`` to ``app``.

    ``book`` and ``problems`` give the running set and what is wrong with the last edit, ``clock`` the aware present;
    ``woken`` is called after an act was put into an account's inbox. ``secret`` keys the sign-in form. ``channels``
    tells how this process's own channels are: before the first login there is no account to show.
    """
    app[DESK] = Desk(database, book, problems, secret, clock, woken, settle_wait, channels=channels, workshop=workshop)
    render.setup(app)
    app.add_subapp(PREFIX, _console())
    public.attach(app)


def _console() -> web.Application:
    needs = {route.handler: route for route in ROUTES}
    console = web.Application(middlewares=[guard.explain, guard.guard_of(needs)])
    console.on_response_prepare.append(guard.put_headers)
    for route in ROUTES:
        console.router.add_route(route.method, route.path, route.handler)
    return console
