"""Manners on a real Wechaty gateway: one answer to several, nothing to what was taken back, and staff come first."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from domain.facts import SendState
from storage import views_decisions, views_faq, views_sends
from tests.gateway import AT_END, Gateway
from tests.journeys.conftest import FAQ, STEWARD
from tests.journeys.harness import until, write_config
from tests.journeys.test_gateway_channel import AWAKE, QUESTION, ROOM, SECONDS, furnished, steward_on

pytestmark = pytest.mark.gateway

AWAKEN = f"policy: {{{AWAKE}}}\n"
TALK = f"policy: {{{AWAKE}, talk: {{people_first: 3, company_wait: 4}}}}\n"
ANSWER = "三到五个工作日。"
LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)


@pytest.fixture
def quick(tmp_path: Path) -> Path:
    """The small community, with shorter waits."""
    return write_config(tmp_path / "quick", {"steward.yaml": STEWARD + TALK, "faq/money.yaml": FAQ})


async def crowd(gateway: Gateway) -> list[str]:
    """Five more members of the room."""
    ids = [f"wxid_{number}" for number in range(5)]
    for number, one in enumerate(ids):
        await gateway.add_contact(one, f"茶友{number}")
    await gateway.add_room(ROOM, "一群", ["wxid_ming", "wxid_hong", *ids], owner="wxid_hong")
    return ids


async def test_five_who_ask_the_same_get_one_answer_with_three_real_mentions(database_url: str, quick: Path) -> None:
    async with furnished() as gateway, steward_on(gateway, database_url, quick):
        ids = await crowd(gateway)
        for one in ids:
            await gateway.say(ROOM, one, QUESTION)
        assert len(await gateway.texts(ROOM, at_least=1, wait=SECONDS)) == 1
        (sent,) = await gateway.sent(kinds=["text"])
        assert sent["mentions"] == ids[:3]
        assert sent["text"].endswith(f"等5位：{ANSWER}")


async def test_what_is_taken_back_or_answered_by_the_owner_is_not_answered(database_url: str, quick: Path) -> None:
    async with furnished() as gateway, steward_on(gateway, database_url, quick) as steward:
        message = await gateway.say(ROOM, "wxid_ming", QUESTION)
        await gateway.recall(message)
        await gateway.say(ROOM, "wxid_ming", "有人吗")
        await gateway.say(ROOM, "wxid_hong", "在的", mentions=["wxid_ming"])

        async def cancelled() -> bool:
            return len(await steward.house.database.read(views_sends.sends, SendState.CANCELLED)) == 2

        await until(cancelled, SECONDS)
        await gateway.add_room("2@chatroom", "二群", ["wxid_ming"])
        await gateway.say("2@chatroom", "wxid_ming", QUESTION)
        await gateway.texts("2@chatroom", at_least=1, wait=SECONDS)
        assert await gateway.texts(ROOM) == []


async def test_three_different_answers_are_one_message_with_real_mentions_and_a_refusal_by_quote_counts(
    database_url: str, tmp_path: Path
) -> None:
    more = """  - {id: post, question: 满多少包邮？, answer: 满 88 元包邮。}
  - {id: park, question: 停车场在哪里？, answer: 在东门。}
"""
    folder = write_config(tmp_path / "three", {"steward.yaml": STEWARD + TALK, "faq/money.yaml": FAQ + more})
    async with furnished() as gateway, steward_on(gateway, database_url, folder) as steward:
        ids = await crowd(gateway)
        for one, question in zip(ids, (QUESTION, "满多少包邮", "停车场在哪里"), strict=False):
            await gateway.say(ROOM, one, question)
        (said,) = await gateway.texts(ROOM, at_least=1, wait=SECONDS)
        assert [line.split("：")[0] for line in said.splitlines()[1:]] == ["茶友0", "茶友1", "茶友2"]
        (sent,) = await gateway.sent(kinds=["text"])
        assert sent["mentions"] == ids[:3]
        await gateway.say(ROOM, ids[2], "「小管家：在东门。」\n- - - - - - - - - - - - - - -\n没用")
        assert "抱歉" in (await gateway.texts(ROOM, at_least=2, wait=SECONDS))[1]

        async def counted() -> bool:
            stats, _ = await steward.house.database.read(views_faq.statistics, LONG_AGO, ())
            return [one.refused for one in stats if one.entry == "park"] == [1]

        await until(counted, SECONDS)


async def test_an_answers_image_goes_through_the_gateway_and_its_echo_is_nobodys(
    database_url: str, tmp_path: Path
) -> None:
    faq = "entries:\n  - {id: map, question: 怎么走？, answer: 看图。, files: [files/map.png]}\n"
    folder = write_config(tmp_path / "map", {"steward.yaml": STEWARD + AWAKEN, "faq/a.yaml": faq})
    (folder / "files").mkdir()
    (folder / "files/map.png").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(2_000_000))
    async with furnished() as gateway, steward_on(gateway, database_url, folder) as steward:
        for room, returned_ids in ((ROOM, True), ("2@chatroom", False)):
            await gateway.add_room(room, room, ["wxid_ming"])
            await gateway.echo("after", returned_ids=returned_ids)
            await gateway.say(room, "wxid_ming", f"@小管家{AT_END}怎么走", mentions=[gateway.self_id])

            async def sent(room: str = room) -> bool:
                return [one["name"] for one in await gateway.sent(kinds=["file"]) if one["conversation"] == room] == [
                    "map.png"
                ]

            await until(sent, SECONDS)

        async def settled() -> bool:
            return len(await steward.house.database.read(views_sends.sends, SendState.SENT)) == 4

        await until(settled, SECONDS)
        decided = await steward.house.database.read(views_decisions.decisions)
        assert not any(one.get("level") == "owner" for row in decided for one in row.findings)


async def test_nearly_sure_it_offers_choices_and_a_number_brings_the_answer(database_url: str, tmp_path: Path) -> None:
    shy = "faq: {answer_at: 1.0, suggest_at: 1.0, addressed_answer_at: 1.0, addressed_suggest_at: 0.2}"
    folder = write_config(
        tmp_path / "shy", {"steward.yaml": f"{STEWARD}policy: {{{AWAKE}, {shy}}}\n", "faq/money.yaml": FAQ}
    )
    async with furnished() as gateway, steward_on(gateway, database_url, folder):
        await gateway.say(ROOM, "wxid_hong", QUESTION)
        await gateway.say(ROOM, "wxid_ming", f"@小管家{AT_END}{QUESTION}", mentions=[gateway.self_id])
        (offer,) = await gateway.texts(ROOM, at_least=1, wait=SECONDS)
        assert offer.endswith("您是想问“退款多久到账？”吗？回复 1 就好。")
        await gateway.say(ROOM, "wxid_hong", "1")
        await gateway.say(ROOM, "wxid_ming", "1")
        said = await gateway.texts(ROOM, at_least=2, wait=SECONDS)
        assert said[1:] == [f"@小明\u2005{ANSWER}"]
