"""A crowd under WeChat's send budget: the clock runs by small steps, one send every two to three seconds."""

from datetime import datetime, timedelta

from bot.channels.memory_community import Room
from domain.budget import SendRule
from domain.ids import AccountId
from storage import inbox, outbox
from storage.database import Connection
from tests.journeys.harness import Journey, until

BUDGET = SendRule()
"""The default of accounts on WeChat."""
STEP = timedelta(seconds=0.5)
LONGEST_GAP = BUDGET.min_interval + BUDGET.jitter


async def run(journey: Journey, seconds: float) -> None:
    """Let time pass as it does: at each step what is due happens, as far as the budget allows."""
    end = journey.clock.now + timedelta(seconds=seconds)
    while journey.clock.now < end:
        journey.clock.now += STEP
        await journey.tick()
        await calm(journey)


async def calm(journey: Journey) -> None:
    """Wait until nothing more is to be decided at the present time, and nothing to be sent that the budget allows."""
    quiet = 0

    async def look() -> bool:
        nonlocal quiet
        quiet = quiet + 1 if await _calm(journey) else 0
        return quiet >= 2

    await until(look)


async def _calm(journey: Journey) -> bool:
    channel, house, now = journey.channel, journey.steward.house, journey.clock.now
    if channel.pending or len(channel.began) > len(channel.performed):
        return False
    for account in journey.accounts:
        house.wakes_of(account).decide.set()
        house.wakes_of(account).respond.set()
        if not await house.database.read(_at_rest, account, now):
            return False
    return not any(account.duty is not None and account.duty.responder.busy for account in journey.steward.accounts)


def _at_rest(conn: Connection, account: AccountId, now: datetime) -> bool:
    if inbox.waiting(conn, account, now):
        return False
    last = outbox.budget(conn, account).last_sent_at
    spent = last is not None and now - last < LONGEST_GAP
    return spent or not outbox.ready(conn, account, now)


def since(journey: Journey, room: Room, begun: datetime) -> list[tuple[float, str]]:
    """What the bot has said in a room since then: after how many seconds, and what."""
    return [
        ((message.at - begun).total_seconds(), message.text)
        for message in room.messages
        if message.author == "" and message.at >= begun
    ]
