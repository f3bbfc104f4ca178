"""Answers on the whole path: what members say to them, several in one message, and a number that answers two things."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from bot.channels.memory import MemoryChannel
from bot.channels.memory_community import Room
from domain.facts import SendState
from handlers.faq.learning import is_question
from storage import views_faq, views_sends, views_unanswered
from tests.journeys.conftest import STEWARD
from tests.journeys.crowd import BUDGET, run, since
from tests.journeys.harness import Journey, SetClock, running, staff_of, write_config

FAQ = """
entries:
  - {id: refund, question: 退款多久到账？, answer: 三到五个工作日。}
  - {id: post, question: 满多少包邮？, answer: 满 88 元包邮。}
  - {id: park, question: 停车场在哪里？, answer: 在东门。}
  - {id: card, question: 会员卡怎么办理？, answer: 在前台。}
  - {id: lost, question: 会员卡丢了怎么补办？, answer: 带身份证来。}
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A community with five entries."""
    return write_config(tmp_path / "config", {"steward.yaml": STEWARD, "faq/a.yaml": FAQ})


async def test_an_answer_that_missed_twice_brings_a_person(journey: Journey, room: Room) -> None:
    agents = journey.room("客服群", "客服小周", external_id="agents")
    await journey.say(agents, "客服小周", "大家好")
    begun = journey.clock.now
    await journey.say(room, "小林", "会员卡怎么办", to_bot=True)
    await journey.say(room, "小林", "不对")
    assert "您是想问“会员卡丢了怎么补办？”吗？" in journey.heard(room)[-1]
    await journey.say(room, "小林", "都不是")
    assert "真人" in journey.heard(room)[-1]
    await journey.say(room, "小林", "要")
    assert "编号 1" in journey.heard(room)[-1]
    assert any("新求助" in text and "不对" in text for text in journey.heard(agents))
    stats, _ = await journey.steward.house.database.read(views_faq.statistics, begun, ("memory:agents",))
    assert [(one.entry, one.hits, one.refused) for one in stats] == [("card", 1, 1)]


async def test_what_it_does_not_know_it_says_once_and_operators_find_it(journey: Journey, room: Room) -> None:
    begun = journey.clock.now
    await journey.say(room, "小林", "雨伞可以借用吗？")
    await journey.pass_time(seconds=6)
    assert journey.heard(room) == []
    await journey.say(room, "小林", "雨伞可以借用吗？", to_bot=True)
    await journey.say(room, "小林", "储物柜能放到几点？", to_bot=True)
    (owned_up,) = journey.heard(room)
    assert owned_up.startswith("@小林 ") and "“人工”" in owned_up
    await journey.pass_time(minutes=11)
    left = await journey.steward.house.database.read(
        views_unanswered.unanswered, begun, journey.clock.now, ("memory:agents",), is_question
    )
    assert [(one.text, one.addressed) for one in left] == [
        ("储物柜能放到几点？", True),
        ("雨伞可以借用吗？", True),
        ("雨伞可以借用吗？", False),
    ]


async def test_asked_again_in_other_words_it_does_not_repeat_itself_for_ever(journey: Journey, room: Room) -> None:
    await journey.say(room, "小林", "停车场在哪里", to_bot=True)
    await journey.pass_time(seconds=6)
    await journey.say(room, "小林", "停车场到底在哪里呀", to_bot=True)
    assert "抱歉" in journey.heard(room)[-1]
    await journey.say(room, "小林", "停车场在哪个地方呢", to_bot=True)
    assert "真人" in journey.heard(room)[-1]
    assert sum("在东门" in text for text in journey.heard(room)) == 1


async def test_a_bare_call_for_a_person_is_asked_once_what_it_is_about(journey: Journey, room: Room) -> None:
    agents = journey.room("客服群", "客服小周", external_id="agents")
    await journey.say(agents, "客服小周", "大家好")
    await journey.say(room, "小林", "人工")
    assert "什么事" in journey.heard(room)[-1]
    await journey.say(room, "小林", "我的包裹被退回去了")
    await journey.pass_time(seconds=15)
    assert any("包裹被退回" in text for text in journey.heard(agents))
    assert len(journey.heard(room)) == 1


async def test_a_number_answers_what_was_asked_last(journey: Journey, room: Room) -> None:
    agents = journey.room("客服群", "客服小周", external_id="agents")
    await staff_of(journey, "客服小周", room)
    await journey.say(agents, "客服小周", "大家好")
    await journey.say(room, "小林", "人工")
    await journey.say(agents, "客服小周", "#1 解决")
    assert "打个分" in journey.heard(room)[-1]
    await journey.say(room, "小林", "会员卡怎么办", to_bot=True)
    await journey.say(room, "小林", "不对")
    await journey.say(room, "小林", "1")
    assert journey.heard(room)[-1].endswith("带身份证来。")
    await journey.say(room, "小林", "5分")
    assert "打分" in journey.heard(room)[-1]


async def test_three_different_answers_that_wait_are_one_message(database_url: str, folder: Path) -> None:
    async with running(database_url, folder, rule=BUDGET) as journey:
        names = ("小林", "阿北", "老王", "小赵")
        room = journey.room("演示群", *names)
        await journey.say(room, "小赵", "帮助")
        begun = journey.clock.now
        for name, text in zip(names, ("退款多久到账", "满多少包邮", "停车场在哪里", "停车场在哪里？"), strict=True):
            journey.channel.say(room, journey.person(name), text)
            journey.clock.now += timedelta(seconds=0.5)
        await run(journey, 12)
        ((after, text),) = since(journey, room, begun)[1:]
        lines = ["小林：三到五个工作日。", "阿北：满 88 元包邮。", "老王、小赵：在东门。"]
        assert text == "@小林 @阿北 @老王 @小赵 \n" + "\n".join(lines)
        assert after <= 9


async def test_near_identical_questions_of_several_are_answered_once_to_all(journey: Journey, room: Room) -> None:
    for name, text in (("小林", "停车场在哪里"), ("阿北", "请问停车场在哪里呀"), ("客服小周", "停车场在哪")):
        await journey.say(room, name, text)
    await journey.pass_time(seconds=30)
    assert journey.heard(room) == ["@小林 @阿北 @客服小周 在东门。"]


# ---- images and files ------------------------------------------------------------------------------------------------

WITH_MAP = """
entries:
  - {id: park, question: 停车场在哪里？, answer: 在东门，看图。, files: [files/map.png, files/rules.pdf]}
  - {id: card, question: 会员卡怎么办理？, answer: 在前台。}
