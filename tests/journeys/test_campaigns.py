"""Campaigns on the running bot: on time, once, and never after they were changed."""

from pathlib import Path

from tests.journeys.harness import running, until, write_config

MORNING = "campaigns:\n  - id: morning\n    kind: post\n    at: '{at}'\n    text: 早上好，{words}\n"


async def test_a_morning_call_comes_once_and_a_restart_does_not_repeat_it(database_url: str, folder: Path) -> None:
    write_config(folder, {"campaigns.yaml": MORNING.format(at="10:30", words="签到啦")})
    async with running(database_url, folder) as first:
        room = first.room("演示群", "小林")
        await first.say(room, "小林", "大家好呀")
        await first.pass_time(minutes=2)
        await first.pass_time(minutes=30)
        assert first.heard(room) == ["早上好，签到啦"]
        channel, clock = first.channel, first.clock
    async with running(database_url, folder, channel=channel, clock=clock) as second:
        await second.pass_time(minutes=5)
        assert second.heard(room) == ["早上好，签到啦"]


async def test_after_a_short_downtime_a_call_comes_late_and_after_a_long_one_not_at_all(
    database_url: str, folder: Path
) -> None:
    write_config(folder, {"campaigns.yaml": MORNING.format(at="10:30", words="签到啦")})
    async with running(database_url, folder) as first:
        room = first.room("演示群", "小林")
        await first.say(room, "小林", "大家好呀")
        await first.pass_time(minutes=2)
        channel, clock = first.channel, first.clock
    clock.now += clock.now.replace(hour=2, minute=36) - clock.now
    async with running(database_url, folder, channel=channel, clock=clock) as second:
        await second.tick()
        await second.settle()
        assert second.heard(room) == ["早上好，签到啦"]
        # Planned for tomorrow as well, but tomorrow the bot is down from before until long after.
        clock.now = clock.now.replace(day=3, hour=2, minute=0)
    clock.now = clock.now.replace(hour=8)
    async with running(database_url, folder, channel=channel, clock=clock) as third:
        await third.tick()
        await third.settle()
        assert third.heard(room) == ["早上好，签到啦"]


async def test_a_campaign_moved_to_another_hour_does_not_come_at_the_old_one(database_url: str, folder: Path) -> None:
    write_config(folder, {"campaigns.yaml": MORNING.format(at="10:30", words="旧的")})
    async with running(database_url, folder) as journey:
        room = journey.room("演示群", "小林")
        await journey.say(room, "小林", "大家好呀")
        await journey.pass_time(minutes=2)
        revision = journey.steward.house.engine.book.revision
        write_config(folder, {"campaigns.yaml": MORNING.format(at="11:30", words="新的")})
        await until(lambda: journey.steward.house.engine.book.revision != revision)
        await journey.pass_time(minutes=35)
        assert journey.heard(room) == []
        await journey.pass_time(minutes=60)
        assert journey.heard(room) == ["早上好，新的"]
