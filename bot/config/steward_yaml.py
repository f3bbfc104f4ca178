"""Reads steward.yaml: the bot's name, staff rooms, and policies (built-in default < deployment < room)."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import TypeAdapter, ValidationError

from bot.config.fields import ROOM_KEY, ROOM_KEY_REMEDY, Fields
from bot.config.files import Source
from bot.config.nodes import Leaf, Table, as_json, line_at
from bot.config.problems import Problems
from bot.config.sense import nonsense
from domain.book import LOCAL_URL
from domain.decision import Json
from domain.policy import Policy

KEYS = ("bot_name", "public_url", "time_zone", "staff_rooms", "policy", "rooms")
ROOM_KEYS = ("topic", "policy")
NO_ROOM_SETTING = ("time_zone", "retention")
"""Parts of a policy that hold for the whole community."""

_POLICY = TypeAdapter(Policy)
_ADVICE = {
    "extra_forbidden": ("不认识的设置", "删掉，或检查拼写"),
    "unexpected_keyword_argument": ("不认识的设置", "删掉，或检查拼写"),
    "missing": ("缺少设置", "补上"),
    "int_type": ("应该是整数", "例如 10，不加引号"),
    "float_type": ("应该是数字", "例如 0.9，不加引号"),
    "bool_type": ("应该是 true 或 false", "不加引号"),
    "string_type": ("应该是文字", "给它加上引号"),
    "tuple_type": ("应该是列表", "每行以“- ”开头，或写成 [a, b]"),
    "dict_type": ("应该是键值", "检查缩进"),
    "dataclass_type": ("应该是键值", "检查缩进"),
    "literal_error": ("不能是这个值", "看说明里可用的值"),
}


@dataclass(frozen=True, slots=True)
class Deployment:
    """What steward.yaml says."""

    bot_name: str = "小管家"
    public_url: str = LOCAL_URL
    staff_rooms: tuple[str, ...] = ()
    policy: Policy = Policy()
    rooms: Mapping[str, Policy] = field(default_factory=dict)
    topics: Mapping[str, str] = field(default_factory=dict)


def read_steward(source: Source | None, rewards: Mapping[str, Json], problems: Problems) -> Deployment:
    """The deployment; ``rewards`` are engagement settings that steward.yaml may override."""
    if source is not None and source.table is None:
        problems.error(source.name, source.root.line, "文件最外层应该是键值", "什么都不设就写 {}")
        return Deployment()
    name = source.name if source is not None else "rewards.yaml"
    fields = Fields(name, source.table if source is not None and source.table else Table(1), problems, "配置")
    fields.known(KEYS)
    base: dict[str, Json] = {"engagement": dict(rewards)} if rewards else {}
    zone = _time_zone(fields)
    if zone is not None:
        base["time_zone"] = zone
    own = _table(fields, "policy")
    raw = _merged(base, as_json(own) if own is not None else {})
    policy = _policy(raw, fields, own or fields.table, "policy")
    deployment = Deployment(policy=policy)
    rooms, topics = _rooms(fields, raw)
    return replace(
        deployment,
        bot_name=fields.text("bot_name", longest=20) or deployment.bot_name,
        public_url=_url(fields) or deployment.public_url,
        staff_rooms=fields.rooms("staff_rooms"),
        rooms=rooms,
        topics=topics,
    )


def _url(fields: Fields) -> str | None:
    url = fields.text("public_url", longest=200)
    if url is not None and not url.startswith(("http://", "https://")):
        fields.error(
            fields.line("public_url"), "public_url 应该以 http:// 或 https:// 开头", "例如 https://bot.example.com"
        )
        return None
    return url.rstrip("/") if url else None


def _time_zone(fields: Fields) -> str | None:
    zone = fields.text("time_zone", longest=60)
    if zone is not None:
        try:
            ZoneInfo(zone)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            fields.error(fields.line("time_zone"), f"没有时区 {zone}", "例如 Asia/Shanghai")
            return None
    return zone


def _table(fields: Fields, key: str) -> Table | None:
    node = fields.table.get(key)
    if node is None or isinstance(node, Table):
        return node
    if not (isinstance(node, Leaf) and node.empty):
        fields.error(node.line, f"{key} 应该是键值", "检查缩进")
    return None


def _rooms(fields: Fields, base: dict[str, Json]) -> tuple[dict[str, Policy], dict[str, str]]:
    rooms: dict[str, Policy] = {}
    topics: dict[str, str] = {}
    table = _table(fields, "rooms")
    for key, node in table.pairs if table is not None else ():
        if not ROOM_KEY.fullmatch(key.text):
            fields.error(key.line, f"群的写法不对：{key.text[:80]}", ROOM_KEY_REMEDY)
            continue
        if not isinstance(node, Table):
            fields.error(node.line, f"群 {key.text} 下面应该是键值", "例如 topic: 演示群")
            continue
        room = Fields(fields.file, node, fields.problems, f"群 {key.text} ")
        room.known(ROOM_KEYS)
        topic = room.text("topic", longest=60)
        if topic:
            topics[key.text] = topic
        own = _table(room, "policy")
        for part in NO_ROOM_SETTING:
            if own is not None and own.get(part) is not None:
                room.error(own.line, f"{part} 不能按群设置", "移到最外层的 policy")
        raw = _merged(base, as_json(own) if own is not None else {})
        rooms[key.text] = _policy(raw, room, own or node, "policy")
    return rooms, topics


def _merged(base: Mapping[str, Json], over: Json) -> dict[str, Json]:
    """Tables merge key by key; anything else is replaced."""
    if not isinstance(over, dict):
        return dict(base)
    result = dict(base)
    for key, value in over.items():
        old = result.get(key)
        # A table of weekdays or streaks is one value: half of the default's would be a surprise.
        whole = key in ("open", "streak_bonus")
        if isinstance(old, dict) and isinstance(value, dict) and not whole:
            result[key] = _merged(old, value)
        elif value is not None:
            result[key] = value
    return result


def _policy(raw: Mapping[str, Json], fields: Fields, table: Table, what: str) -> Policy:
    try:
        policy = _POLICY.validate_json(json.dumps(raw), strict=True)
    except ValidationError as error:
        for detail in error.errors(include_url=False, include_context=False, include_input=False):
            path = tuple(step for step in detail["loc"] if step != "[key]")
            message, remedy = _ADVICE.get(detail["type"], (f"不对（{detail['msg']}）", "改成说明里的写法"))
            named = ".".join(str(step) for step in (what, *path))
            fields.error(line_at(table, path), f"{named} {message}", remedy)
        return Policy()
    for path, message, remedy in nonsense(policy):
        fields.error(line_at(table, path), f"{'.'.join((what, *path))} {message}", remedy)
    return policy
