"""The three recipes do what they say: one file and one line, and the bot has learnt something."""

import json
import signal
import textwrap
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.docs.recipes import Recipe

MAIN = "from bot.cli import main; main()"
pytestmark = pytest.mark.slow


def _config(house: Path, **files: str) -> Path:
    folder = house / "community"
    folder.mkdir()
    for name, text in {"steward": "{}\n", **files}.items():
        (folder / f"{name}.yaml").write_text(text, encoding="utf-8")
    return folder


def test_the_handler_of_the_recipe_answers_thanks(tmp_path: Path) -> None:
    recipe = Recipe("add-a-handler", tmp_path)
    folder, messages = _config(tmp_path), recipe.sample("thanks.jsonl")

    verdicts = [
        json.loads(line)
        for line in recipe.run("-c", MAIN, "judge", "--config", str(folder), "--in", str(messages)).splitlines()
    ]

    said = [[action["text"] for action in verdict["actions"] if action["type"] == "say"] for verdict in verdicts]
    assert said == [["不客气～"], [], []]
    found = [
        [finding["rule"] for finding in verdict["findings"] if finding["rule"] == "thanks"] for verdict in verdicts
    ]
    assert found == [["thanks"], [], ["thanks"]]


def test_the_timer_of_the_recipe_reminds_the_agents(tmp_path: Path) -> None:
    recipe = Recipe("add-a-timer", tmp_path)
    folder = _config(tmp_path, steward='staff_rooms: ["memory:agents"]\n')
    script = textwrap.dedent(
        f"""
        import asyncio, json
        from pathlib import Path
        from tests.journeys.harness import running

        async def main():
            async with running("sqlite:///{tmp_path}/steward.db", Path({str(folder)!r})) as journey:
                agents = journey.room("客服群", "小周", external_id="agents")
                await journey.say(agents, "小周", "早")
                await journey.tick()
                before = journey.heard(agents)
                await journey.pass_time(hours=5, minutes=31)
                print(json.dumps([before, journey.heard(agents)], ensure_ascii=False))

        asyncio.run(main())
        """
    )

    before, after = json.loads(recipe.run("-c", script).splitlines()[-1])

    assert "三点半啦，起来走走，喝口水～" not in before
    assert after.count("三点半啦，起来走走，喝口水～") == 1


def test_the_channel_of_the_recipe_hears_and_answers(tmp_path: Path) -> None:
    recipe = Recipe("add-a-channel", tmp_path)
    folder, lines = _config(tmp_path), tmp_path / "data" / "lines"
    lines.mkdir(parents=True)
    said = lines / "said.jsonl"
    with recipe.start("-c", MAIN, "run", "--config", str(folder), STEWARD_HTTP_PORT="0") as process:
        try:
            _say(lines, "@小管家 帮助")
            answer = json.loads(_wait_for(said, process.poll))
        finally:
            process.send_signal(signal.SIGTERM)
            process.communicate(timeout=30)

    assert answer["room"] == "hall"
    assert "签到" in answer["text"]
    assert (lines / "committed").read_text() == "1"


def _say(lines: Path, text: str) -> None:
    message = {"room": "hall", "person": "p1", "name": "小李", "text": text, "at": datetime.now(UTC).isoformat()}
    with (lines / "heard.jsonl").open("a", encoding="utf-8") as file:
        file.write(json.dumps(message, ensure_ascii=False) + "\n")


def _wait_for(path: Path, ended: Callable[[], int | None]) -> str:
    deadline = time.monotonic() + 90
    while time.monotonic() < deadline:
        assert ended() is None, "the bot ended"
        if path.exists() and path.read_text(encoding="utf-8").endswith("\n"):
            return path.read_text(encoding="utf-8")
        time.sleep(0.05)
    raise AssertionError("no answer came")
