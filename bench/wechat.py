"""Bots on the real Wechaty gateway: a community that asks, a bot process that answers, and what the gateway saw."""

import asyncio
import os
import tempfile
import time
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil  # type: ignore[import-untyped]

from bench import crowd
from bench.running import MEGABYTE, ROOT, NotReady, running_under
from tests.gateway import Gateway
from tests.gateway.node import find_node
from tests.gateway.packages import MODULES

START_SECONDS = 60.0
QUIET_SECONDS = 30.0
"""When nothing was sent for so long, nothing more will be."""
ENTRIES = 101
"""Questions of the FAQ. No common factor with the rooms, so that one room is asked all of them in turn."""
# What would rightly spare a room most of such a crowd's answers is off: every message gets one reply of its own.
STEWARD = """
policy:
  night: {start: "00:00", end: "00:00"}
  faq: {cooldown: 0}
  talk: {people_first: 0, loop_pause: 0}
"""
APART = 97
"""From one question to the next, so that they differ as the questions of a real FAQ do."""
TEXTS = tuple(crowd.question(APART * number) for number in range(ENTRIES))
Bot = Callable[[Gateway], AbstractAsyncContextManager[psutil.Process]]


@dataclass(frozen=True, slots=True)
class Seen:
    """What a bot did with a crowd. Times in s; ``waits`` from the gateway's word to the reply, sorted."""

    said: int
    replied: int
    seconds: float
    cpu: float
    resident: float
    waits: tuple[float, ...]

    def wait(self, part: float) -> float:
        """A quantile of the waits in ms."""
        return self.waits[min(int(len(self.waits) * part), len(self.waits) - 1)] * 1000


@asynccontextmanager
async def steward_bot(gateway: Gateway) -> AsyncIterator[psutil.Process]:
    """`steward run` with its database on disk, every handler, and no send budget."""
    with tempfile.TemporaryDirectory(prefix="steward-bench-") as name:
        config = crowd.write_config(Path(name) / "config", steward=STEWARD, entries=ENTRIES, apart=APART)
        environment = {**gateway.environment, "STEWARD_SEND_INTERVAL": "0"}
        async with running_under(config, environment) as running:
            yield running.process


@asynccontextmanager
async def node_bot(gateway: Gateway) -> AsyncIterator[psutil.Process]:
    """Node's `wechaty`, which echoes."""
    node = find_node()
    process = await asyncio.create_subprocess_exec(
        str(node.node),
        str(ROOT / "bench" / "node_echo.mjs"),
        str(MODULES.parent),
        gateway.endpoint,
        gateway.token,
        stdin=PIPE,
        stdout=PIPE,
        env={**os.environ, "WECHATY_LOG": "silent"},
    )
    try:
        await asyncio.wait_for(_ready(process), START_SECONDS)
        yield psutil.Process(process.pid)
    finally:
        assert process.stdin is not None
        process.stdin.close()
        try:
            await asyncio.wait_for(process.wait(), 10)
        except TimeoutError:
            process.kill()
            await process.wait()


@asynccontextmanager
async def community(members: int, *, returned_ids: bool = True) -> AsyncIterator[Gateway]:
    """A gateway whose rooms and members are there before the bot comes."""
    async with Gateway() as gateway:
        await gateway.settings(returned_ids=returned_ids)
        await gateway.control("populate", rooms=crowd.ROOMS, members=members)
        yield gateway


async def watch(gateway: Gateway, bot: psutil.Process, messages: int, members: int, rate: float, most: float) -> Seen:
    """Let the crowd speak and wait for the replies, ``most`` s after the last word at most."""
    before, asked = _cpu(bot), await gateway.calls("MessageSendText")
    state = await gateway.state()
    await gateway.burst(messages, rooms=crowd.ROOMS, members=members, rate=rate, texts=list(TEXTS), mention_self=True)
    await _answered(gateway, asked, messages, most)
    cpu, resident = _cpu(bot) - before, bot.memory_info().rss / MEGABYTE
    # What is asked now is no longer part of what is measured.
    said = [
        one for one in await gateway.emitted(after=state["seq"], kinds=["message"]) if one["talker"] != gateway.self_id
    ]
    replies = await gateway.sent(after=state["seq"], kinds=["text"])
    return Seen(
        said=len(said),
        replied=sum(bool(reply["delivered"]) for reply in replies),
        seconds=(max(reply["at"] for reply in replies) - min(one["at"] for one in said)) / 1000,
        cpu=cpu,
        resident=resident,
        waits=_waits(said, replies),
    )


async def _answered(gateway: Gateway, asked: int, messages: int, most: float) -> None:
    """Wait for so many sends beyond those ``asked`` before, as long as there are any."""
    deadline = time.monotonic() + most
    sends = asked
    while time.monotonic() < deadline:
        if await gateway.await_call("MessageSendText", at_least=asked + messages, wait=QUIET_SECONDS):
            return
        before, sends = sends, await gateway.calls("MessageSendText")
        if sends == before:
            return


def _waits(said: list[dict[str, Any]], replies: list[dict[str, Any]]) -> tuple[float, ...]:
    """Within a room the order is strict, so its n-th reply answers its n-th message."""
    rooms: dict[str, list[int]] = {}
    for one in said:
        rooms.setdefault(one["room"], []).append(one["at"])
    waits: list[float] = []
    for reply in replies:
        times = rooms.get(reply["conversation"])
        if times:
            waits.append((reply["at"] - times.pop(0)) / 1000)
    return tuple(sorted(waits))


def _cpu(process: psutil.Process) -> float:
    times = process.cpu_times()
    return float(times.user + times.system)


async def _ready(process: Process) -> None:
    assert process.stdout is not None
    async for line in process.stdout:
        if line.strip() == b"READY":
            return
    raise NotReady("the Node bot ended before it was logged in; what it said is above")
