"""Complaints as members live them: noticed however worded, one case each, never punished for the tone."""

from pathlib import Path

import pytest

from bot.channels.memory_community import Room
from handlers.text.digest import Digester
from storage import views_cases
from tests.journeys.harness import Journey, staff_of, until, write_config
from tests.journeys.steps import STUPID

HOW_TO = """
entries:
  - id: complain
    question: 怎么投诉？
    similar: [投诉电话是多少]
    answer: 直接说“我要投诉”和原因。
"""


@pytest.fixture
def folder(folder: Path) -> Path:
    """The small community, in which it can be asked how to complain."""
    return write_config(folder, {"faq/complain.yaml": HOW_TO})


@pytest.fixture
def agents(journey: Journey) -> Room:
    return journey.room("客服群", "客服小周", external_id="agents")


@pytest.mark.parametrize(
    "words", ["我的货还没到都一周了", "第三次问了，有人处理吗", "客服一直没人回", "你们可真行，退个款退一个月"]
)
async def test_plain_words_and_sarcasm_open_a_case_that_staff_hear_of(
    journey: Journey, room: Room, agents: Room, words: str
) -> None:
    await journey.say(agents, "客服小周", "大家好")
    await journey.say(room, "小林", words)
    assert "编号 1" in journey.heard(room)[-1]
    assert words in journey.heard(agents)[-1]


async def test_who_complains_again_is_in_the_same_case_and_others_have_their_own(journey: Journey, room: Room) -> None:
    await journey.say(room, "小林", "我要投诉，三天了没人理")
    await journey.say(room, "小林", "客服一直没人回，到底有没有人处理")
    assert len(journey.heard(room)) == 1, "acknowledged once"
    await journey.say(room, "阿北", "我要投诉，一周了还没发货")
    read = journey.steward.house.database.read
    cases = await read(views_cases.open_cases)
    assert sorted(case.member for case in cases) == ["小林", "阿北"]
    (hers,) = (case.number for case in cases if case.member == "小林")
    said = [message.text for message in await read(views_cases.case_messages, hers)]
    assert {"我要投诉，三天了没人理", "客服一直没人回，到底有没有人处理"} <= set(said)


async def test_how_to_complain_is_a_question_and_to_complain_is_a_case(journey: Journey, room: Room) -> None:
    await journey.ask(room, "小林", "怎么投诉")
    assert journey.heard(room) == ["@小林 直接说“我要投诉”和原因。"]
    assert await journey.steward.house.database.read(views_cases.open_cases) == []
    await journey.say(room, "小林", "我要投诉")
    assert "编号 1" in journey.heard(room)[-1]


async def test_anger_is_never_punished_unless_it_is_aimed_at_a_person(journey: Journey, room: Room) -> None:
    for words in ("气死我了！！等了三个小时还没人来！", "破系统又崩了，退我钱！！", "你们到底管不管！！！我受够了！"):
        await journey.say(room, "小林", words)
    await journey.say(room, "小林", "我的警告")
    assert "没有您的处置记录" in journey.heard(room)[-1]
    assert len(await journey.steward.house.database.read(views_cases.open_cases)) == 1
    await journey.say(room, "阿北", f"我要投诉，三天了没人理，{STUPID}")
    assert len(await journey.steward.house.database.read(views_cases.open_cases)) == 2, "sanctioned and escalated"
    await journey.say(room, "阿北", "我的警告")
    assert "没有您的处置记录" not in journey.heard(room)[-1]


async def test_the_digest_names_the_group_where_people_were_discontent(
    journey: Journey, room: Room, agents: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Digester, "keywords", lambda *_: ())
    monkeypatch.setattr(Digester, "summary", lambda *_: ())
    await staff_of(journey, "客服小周", agents)
    calm = journey.room("清静群", "阿北")
    await journey.say(calm, "阿北", "质量太差了")
    for name in ("小林", "阿北", "小林"):
        await journey.say(room, name, "质量太差了，用两天就坏，再也不买了")
    await journey.pass_time(hours=8, minutes=31)
    await until(lambda: any("今日小结" in text for text in journey.heard(agents)))
    digest = next(text for text in journey.heard(agents) if "今日小结" in text)
    assert "有不满的群：演示群 3 条（2 人）" in digest
    assert "清静群" not in digest
