"""Different answers waiting for one room: one message with everybody's name, bounded, and none said twice."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import Connection, select

from domain.actions import Merge, Say
from domain.events import MessagePosted
from storage.outbox import Call, Outcome, Settlement
from storage.tables.path import OUTBOX
from storage.together import LONGEST, MOST
from tests.storage.house import OTHER_ROOM, ROOM, House, message


async def ask(house: House, name: str, entry: str, answer: str, wait: float = 0, **more: object) -> None:
    """Somebody asks what an entry answers; the answer goes after ``wait`` seconds, and expires in three minutes."""
    house.after(0.1)
    room = more.pop("room", ROOM)
    (event,) = await house.hear(message("问", sender=name, at=house.now, room=room))  # type: ignore[arg-type]
    assert isinstance(event, MessagePosted)
    who, due = event.sender, house.now + timedelta(seconds=wait)
    share = Merge(f"faq:{entry}", answer, who.name, member=who.id, external_id=event.external_id, addressed=True)
    say = Say(room_id=event.room_id, text=answer, mentions=(who,), merge=share, unasked=True, not_before=due)
    expiry = {"expires_at": house.now + timedelta(minutes=3)} | more
    await house.decide(event, replace(say, **expiry))  # type: ignore[arg-type]


async def calls(house: House) -> list[Call]:
    return [one for one in await house.advance() if isinstance(one, Call)]


async def states(house: House) -> list[str]:
    def read(conn: Connection) -> list[str]:
        return [f"{row.state} {row.reason}".strip() for row in conn.execute(select(OUTBOX).order_by(OUTBOX.c.id))]

    return await house.db.read(read)


async def test_three_different_answers_become_one_message_to_all_who_asked(house: House) -> None:
    await ask(house, "甲", "refund", "三天到账。", wait=5)
    await ask(house, "乙", "post", "满 88 包邮。", wait=5)
    await ask(house, "丙", "refund", "三天到账。", wait=5)
    await ask(house, "丁", "park", "在东门。", wait=5)
    house.after(5)
    (call,) = await calls(house)
    assert call.text == "\n甲、丙：三天到账。\n乙：满 88 包邮。\n丁：在东门。"
    assert [name for _, name in call.mentions] == ["甲", "丙", "乙", "丁"]
    assert await house.advance(Settlement(call.id, Outcome.SENT)) == []
    together = "cancelled said in one message with others"
    assert await states(house) == ["sent", together, together]


async def test_two_answers_stay_two_messages(house: House) -> None:
    await ask(house, "甲", "refund", "三天到账。")
    await ask(house, "乙", "post", "满 88 包邮。")
    (first,) = await calls(house)
    assert first.text == "三天到账。"
    (second,) = [one for one in await house.advance(Settlement(first.id, Outcome.SENT)) if isinstance(one, Call)]
    assert second.text == "满 88 包邮。"


async def test_answers_of_other_rooms_or_long_before_their_time_are_not_taken_along(house: House) -> None:
    await ask(house, "甲", "refund", "三天到账。")
    await ask(house, "乙", "post", "满 88 包邮。", wait=60)
    await ask(house, "丙", "park", "在东门。")
    await ask(house, "丁", "open", "九点。", room=OTHER_ROOM)
    assert sorted(call.text for call in await calls(house)) == ["三天到账。", "九点。"]


async def test_an_answer_that_expired_is_not_taken_along(house: House) -> None:
    await ask(house, "甲", "refund", "三天到账。")
    await ask(house, "乙", "post", "满 88 包邮。", expires_at=house.now + timedelta(seconds=1))
    await ask(house, "丙", "park", "在东门。")
    house.after(2)
    (call,) = await calls(house)
    assert call.text == "三天到账。"


@pytest.mark.parametrize(("length", "taken"), [(10, MOST), (LONGEST // 3 - 10, 3)])
async def test_a_joint_message_is_bounded_and_the_rest_waits(house: House, length: int, taken: int) -> None:
    for number in range(MOST + 2):
        await ask(house, f"问{number}", f"entry{number}", str(number) * length)
    (call,) = await calls(house)
    assert call.text.count("：") == taken and len(call.text.strip()) <= LONGEST
    (rest,) = [one for one in await house.advance(Settlement(call.id, Outcome.SENT)) if isinstance(one, Call)]
    assert rest.text.startswith(str(taken) * 10) or rest.text.strip().startswith(f"问{taken}：")


async def test_what_was_said_together_is_not_said_again_to_the_next_who_asks(house: House) -> None:
    for number, name in enumerate("甲乙丙"):
        await ask(house, name, f"entry{number}", f"答{number}")
    (call,) = await calls(house)
    await house.advance(Settlement(call.id, Outcome.SENT))
    house.after(3)
    (event,) = await house.hear(message("问", sender="丁", at=house.now))
    assert isinstance(event, MessagePosted)
    share = Merge("faq:entry1", "答1", "丁", member=event.sender.id, addressed=True, once=True)
    await house.decide(event, Say(room_id=event.room_id, text="答1", merge=share, unasked=True, not_before=house.now))
    assert await calls(house) == []


async def test_a_joint_message_that_is_tried_again_keeps_all_its_answers(house: House) -> None:
    for number, name in enumerate("甲乙丙"):
        await ask(house, name, f"entry{number}", f"答{number}")
    (call,) = await calls(house)
    retry = Settlement(call.id, Outcome.RETRY, not_before=house.now + timedelta(seconds=1))
    assert await house.advance(retry) == []
    await ask(house, "丁", "entry9", "答9")
    house.after(1)
    (again,) = await calls(house)
    assert (again.id, again.text) == (call.id, call.text)
