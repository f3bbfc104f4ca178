"""What the first visitor of the sample community sees."""

import shutil
from pathlib import Path

import pytest

from tests import chromium
from tests.story.pages import Person
from tests.story.process import Steward, free_port

pytestmark = pytest.mark.browser

SAMPLE = Path(__file__).parents[2] / "config"


async def test_the_sample_community_answers_its_first_visitor(chromium_path: str, tmp_path: Path) -> None:
    config = Path(shutil.copytree(SAMPLE, tmp_path / "config"))
    database_url = f"sqlite:///{tmp_path}/data/steward.db"
    async with (
        Steward(tmp_path, config, database_url, free_port()) as steward,
        chromium.launched(chromium_path) as browser,
    ):
        visitor, chat = await Person.enter(browser, steward.url, "小来")
        await chat.say("退款多久能到账呀")
        await chat.hears("@小来", "工作日")
        await chat.say("隐私")
        await chat.hears(f"{steward.url}/privacy")
        await chat.say("签到")
        await chat.hears("小来", "签到成功")
        assert visitor.trouble == []