"""


@pytest.fixture
async def mapped(database_url: str, tmp_path: Path) -> AsyncIterator[Journey]:
    folder = write_config(tmp_path / "config", {"steward.yaml": STEWARD, "faq/a.yaml": WITH_MAP})
    (folder / "files").mkdir()
    (folder / "files/map.png").write_bytes(b"\x89PNG")
    (folder / "files/rules.pdf").write_bytes(b"%PDF")
    async with running(database_url, folder) as journey:
        yield journey


def posted(room: Room) -> list[str]:
    """What the bot has posted: words, or the names of files."""
    return [message.file or message.text for message in room.messages if message.author == ""]


async def test_files_come_right_behind_their_answer_once_for_all_who_ask(mapped: Journey) -> None:
    room = mapped.room("演示群", "小林", "阿北", "老王")
    await mapped.say(room, "小林", "停车场在哪里")
    await mapped.say(room, "阿北", "停车场在哪里呀")
    await mapped.say(room, "老王", "会员卡怎么办理", to_bot=True)
    await mapped.pass_time(seconds=15)
    assert posted(room) == ["@老王 在前台。", "@小林 @阿北 在东门，看图。", "map.png", "rules.pdf"]
    sent = await mapped.steward.house.database.read(views_sends.sends, SendState.SENT)
    assert len(sent) == 4
    await mapped.say(room, "老王", "会员卡呢")
    assert not any("账号主人" in text for text in posted(room))


async def test_who_takes_the_question_back_gets_no_files(mapped: Journey) -> None:
    room = mapped.room("演示群", "小林")
    message = await mapped.say(room, "小林", "停车场在哪里")
    mapped.channel.recall(room, message)
    await mapped.settle()
    await mapped.pass_time(seconds=15)
    assert posted(room) == []


async def test_a_file_that_is_gone_when_it_is_to_be_sent_is_refused_and_the_words_go(mapped: Journey) -> None:
    room = mapped.room("演示群", "小林")
    mapped.steward.stop_watching()
    (mapped.steward.folder / "files/map.png").unlink()
    await mapped.say(room, "小林", "停车场在哪里", to_bot=True)
    assert posted(room) == ["@小林 在东门，看图。", "rules.pdf"]
    (refused,) = await mapped.steward.house.database.read(views_sends.sends, SendState.REFUSED)
    assert "没有这个文件" in refused.reason


async def test_own_files_are_known_again_by_an_echo_without_ids(database_url: str, tmp_path: Path) -> None:
    folder = write_config(tmp_path / "config", {"steward.yaml": STEWARD, "faq/a.yaml": WITH_MAP})
    (folder / "files").mkdir()
    for name in ("map.png", "rules.pdf"):
        (folder / "files" / name).write_bytes(b"x")
    clock = SetClock()
    channel = MemoryChannel(clock=clock, returns_ids=False)
    async with running(database_url, folder, channel=channel, clock=clock) as journey:
        room = journey.room("演示群", "小林", "阿北")
        await journey.say(room, "小林", "停车场在哪里", to_bot=True)
        await journey.say(room, "阿北", "会员卡怎么办理")
        await journey.pass_time(seconds=10)
        assert posted(room) == ["@小林 在东门，看图。", "map.png", "rules.pdf", "@阿北 在前台。"]
