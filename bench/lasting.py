"""(d) Many messages at a high pace: whether each gets its reply, and whether memory grows."""

import asyncio

import psutil  # type: ignore[import-untyped]

from bench.report import Row, say
from bench.running import MEGABYTE
from bench.wechat import Seen, community, steward_bot, watch

RATE = 300
MESSAGES, QUICK_MESSAGES = 50_000, 5_000
PARTS = 10
"""Memory is looked at after each; growth is counted from the end of the first."""
MEMBERS = 250
MOST_SECONDS = 600.0


def rows(quick: bool) -> list[Row]:
    """One run in parts of a tenth; the crowd waits after each until the bot has caught up."""
    messages = QUICK_MESSAGES if quick else MESSAGES
    seen, resident = asyncio.run(_run(messages))
    said, replied = sum(one.said for one in seen), sum(one.replied for one in seen)
    slowest = min(one.replied / one.seconds for one in seen)
    how = f"{messages:,} messages at {RATE}/s in {PARTS} parts, 50 rooms; slowest part {slowest:,.0f} replies/s"
    grown = resident[-1] - resident[0]
    return [
        Row("(d) messages without a reply", how, f"{said - replied} of {said:,}", "0"),
        Row(
            "(d) memory growth",
            f"after the first {messages // PARTS:,} messages ({resident[0]:.0f} MB) to the end ({resident[-1]:.0f} MB)",
            f"{grown:.0f} MB",
            "≤ 30 MB",
        ),
    ]


async def _run(messages: int) -> tuple[list[Seen], list[float]]:
    async with community(MEMBERS) as gateway, steward_bot(gateway) as process:
        await gateway.await_stream()
        seen: list[Seen] = []
        resident: list[float] = []
        for part in range(PARTS):
            seen.append(await watch(gateway, process, messages // PARTS, MEMBERS, RATE, MOST_SECONDS))
            resident.append(_resident(process))
            say(f"part {part + 1} of {PARTS}: {seen[-1].replied:,} replies, {resident[-1]:.0f} MB")
            await gateway.control("clear-ledger")
        return seen, resident


def _resident(process: psutil.Process) -> float:
    return float(process.memory_info().rss) / MEGABYTE
