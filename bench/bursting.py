"""(a) A burst through the real gateway: ours with its database on disk, beside an echo bot of Node's `wechaty`."""

import asyncio
from collections.abc import Sequence

from bench.report import Row, say
from bench.wechat import Bot, Seen, community, node_bot, steward_bot, watch

MESSAGES, QUICK_MESSAGES = 5_000, 1_500
MEMBERS = 100
"""So each member says one thing in a room, which nobody takes for a flood."""
WARM_UP = 200
RUNS = 3
MOST_SECONDS = 120.0


def rows(quick: bool) -> list[Row]:
    """Ours and Node in turns, with returned message ids and without."""
    return asyncio.run(_rows(MESSAGES if quick is False else QUICK_MESSAGES, 1 if quick else RUNS))


async def _rows(messages: int, turns: int) -> list[Row]:
    runs: dict[tuple[str, bool], list[Seen]] = {}
    bots: dict[str, Bot] = {"ours": steward_bot, "node": node_bot}
    for turn in range(turns):
        for returned_ids in (True, False):
            for name, bot in bots.items():
                seen = await _run(bot, messages, returned_ids)
                runs.setdefault((name, returned_ids), []).append(seen)
                ids = "with ids" if returned_ids else "without ids"
                say(f"turn {turn + 1}, {name} {ids}: {seen.replied / seen.seconds:,.0f} replies/s")
    return [row for returned_ids in (True, False) for row in _compared(runs, returned_ids, messages)]


async def _run(bot: Bot, messages: int, returned_ids: bool) -> Seen:
    async with community(MEMBERS, returned_ids=returned_ids) as gateway, bot(gateway) as process:
        await gateway.await_stream()
        await watch(gateway, process, WARM_UP, MEMBERS, 0, MOST_SECONDS)
        return await watch(gateway, process, messages, MEMBERS, 0, MOST_SECONDS)


def _compared(runs: dict[tuple[str, bool], list[Seen]], returned_ids: bool, messages: int) -> list[Row]:
    ours, node = _best(runs["ours", returned_ids]), _best(runs["node", returned_ids])
    ids = "with returned ids" if returned_ids else "without ids"
    how = f"{messages:,} messages, 50 rooms, no send budget, best of {len(runs['ours', returned_ids])}"
    lost = f"; {_lost(ours)} unanswered, Node {_lost(node)}"
    speeds, cpus = (_speed(ours), _speed(node)), (_per_message(ours), _per_message(node))
    return [
        Row(
            f"(a) burst, {ids}",
            f"{how}: {speeds[0]:,.0f} replies/s ÷ Node {speeds[1]:,.0f}{lost}",
            f"{speeds[0] / speeds[1]:.2f} ×",
            "≥ 1.4 ×" if returned_ids else "",
        ),
        Row(
            f"(a) CPU per message, {ids}",
            f"the same runs: {cpus[0]:.2f} ms ÷ Node {cpus[1]:.2f} ms",
            f"{cpus[0] / cpus[1]:.2f} ×",
            "≤ 0.7 ×" if returned_ids else "",
        ),
        Row(
            f"(a) resident memory, {ids}",
            f"at its end; Node {node.resident:.0f} MB, so {ours.resident / node.resident:.2f} ×",
            f"{ours.resident:.0f} MB",
            "≤ 220 MB and ≤ 0.8 ×" if returned_ids else "",
        ),
    ]


def _best(runs: Sequence[Seen]) -> Seen:
    return max(runs, key=_speed)


def _speed(seen: Seen) -> float:
    return seen.replied / seen.seconds


def _per_message(seen: Seen) -> float:
    return seen.cpu / seen.said * 1000


def _lost(seen: Seen) -> int:
    return seen.said - seen.replied
