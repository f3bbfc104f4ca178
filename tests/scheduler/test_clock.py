"""The in-process ticker."""

import asyncio

from scheduler.clock import Ticker


async def test_the_ticker_calls_again_and_again_until_it_is_stopped() -> None:
    ticks = 0
    third = asyncio.Event()

    async def tick() -> None:
        nonlocal ticks
        ticks += 1
        if ticks == 3:
            third.set()

    ticker = Ticker(tick, seconds=0.01)
    ticker.start()
    await asyncio.wait_for(third.wait(), 10)
    ticker.stop()
    await asyncio.sleep(0)
    seen = ticks
    await asyncio.sleep(0.05)
    assert ticks == seen


async def test_a_tick_that_takes_long_is_never_run_twice_at_once() -> None:
    running = 0
    most = 0
    rounds = 0
    done = asyncio.Event()

    async def tick() -> None:
        nonlocal running, most, rounds
        running += 1
        most = max(most, running)
        await asyncio.sleep(0.03)
        running -= 1
        rounds += 1
        if rounds == 3:
            done.set()

    ticker = Ticker(tick, seconds=0.01)
    ticker.start()
    await asyncio.wait_for(done.wait(), 10)
    ticker.stop()
    assert most == 1
