"""`steward run`: the bot, until SIGTERM or Ctrl-C."""

import asyncio
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from bot.cli.options import config_option

if TYPE_CHECKING:
    from bot.app import Steward


@click.command()
@config_option
def run(folder: Path) -> None:
    """Run the bot: the embedded community at /, the console at /console, and WeChat when its gateway is set.

    Migrates the database first. Edits of the config folder take effect while it runs. SIGTERM or Ctrl-C ends it after
    the work under way. At the very first start the console's first user is made and its password printed, once.
    """
    from bot import heap

    heap.share()
    heap.hold()
    from bot import logs
    from bot.app import Steward
    from bot.settings import from_env

    settings = from_env()
    logs.setup(settings.log_format)
    try:
        with asyncio.Runner(loop_factory=_loop_factory()) as runner:
            runner.run(_run(Steward(settings, folder)))
    finally:
        # Before the error that ended it is told as the last line.
        logs.flush()


def _loop_factory() -> Callable[[], asyncio.AbstractEventLoop] | None:
    """uvloop's event loop, except on Windows, for which there is none: it takes a third less CPU under bursts."""
    if sys.platform == "win32":
        return None
    import uvloop

    return uvloop.new_event_loop


async def _run(steward: "Steward") -> None:
    stopped = asyncio.Event()
    loop = asyncio.get_running_loop()
    for signum in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(signum, stopped.set)
    waiting = asyncio.create_task(stopped.wait())
    starting = asyncio.create_task(_come_up(steward))
    try:
        await asyncio.wait({starting, waiting}, return_when=asyncio.FIRST_COMPLETED)
        if starting.done():
            starting.result()
            await waiting
    finally:
        for task in (starting, waiting):
            task.cancel()
        await asyncio.gather(starting, waiting, return_exceptions=True)
        await steward.stop()


async def _come_up(steward: "Steward") -> None:
    await steward.start()
    await _greet(steward)


async def _greet(steward: "Steward") -> None:
    """Say where to look, and make the first user. On standard output, apart from the log."""
    from bot.users import FIRST_USER, ensure_first_user
    from console.passwords import new_password

    host = steward.settings.http_host
    place = f"http://{'127.0.0.1' if host in ('0.0.0.0', '::') else host}:{steward.port}"  # noqa: S104 - compared only
    click.echo(f"\n  小管家 · Steward\n  群聊 chat     {place}/\n  后台 console  {place}/console")
    password = new_password()
    if await ensure_first_user(steward.house, password):
        click.echo(f"  用户 user     {FIRST_USER}\n  密码 password {password}   (只显示这一次 · shown only once)")
    click.echo()
    sys.stdout.flush()
