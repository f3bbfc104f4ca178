"""An operator's week on WeChat: sure, nearly sure or silent; what nobody answered; a change tried and taken back."""

import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
import yaml

from tests.gateway import Gateway
from tests.story.community import configure
from tests.story.process import Steward, free_port
from tests.story.record import messages_grow_older, until
from tests.story.wechat import WeChat, at, console

pytestmark = [pytest.mark.gateway, pytest.mark.asyncio(loop_scope="module")]

# What is only offered, whoever asks it: its own threshold is out of reach.
CAREFUL = """
  - id: invoice
    question: 怎么开发票？
    answer: 在订单页点开发票。
    answer_at: 1.0
    suggest_at: 0.2
"""
PARKING = "停车场在哪里呀"


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def wechat(home: Path, database_url: str) -> AsyncIterator[WeChat]:
    """A bot with a small FAQ."""
    async with Gateway() as gateway:
        port = free_port()
        config = configure(home / "config", f"http://127.0.0.1:{port}", "web:agents", "  web:demo: {topic: 演示群}")
        faq = config / "faq" / "shop.yaml"
        faq.write_text(faq.read_text(encoding="utf-8") + CAREFUL.lstrip("\n"), encoding="utf-8")
        more = {**gateway.environment, "STEWARD_SEND_INTERVAL": "0"}
        async with Steward(home, config, database_url, port, more) as steward:
            await gateway.await_stream()
            yield WeChat(gateway, steward)
            # What is wrong with an edit is told as an error, and is the operator's.
            assert [line for line in steward.faults() if line["act"] != "book problem"] == []


async def revisions(wechat: WeChat) -> int:
    """How many sets have taken effect."""
    _, said = await wechat.steward.command("book", "list")
    return len(said.splitlines())


async def test_it_answers_when_sure_offers_when_nearly_sure_and_addressed_and_is_silent_otherwise(
    wechat: WeChat,
) -> None:
    group = await wechat.room("三档群", "小明", "小红")
    await group.say("小明", "退款多久能到账呀")
    await group.hears("@小明", "三到五个工作日")
    await group.say("小红", "今天天气真不错")
    await group.say("小红", "怎么开发票")
    await group.catches_up("小红")
    assert len(await group.said()) == 1, "nobody asked the bot, and it is not sure"
    await group.mention("小红", f"{at('小管家')}怎么开发票", "小管家")
    await group.hears("@小红", "您是想问“怎么开发票？”吗")
    await group.say("小明", "1")
    await group.say("小红", "1")
    await group.hears("@小红", "在订单页点开发票")
    await group.catches_up("小明")
    assert len(await group.said()) == 3


async def test_what_nobody_answered_becomes_an_entry_that_is_tried_published_and_taken_back(
    wechat: WeChat, tmp_path: Path
) -> None:
    steward, group = wechat.steward, await wechat.room("停车群", "小车", "小停")
    for name in ("小车", "小停"):
        await group.say(name, PARKING)
    await group.catches_up("小车")
    assert await group.said() == []
    await messages_grow_older(steward.database_url, 15)
    config, new, drafts = str(steward.config), tmp_path / "new", tmp_path / "drafts.yaml"
    code, _ = await steward.command("faq", "learn", "--config", config, "--out", str(drafts))
    (draft,) = yaml.safe_load(drafts.read_text(encoding="utf-8"))["entries"]
    assert (code, draft["question"], draft["enabled"]) == (0, PARKING, False)

    # A person answers it, in a copy of the folder first.
    kept = steward.config / "faq" / "shop.yaml"
    better = (
        f"{kept.read_text(encoding='utf-8')}  - id: park\n    question: {draft['question']}\n    answer: 在东门。\n"
    )
    (new / "faq").mkdir(parents=True)
    (new / "steward.yaml").write_bytes((steward.config / "steward.yaml").read_bytes())
    (new / "faq" / "shop.yaml").write_text(better + "    asks: [停车场在哪]\n    not: [停车费多少]\n", encoding="utf-8")
    assert (await steward.command("check", "--config", str(new)))[0] == 0
    assert (await steward.command("faq", "test", "--config", str(new)))[0] == 0
    code, said = await steward.command("replay", "--config", str(new), "--since", "7d")
    assert code == 0 and "新答上：park  ×2" in said and "停车群" in said, said
    assert "新答上" not in (await steward.command("replay", "--config", config, "--since", "7d"))[1]

    before = await revisions(wechat)
    kept.write_bytes((new / "faq" / "shop.yaml").read_bytes())

    async def published() -> bool:
        return await revisions(wechat) == before + 1

    await until(published)
    await group.say("小停", PARKING)
    await group.hears("@小停", "在东门")

    code, said = await steward.command("book", "rollback", "--config", config, str(before), "--yes")
    assert code == 0 and "-    answer: 在东门。" in said, said

    async def undone() -> bool:
        return await revisions(wechat) == before + 2

    await until(undone)
    count = len(await group.heard())
    await group.say("小车", PARKING)
    await group.catches_up("小车")
    assert await group.said(count) == []


async def test_what_an_agent_answered_in_a_case_becomes_a_draft_with_the_answer(wechat: WeChat, tmp_path: Path) -> None:
    group, drafts = await wechat.room("工单群", "小诉"), tmp_path / "drafts.yaml"
    await group.say("小诉", "我要投诉，三天了没人理")
    found = re.search(r"编号 (\d+)", await group.hears("@小诉", "编号"))
    assert found is not None
    await group.say("小诉", "礼盒压坏了怎么换呀")
    await group.catches_up("小诉")
    async with console(wechat.steward) as browser:
        case = f"/console/cases/{found[1]}"
        await browser.post(case, page=case, act="reply", text="拍张照片，今天就给您换新的。")
    await group.hears("@小诉", "拍张照片")
    config = str(wechat.steward.config)
    code, _ = await wechat.steward.command("faq", "learn", "--config", config, "--out", str(drafts))
    entries = yaml.safe_load(drafts.read_text(encoding="utf-8"))["entries"]
    (draft,) = [one for one in entries if one["question"] == "礼盒压坏了怎么换呀"]
    assert (code, draft["answer"], draft["enabled"]) == (0, "拍张照片，今天就给您换新的。", False)


async def test_a_broken_edit_changes_nothing_and_check_names_the_line(wechat: WeChat) -> None:
    group = await wechat.room("错字群", "小错")
    broken = wechat.steward.config / "faq" / "more.yaml"
    broken.write_text(
        "entries:\n  - id: refund-time\n    question: 又一条退款？\n    anser: 写错了键\n", encoding="utf-8"
    )
    code, said = await wechat.steward.command("check", "--config", str(wechat.steward.config))
    assert code == 1 and "more.yaml:4" in said and "anser" in said, said
    await group.say("小错", "退款多久能到账呀")
    await group.hears("@小错", "三到五个工作日")
    broken.unlink()
