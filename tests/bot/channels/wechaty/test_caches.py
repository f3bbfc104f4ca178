"""Caches ask for what nobody knows, and seldom for what is only old."""

import asyncio

from bot.channels.wechaty.caches import FAILED_SECONDS, Cache, Limiter
from bot.channels.wechaty.status import CallError


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


class Source:
    """Answers ``key:count`` and counts; fails or hangs when told to."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.failing = False
        self.hold: asyncio.Event | None = None

    async def __call__(self, key: str) -> str:
        self.asked.append(key)
        if self.hold is not None:
            await self.hold.wait()
        if self.failing:
            raise CallError("NOT_FOUND")
        return f"{key}:{len(self.asked)}"


def make(per_second: float | None = None, most: int = 100) -> tuple[Cache[str, str], Source, Clock]:
    source, clock = Source(), Clock()
    limiter = Limiter(per_second, burst=1, clock=clock)
    return Cache(source, seconds=60, most=most, limiter=limiter, clock=clock), source, clock


def soon() -> float:
    return asyncio.get_running_loop().time() + 5


async def test_a_value_is_asked_for_once_until_it_is_old() -> None:
    cache, source, clock = make()
    assert [await cache.get("a", soon()) for _ in range(3)] == ["a:1"] * 3
    clock.now += 61
    assert await cache.get("a", soon()) == "a:2"
    assert len(source.asked) == 2


async def test_many_who_ask_at_once_share_one_call() -> None:
    cache, source, _ = make()
    source.hold = asyncio.Event()
    asking = [asyncio.create_task(cache.get("a", soon())) for _ in range(50)]
    await asyncio.sleep(0)
    source.hold.set()
    assert set(await asyncio.gather(*asking)) == {"a:1"}
    assert source.asked == ["a"]


async def test_an_old_value_serves_while_the_limiter_forbids_asking() -> None:
    cache, source, clock = make(per_second=1.0)
    for key in "ab":
        await cache.get(key, soon())
        cache.age(key)
    assert await cache.get("a", soon()) == "a:3"
    assert await cache.get("b", soon()) == "b:2"
    clock.now += 1.0
    assert await cache.get("b", soon()) == "b:4"
    assert source.asked == ["a", "b", "a", "b"]


async def test_what_nobody_knows_is_asked_for_whatever_the_limiter_says() -> None:
    cache, source, _ = make(per_second=0.0)
    for n in range(10):
        await cache.get(str(n), soon())
    assert len(source.asked) == 10


async def test_what_was_learnt_before_a_change_counts_as_old() -> None:
    cache, _, clock = make()
    await cache.get("a", soon())
    assert await cache.get("a", soon(), newer_than=clock.now - 1) == "a:1"
    clock.now += 5
    assert await cache.get("a", soon(), newer_than=clock.now - 1) == "a:2"


async def test_a_failure_keeps_the_old_value_and_is_not_repeated_at_once() -> None:
    cache, source, clock = make()
    await cache.get("a", soon())
    source.failing = True
    cache.age("a")
    assert [await cache.get("a", soon()) for _ in range(3)] == ["a:1"] * 3
    assert [await cache.get("b", soon()) for _ in range(3)] == [None] * 3
    assert source.asked == ["a", "a", "b"]
    source.failing = False
    clock.now += FAILED_SECONDS + 1
    assert await cache.get("b", soon()) == "b:4"


async def test_who_cannot_wait_any_longer_gets_the_old_value_and_stops_nobody() -> None:
    cache, source, _ = make()
    await cache.get("a", soon())
    cache.age("a")
    source.hold = asyncio.Event()
    patient = asyncio.create_task(cache.get("a", soon()))
    await asyncio.sleep(0)
    assert await cache.get("a", asyncio.get_running_loop().time()) == "a:1"
    source.hold.set()
    assert await patient == "a:2"


async def test_the_longest_unused_goes_when_there_are_too_many() -> None:
    cache, source, _ = make(most=2)
    for key in "abac":
        await cache.get(key, soon())
    assert len(cache) == 2
    assert cache.peek("b") is None
    assert source.asked == ["a", "b", "c"]


async def test_an_answer_under_way_is_not_taken_in_after_a_clearing() -> None:
    cache, source, _ = make()
    source.hold = asyncio.Event()
    asking = asyncio.create_task(cache.get("a", soon()))
    await asyncio.sleep(0)
    cache.clear()
    source.hold.set()
    assert await asking == "a:1"
    assert cache.peek("a") is None
