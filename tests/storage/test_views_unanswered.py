"""Which questions nobody answered, on both databases."""

from dataclasses import replace
from datetime import timedelta

from domain.actions import AppendToCase, Author, OpenCase, Say
from domain.decision import Finding
from domain.events import MessagePosted
from storage.database import Database
from storage.views_unanswered import answered_in_cases, unanswered
from tests.storage.house import AGENTS, OTHER_ROOM, ROOM, START, House, message, open_house, person, sender_of

PLAIN = replace(ROOM, owner="wx-owner", admins=())


async def hear(house: House, text: str, minute: float, sender: str = "小李", **more: object) -> MessagePosted:
    """Somebody speaks."""
    more.setdefault("room", PLAIN)
    house.now = max(house.now, START + timedelta(minutes=minute))
    at = START + timedelta(minutes=minute)
    (event,) = await house.hear(message(text, sender=sender, at=at, **more))  # type: ignore[arg-type]
    assert isinstance(event, MessagePosted)
    return event


async def left_alone(house: House, minute: float = 60) -> list[tuple[str, bool]]:
    now = START + timedelta(minutes=minute)
    found = await house.db.read(unanswered, START, now, ("test:agents",), lambda norm: norm.endswith("?"))
    return [(one.text, one.addressed) for one in found]


async def test_questions_that_the_bot_and_staff_left_alone_are_found_newest_first(db: Database) -> None:
    house = await open_house(db)
    await house.decide(await hear(house, "今天真热", 0))
    await house.decide(await hear(house, "能开发票?", 1))
    await house.decide(await hear(house, "在哪里?", 2, mentions_bot=True))
    answered = await hear(house, "几点开门?", 3)
    await house.decide(answered, Say(room_id=answered.room_id, text="九点"))
    await house.decide(await hear(house, "小王你来吗?", 4, mentions=(person("小王"),)))
    await house.decide(await hear(house, "谁值班?", 5, room=AGENTS))
    assert await left_alone(house) == [("在哪里?", True), ("能开发票?", False)]
    assert await left_alone(house, 11.5) == [("能开发票?", False)]


async def test_to_say_that_one_does_not_know_is_no_answer(db: Database) -> None:
    house = await open_house(db)
    asked = await hear(house, "几点关门?", 1, mentions_bot=True)
    owned_up = Finding("unknown", 1.0, "admitted", "没有相近的问答")
    await house.decide(asked, Say(room_id=asked.room_id, text="还不知道"), findings=(owned_up,))
    assert await left_alone(house) == [("几点关门?", True)]


async def test_what_the_owner_says_within_minutes_answers_what_was_asked_before(db: Database) -> None:
    house = await open_house(db)
    await house.decide(await hear(house, "太早了?", 0))
    await house.decide(await hear(house, "能便宜吗?", 5))
    await house.decide(await hear(house, "别的群?", 6, room=OTHER_ROOM))
    await house.decide(await hear(house, "可以的", 12, "owner"))
    await house.decide(await hear(house, "太晚了?", 13))
    assert [text for text, _ in await left_alone(house)] == ["太晚了?", "别的群?", "太早了?"]


async def test_what_an_agent_answered_in_a_case_comes_with_the_answer(db: Database) -> None:
    house = await open_house(db)
    event = await hear(house, "发票抬头写错了怎么办?", 1)
    who, room = sender_of(event), event.room_id
    opened = OpenCase(
        number=1, room_id=room, member=who, reason="找人工", rule="complaint", at=event.at, event_id=event.id
    )

    def said(author: Author, text: str) -> AppendToCase:
        return AppendToCase(number=1, author=author, name="某人", text=text, at=event.at, event_id=event.id)

    lines = (
        *((Author.MEMBER, "人工"), (Author.MEMBER, event.text), (Author.NOTE, "内部"), (Author.AGENT, "作废重开。")),
        *((Author.MEMBER, "谢谢"), (Author.AGENT, "不客气")),
    )
    await house.decide(event, opened, *(said(author, text) for author, text in lines))
    found = await db.read(answered_in_cases, START, lambda text: text.endswith("?"))
    assert [(one.text, one.answer, one.case) for one in found] == [(event.text, "作废重开。", 1)]
    assert await left_alone(house) == []
