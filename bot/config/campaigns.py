"""Reads campaigns.yaml (posts and draws at an hour) and rewards.yaml (points for check-ins)."""

import re
from collections.abc import Iterable

from bot.config.fields import Fields, tables
from bot.config.files import Source
from bot.config.nodes import Items, Leaf, Node, Table, as_json
from bot.config.problems import Problems
from domain.actions import Prize
from domain.book import Campaign
from domain.decision import Json
from scheduler.rules import parse as parse_time

KEYS = ("id", "kind", "at", "weekdays", "rooms", "text", "title", "prizes", "duration_minutes", "enabled")
KINDS = ("post", "draw")
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
LONGEST_TEXT = 1000
MOST_PRIZES = 1000
REWARD_KEYS = ("points_base", "streak_bonus")
_ID = re.compile(r"[\w.-]{1,64}")
_PRIZE = re.compile(r"(.{1,60}?)\s*[x×*]\s*([0-9]{1,6})", re.IGNORECASE)
_DAY_RANGE = re.compile(r"([a-z]{3})\s*-\s*([a-z]{3})")


def read_campaigns(source: Source | None, problems: Problems) -> tuple[Campaign, ...]:
    """All campaigns in order; ids are unique."""
    if source is None:
        return ()
    found = [
        campaign
        for table in tables(source.name, source.root, "campaigns", problems)
        if (campaign := _campaign(Fields(source.name, table, problems, "活动"))) is not None
    ]
    seen: dict[str, str] = {}
    for campaign in found:
        if campaign.id in seen:
            file, _, line = campaign.where.rpartition(":")
            problems.error(file, int(line), f"id {campaign.id} 重复（前一个在 {seen[campaign.id]}）", "换一个 id")
        seen.setdefault(campaign.id, campaign.where)
    return tuple(found)


def read_rewards(source: Source | None, problems: Problems) -> dict[str, Json]:
    """Points of check-ins as a part of the engagement policy, below what steward.yaml says."""
    if source is None:
        return {}
    if source.table is None:
        problems.error(source.name, source.root.line, "文件最外层应该是键值", "例如 points_base: 5")
        return {}
    Fields(source.name, source.table, problems, "奖励").known(REWARD_KEYS)
    found = as_json(source.table)
    return found if isinstance(found, dict) else {}


def _campaign(fields: Fields) -> Campaign | None:
    fields.known(KEYS)
    campaign_id = fields.text("id", longest=64, required=True)
    if campaign_id is not None and not _ID.fullmatch(campaign_id):
        fields.error(fields.line("id"), f"id 含有不能用的字符：{campaign_id}", "只用文字、数字、_ . -")
    kind = fields.choice("kind", "post", KINDS)
    at = fields.text("at", longest=40, required=True)
    _check_time(fields, at)
    text = fields.text("text", longest=LONGEST_TEXT, required=kind == "post") or ""
    title = fields.text("title", longest=60, required=kind == "draw") or ""
    prizes = _prizes(fields) if kind == "draw" else ()
    campaign = Campaign(
        id=campaign_id or "",
        kind=kind,
        at=at or "",
        weekdays=_weekdays(fields),
        rooms=fields.rooms("rooms"),
        text=text,
        title=title,
        prizes=prizes,
        duration_minutes=fields.number("duration_minutes", 10, 1, 7 * 24 * 60) or 10,
        enabled=fields.flag("enabled", True),
        where=f"{fields.file}:{fields.table.line}",
    )
    return campaign if campaign_id and at else None


def _check_time(fields: Fields, at: str | None) -> None:
    if at is None:
        return
    try:
        parse_time(at)
    except ValueError:
        fields.error(fields.line("at"), f"看不懂的时间 {at}", "写成 08:30（24 小时制）或 every 30m")


def _weekdays(fields: Fields) -> tuple[int, ...]:
    words = fields.texts("weekdays", longest=20, most=7)
    if not words:
        return tuple(range(7))
    days: set[int] = set()
    for word in words:
        found = _days_of(word.lower())
        if not found:
            fields.error(fields.line("weekdays"), f"看不懂的星期 {word}", "写 mon、tue … sun，或 mon-fri")
        days.update(found)
    return tuple(sorted(days))


def _days_of(word: str) -> Iterable[int]:
    if word in DAYS:
        return (DAYS.index(word),)
    match = _DAY_RANGE.fullmatch(word)
    if match is None or match[1] not in DAYS or match[2] not in DAYS:
        return ()
    first, last = DAYS.index(match[1]), DAYS.index(match[2])
    return range(first, last + 1) if first <= last else (*range(first, 7), *range(last + 1))


def _prizes(fields: Fields) -> tuple[Prize, ...]:
    node = fields.table.get("prizes")
    if node is None or not isinstance(node, Items) or not node.nodes:
        fields.error(fields.line("prizes"), "抽奖要有奖品 prizes", "写成列表，例如 - 奶茶x3")
        return ()
    prizes = [prize for child in node.nodes if (prize := _prize(fields, child)) is not None]
    names = [prize.name for prize in prizes]
    if len(set(names)) < len(names):
        fields.error(node.line, "奖品名重复", "合并同名奖品的数量")
    if sum(prize.count for prize in prizes) > MOST_PRIZES:
        fields.error(node.line, f"奖品总数超过 {MOST_PRIZES}", "检查是不是多写了一个 0")
    return tuple(prizes)


def _prize(fields: Fields, node: Node) -> Prize | None:
    if isinstance(node, Leaf) and (match := _PRIZE.fullmatch(node.text.strip())) and int(match[2]) > 0:
        return Prize(match[1].strip(), int(match[2]))
    if isinstance(node, Table):
        inner = Fields(fields.file, node, fields.problems, "奖品")
        inner.known(("name", "count"))
        name, count = inner.text("name", longest=60, required=True), inner.number("count", 1, 1, MOST_PRIZES)
        return Prize(name, count or 1) if name else None
    fields.error(node.line, "看不懂的奖品", "写成 - 奶茶x3")
    return None
