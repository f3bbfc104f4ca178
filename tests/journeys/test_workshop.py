"""An operator's week: what is asked on, what nobody answered, a change tried, published and taken back."""

from datetime import timedelta
from pathlib import Path

import pytest

from bot.workshop import Workshop
from console.workshop import FolderChanged
from handlers.faq.learning import clusters, is_question
from handlers.replay import Effect
from storage import books, views_faq, views_unanswered
from tests.journeys.harness import running, until, write_config

FAQ = """entries:
  - id: post
    question: 快递几天能到？
    answer: 一般三天送到。
    follow_ups:
      - {question: 新疆要多久？, answer: 新疆要七天。}
"""
BETTER = FAQ.replace("一般三天", "一般两天") + "  - {id: park, question: 停车场在哪里？, answer: 在东门。}\n"


async def test_a_week_in_the_workshop(database_url: str, tmp_path: Path) -> None:
    folder = write_config(tmp_path / "config", {"steward.yaml": "{}", "faq/a.yaml": FAQ})
    async with running(database_url, folder) as journey:
        room = journey.room("演示群", "小李", "小王")
        house, database = journey.steward.house, journey.steward.house.database
        began = journey.clock.now
        await journey.ask(room, "小李", "快递几天能到")
        (answer,) = [posted for posted in room.messages if posted.author == ""]
        journey.clock.now += timedelta(seconds=5)
        journey.channel.say(room, journey.person("小王"), "那新疆呢", quote=answer)
        await journey.settle()
        assert journey.heard(room)[-1].endswith("新疆要七天。")

        await journey.ask(room, "小王", "停车场在哪里呀")
        await journey.pass_time(minutes=15)
        left = await database.read(views_unanswered.unanswered, began, journey.clock.now, (), is_question)
        assert [cluster.question for cluster in clusters(left, house.engine.book)] == ["停车场在哪里呀"]
        stats, _ = await database.read(views_faq.statistics, began, ())
        assert {one.entry: one.hits for one in stats} == {"post": 1, "post/1": 1}

        workshop = Workshop(database, folder, journey.clock)
        files = await workshop.files()
        better = {**files, "faq/a.yaml": BETTER}
        found = await workshop.replay(files, better, began)
        seen = {(group.change.effect, group.change.after): group.count for group in found.groups}
        assert seen == {(Effect.CHANGED, "post"): 1, (Effect.ANSWERED, "park"): 1}

        published = journey.steward._workshop
        assert published is not None
        with pytest.raises(FolderChanged):
            await published.publish({**files, "faq/a.yaml": "entries: []"}, better, "小周")
        await published.publish(files, better, "小周")
        await until(lambda: house.engine.book.revision == 2)
        assert [one.author for one in await database.read(books.list_revisions)] == ["小周", "config folder"]
        await journey.ask(room, "小李", "停车场在哪里")
        assert journey.heard(room)[-1].endswith("在东门。")

        await workshop.write_back(await database.read(books.load_revision, 1))
        await until(lambda: house.engine.book.revision == 3)
        assert await database.read(books.load_revision, 3) == await database.read(books.load_revision, 1)
