"""Ordered release without a gateway: order, limits, faults of our own code."""

import asyncio
from datetime import UTC, datetime

import pytest

from bot.channels.port import Gap
from bot.channels.wechaty.stream import OrderedStream, Work

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


def gap(reason: str) -> Gap:
    return Gap(NOW, NOW, reason)


class Bench:
    """Works that end when they are told to."""

    def __init__(self) -> None:
        self.begun: list[str] = []
        self._ends: dict[str, asyncio.Event] = {}

    def work(self, name: str) -> Work:
        end = self._ends[name] = asyncio.Event()

        async def run() -> tuple[Gap, ...]:
            self.begun.append(name)
            await end.wait()
            return (gap(name),)

        return run

    def end(self, *names: str) -> None:
        for name in names:
            self._ends[name].set()


async def names(stream: OrderedStream, count: int) -> list[str]:
    found = [await asyncio.wait_for(stream.next(), 5) for _ in range(count)]
    return [one.reason for one in found if isinstance(one, Gap)]


async def test_what_ends_early_waits_for_what_was_heard_before() -> None:
    stream, bench = OrderedStream(8, 100), Bench()
    for name in "abc":
        await stream.put(bench.work(name))
    stream.tell([gap("d"), gap("e")])
    waiting = asyncio.create_task(names(stream, 5))
    await asyncio.sleep(0)
    bench.end("c", "b")
    for _ in range(10):
        await asyncio.sleep(0)
    assert not waiting.done()
    bench.end("a")
    assert await waiting == ["a", "b", "c", "d", "e"]


async def test_only_so_many_are_under_way_at_once() -> None:
    stream, bench = OrderedStream(2, 100), Bench()
    for name in "abcd":
        await stream.put(bench.work(name))
    await asyncio.sleep(0)
    assert bench.begun == ["a", "b"]
    bench.end("b")
    for _ in range(5):
        await asyncio.sleep(0)
    assert bench.begun == ["a", "b", "c"]
    bench.end("a", "c", "d")
    assert await names(stream, 4) == list("abcd")


async def test_a_full_stream_takes_no_more_until_there_is_room() -> None:
    stream, bench = OrderedStream(8, 2), Bench()
    await stream.put(bench.work("a"))
    await stream.put(bench.work("b"))
    third = asyncio.create_task(stream.put(bench.work("c")))
    for _ in range(5):
        await asyncio.sleep(0)
    assert not third.done()
    bench.end("a")
    assert await names(stream, 1) == ["a"]
    await asyncio.wait_for(third, 5)
    bench.end("b", "c")
    assert await names(stream, 2) == ["b", "c"]


async def test_works_that_give_nothing_or_several_keep_the_order() -> None:
    async def nothing() -> tuple[Gap, ...]:
        return ()

    async def several() -> tuple[Gap, ...]:
        return (gap("a"), gap("b"))

    stream = OrderedStream(8, 100)
    for work in (nothing, several, nothing):
        await stream.put(work)
    stream.tell([gap("c")])
    stream.tell([])
    assert await names(stream, 3) == ["a", "b", "c"]


async def test_a_fault_of_our_own_code_is_told_behind_what_was_heard() -> None:
    async def broken() -> tuple[Gap, ...]:
        raise ZeroDivisionError

    stream, bench = OrderedStream(8, 100), Bench()
    await stream.put(bench.work("a"))
    await stream.put(broken)
    bench.end("a")
    assert await names(stream, 1) == ["a"]
    with pytest.raises(ZeroDivisionError):
        await asyncio.wait_for(stream.next(), 5)


async def test_an_end_at_once_waits_for_nothing() -> None:
    stream, bench = OrderedStream(8, 100), Bench()
    await stream.put(bench.work("a"))
    stream.fail(EOFError(), at_once=True)
    with pytest.raises(EOFError):
        await asyncio.wait_for(stream.next(), 5)
    await stream.close()
