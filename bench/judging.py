"""Figures of `steward judge`: messages a second with the sample config, and with nothing but the built-in defaults."""

import json
import random
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

from bench.report import Row
from bench.running import CONFIG, ROOT, steward

MESSAGES = 10_000
ROOMS = 50
MEMBERS = 2_000
SEED = 20_260_301
# Written for this bench. Ordinary talk is the greater part, as in real groups.
_CHAT = (
    "今天{place}又下雨了",
    "周末有人去{place}吗",
    "哈哈哈哈{word}",
    "好的收到",
    "谢谢老板",
    "我家{word}昨天学会自己吃饭了",
    "明天{number}点集合别迟到",
    "这家的{word}味道不错，下次一起",
    "在吗",
    "{number}楼的电梯什么时候修好",
    "刚到{place}，路上堵了{number}分钟",
    "早上好",
)
_ASKS = ("退款多久能到账呀", "请问{word}怎么退", "几点上班", "发票怎么开", "会员{number}号能续费吗")
_TROUBLE = (
    "我要投诉，{number}天了没人理",
    "你这个人有病吧",
    "加微信 abc{number} 领福利，日结{number}元",
    "签到",
    "积分",
    "帮助",
)
_WORDS = ("咖啡", "小猫", "火锅", "快递", "雨伞", "蛋糕", "充电器", "门票")
_PLACES = ("公园", "地铁站", "学校门口", "超市", "体育馆")


def rows() -> list[Row]:
    """The same messages through two configurations, one after the other."""
    with tempfile.TemporaryDirectory(prefix="steward-bench-") as name:
        folder = Path(name)
        messages, empty = folder / "messages.jsonl", folder / "empty"
        messages.write_text("\n".join(_messages()) + "\n", encoding="utf-8")
        empty.mkdir()
        (empty / "steward.yaml").write_text("{}\n", encoding="utf-8")
        return [
            _row("sample config", CONFIG, messages, folder, "≥ 3,000 /s"),
            _row("built-in defaults only", empty, messages, folder, ""),
        ]


def _row(what: str, config: Path, messages: Path, folder: Path, reach: str) -> Row:
    done = subprocess.run(
        steward("judge", "--config", str(config), "--in", str(messages), "--out", str(folder / "out"), "--stats"),
        cwd=ROOT,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    if done.returncode:
        raise SystemExit(f"steward judge ended with {done.returncode}:\n{done.stderr}")
    stats = json.loads(done.stderr.splitlines()[-1])
    speed = stats["messages"] / stats["seconds"]
    how = f"{stats['messages']:,} messages of {ROOMS} rooms, deciding only; loading took {stats['load_seconds']:.2f} s"
    return Row(f"`steward judge`, {what}", how, f"{speed:,.0f} messages/s", reach)


def _messages() -> Iterator[str]:
    chance = random.Random(SEED)
    for number in range(MESSAGES):
        kind = chance.choices((_CHAT, _ASKS, _TROUBLE), (85, 8, 7))[0]
        text = chance.choice(kind).format(
            word=chance.choice(_WORDS), place=chance.choice(_PLACES), number=chance.randint(2, 99)
        )
        room, member = f"room-{chance.randrange(ROOMS)}", f"member-{chance.randrange(MEMBERS)}"
        line = {"id": number, "text": text, "room": room, "member": member, "mention": chance.random() < 0.05}
        yield json.dumps(line, ensure_ascii=False)
