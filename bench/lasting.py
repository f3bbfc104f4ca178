"""(d) Many messages at a high pace: whether each gets its reply, and whether memory grows."""

import asyncio

import psutil  # type: ignore[import-untyped]

from bench.report import Row, say
from bench.running import MEGABYTE
from bench.wechat import Seen, community, steward_bot, watch

RATE = 300
MESSAGES, QUICK_MESSAGES = 50_000, 5_000
FIRST = 10
"""Memory is counted from when this part of all has its reply."""
MEMBERS = 250
MOST_SECONDS = 600.0


def rows(quick: bool) -> list[Row]:
    """One run; the bot may take its time to catch up after the last word."""
    messages = QUICK_MESSAGES if quick else MESSAGES
    seen, first, last = asyncio.run(_run(messages))
    how = f"{messages:,} messages at {RATE}/s, 50 rooms, SQLite on disk; {seen.replied / seen.seconds:,.0f} replies/s"
    grown = f"from {messages // FIRST:,} replies ({first:.0f} MB) to the end ({last:.0f} MB)"
    return [
        Row("(d) messages without a reply", how, f"{seen.said - seen.replied} of {seen.said:,}", "0"),
        Row("(d) memory growth", grown, f"{last - first:.0f} MB", "≤ 30 MB"),
    ]


async def _run(messages: int) -> tuple[Seen, float, float]:
    async with community(MEMBERS) as gateway, steward_bot(gateway) as process:
        await gateway.await_stream()
        watching = asyncio.create_task(watch(gateway, process, messages, MEMBERS, RATE, MOST_SECONDS))
        await gateway.await_call("MessageSendText", at_least=messages // FIRST, wait=MOST_SECONDS)
        first = _resident(process)
        say(f"{messages // FIRST:,} replies: {first:.0f} MB")
        return await watching, first, _resident(process)


def _resident(process: psutil.Process) -> float:
    return float(process.memory_info().rss) / MEGABYTE
