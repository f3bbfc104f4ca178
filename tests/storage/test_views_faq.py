"""How entries fare, on both databases."""

from dataclasses import replace
from datetime import timedelta

from domain.actions import Action, OpenCase, Say
from domain.decision import Decision, Finding, Judged
from domain.events import MessagePosted
from storage.database import Database
from storage.views_faq import EntryStat, statistics
from tests.storage.house import AGENTS, ROOM, START, House, message, open_house, sender_of

PLAIN = replace(ROOM, owner="wx-owner", admins=())


async def hear(house: House, text: str, minute: float, *found: Finding, sender: str = "小李", **more: object) -> None:
    """Somebody speaks; an answer is said where a finding says so, a case is opened for 投诉."""
    at = START + timedelta(minutes=minute)
    house.now = max(house.now, at)
    room = more.pop("room", PLAIN)
    (event,) = await house.hear(message(text, sender=sender, at=at, room=room))  # type: ignore[arg-type]
    assert isinstance(event, MessagePosted)
    before = await house.world([event])
    says = any(one.level in ("answer", "taken") for one in found)
    actions: list[Action] = [Say(room_id=event.room_id, text="答案")] if says else []
    if text == "投诉":
        who = sender_of(event)
        case = {"number": 1, "room_id": event.room_id, "member": who, "reason": "投诉", "rule": "complaint"}
        actions.append(OpenCase(**case, at=at, event_id=event.id))  # type: ignore[arg-type]
    decision = Decision(event.id, found, tuple(actions))
    await house.commit([Judged(event, decision, text)], before)


def faq(level: str, entry: str = "refund") -> Finding:
    return Finding("faq", 0.9, level, "", {"entry": entry, "candidates": []})


def other(rule: str, level: str, entry: str) -> Finding:
    return Finding(rule, 1.0, level, "", {"entry": entry})


async def counted(house: House) -> dict[str, EntryStat]:
    found, partial = await house.db.read(statistics, START, ("test:agents",))
    assert partial is None
    return {one.entry: one for one in found}


async def test_answers_offers_and_near_misses_are_counted(db: Database) -> None:
    house = await open_house(db)
    await hear(house, "退款多久", 0, faq("answer"))
    await hear(house, "1", 1, faq("none"), other("choice", "taken", "post"), sender="小王")
    await hear(house, "那新疆呢", 2, faq("suggest"), other("follow_up", "answer", "post/1"), sender="小张")
    await hear(house, "退款？", 3, faq("suggest"), sender="小赵")
    await hear(house, "退款多久", 4, faq("answer"), room=AGENTS, sender="小孙")
    found = await counted(house)
    assert [(one.entry, one.hits, one.taken, one.nearly) for one in found.values()] == [
        ("refund", 1, 0, 1),
        ("post", 1, 1, 0),
        ("post/1", 1, 0, 0),
    ]
    assert found["refund"].last_at == START


async def test_what_follows_within_minutes_is_held_against_the_entry(db: Database) -> None:
    house = await open_house(db)
    await hear(house, "退款多久", 0, faq("answer"))
    await hear(house, "不对", 1, faq("none"), other("feedback", "wrong", "refund"))
    await hear(house, "退款几天", 2, faq("suggest"))
    await hear(house, "不对", 3, sender="小王")
    await hear(house, "是七天", 4, sender="owner")
    await hear(house, "我再说一遍", 5, sender="owner")
    await hear(house, "投诉", 6)
    stat = (await counted(house))["refund"]
    assert (stat.refused, stat.asked_again, stat.corrected, stat.complained) == (1, 1, 1, 1)
    assert (stat.trouble, stat.rotten) == (4, True)


async def test_a_complaint_is_held_against_the_last_answer_alone(db: Database) -> None:
    house = await open_house(db)
    await hear(house, "包邮吗", 0, faq("answer", "post"))
    await hear(house, "退款多久", 1, faq("answer"))
    await hear(house, "投诉", 2)
    await hear(house, "是七天", 3, sender="owner")
    found = await counted(house)
    assert [(one.complained, one.corrected) for one in (found["refund"], found["post"])] == [(1, 1), (0, 0)]


async def test_who_asks_again_is_counted_once_however_often_it_was_answered(db: Database) -> None:
    house = await open_house(db)
    for minute, text in enumerate(("退款多久", "退款要几天", "退款到底几天")):
        await hear(house, text, minute, faq("answer"))
    stat = (await counted(house))["refund"]
    assert (stat.hits, stat.asked_again) == (3, 2)


async def test_an_excuse_to_who_asks_again_is_no_answer(db: Database) -> None:
    house = await open_house(db)
    await hear(house, "退款多久", 0, faq("answer"))
    await hear(house, "退款到底几天", 1, faq("answer"), other("feedback", "rephrased", "refund"))
    await hear(house, "退款到底多久", 3, faq("answer"), other("feedback", "answered", "refund"))
    stat = (await counted(house))["refund"]
    assert (stat.hits, stat.asked_again) == (2, 2)
