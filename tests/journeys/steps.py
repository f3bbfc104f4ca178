"""Steps that several group journeys share."""

from datetime import timedelta

from bot.channels.memory_community import Room
from tests.journeys.harness import Journey, staff_of

QUESTION, ANSWER = "退款多久能到账呀", "三到五个工作日。"
STUPID = "你就是个傻逼"


async def staffed(journey: Journey, room: Room) -> None:
    """客服小周 is bound staff and known in the room; what the bot said until now does not count."""
    await staff_of(journey, "客服小周", room)


async def agents_of(journey: Journey, role: str = "agent") -> Room:
    """The agents' room with one bound agent."""
    agents = journey.room("客服群", "客服小周", external_id="agents")
    await staff_of(journey, "客服小周", agents, role=role)
    return agents


async def post(journey: Journey, room: Room, name: str, text: str, *, to: str = "", quote: str = "") -> str:
    """Somebody speaks a second later, perhaps with an @ of somebody or quoting the last message with these words."""
    journey.clock.now += timedelta(seconds=1)
    mentions = (journey.person(to),) if to else ()
    quoted = next((message for message in reversed(room.messages) if quote and message.text == quote), None)
    message = journey.channel.say(room, journey.person(name), text, mentions=mentions, quote=quoted)
    await journey.settle()
    return message
