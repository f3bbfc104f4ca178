"""Reads faq/*.yaml into FAQ entries."""

import re
from collections.abc import Iterable

from bot.config.fields import Fields, tables
from bot.config.files import Source
from bot.config.nodes import Items, Leaf
from bot.config.problems import Problems
from domain.book import FaqEntry
from handlers.text.normalise import normalise

KEYS = ("id", "question", "similar", "answer", "keywords", "rooms", "enabled", "cooldown")
LONGEST_QUESTION = 200
LONGEST_ANSWER = 2000
"""Characters; WeChat itself cuts at about this."""
ROOMY_ANSWER = 600
"""From here on an answer is a wall of text in a group."""
MOST_ENTRIES = 20_000
_ID = re.compile(r"[\w.-]{1,64}")


def read_faq(sources: Iterable[Source], problems: Problems) -> tuple[FaqEntry, ...]:
    """All entries of all files in order; ids are unique over them."""
    entries: list[FaqEntry] = []
    for source in sources:
        for table in tables(source.name, source.root, "entries", problems):
            entry = _entry(Fields(source.name, table, problems, "问答"))
            if entry is not None:
                entries.append(entry)
    if len(entries) > MOST_ENTRIES:
        problems.error("faq", 1, f"问答多于 {MOST_ENTRIES} 条", "停用或合并一些")
    _unique_ids(entries, problems)
    _warn_twins(entries, problems)
    return tuple(entries)


def _entry(fields: Fields) -> FaqEntry | None:
    fields.known(KEYS)
    entry_id = fields.text("id", longest=64, required=True)
    if entry_id is not None and not _ID.fullmatch(entry_id):
        fields.error(fields.line("id"), f"id 含有不能用的字符：{entry_id}", "只用文字、数字、_ . -")
        entry_id = None
    question = fields.text("question", longest=LONGEST_QUESTION, required=True)
    answers = _answers(fields)
    similar = fields.texts("similar", longest=LONGEST_QUESTION, most=200)
    keywords = fields.texts("keywords", longest=60, most=20)
    rooms = fields.rooms("rooms")
    enabled = fields.flag("enabled", True)
    cooldown = fields.number("cooldown", None, 0, 86_400)
    if entry_id is None or question is None or not answers:
        return None
    where = f"{fields.file}:{fields.table.line}"
    return FaqEntry(entry_id, question, answers, similar, keywords, rooms, enabled, cooldown, where)


def _answers(fields: Fields) -> tuple[str, ...]:
    node = fields.table.get("answer")
    if node is None:
        fields.error(fields.table.line, "问答缺少 answer", "补上 answer: …")
        return ()
    if (isinstance(node, Leaf) and node.empty) or (isinstance(node, Items) and not node.nodes):
        fields.error(fields.line("answer"), "answer 是空的", "写上答案；暂时不用就写 enabled: false")
        return ()
    answers = fields.texts("answer", longest=LONGEST_ANSWER, most=10)
    if any(len(answer) > ROOMY_ANSWER for answer in answers):
        fields.warn(fields.line("answer"), f"答案超过 {ROOMY_ANSWER} 字，群里不好读", "写短些，或给一个链接")
    return answers


def _unique_ids(entries: Iterable[FaqEntry], problems: Problems) -> None:
    seen: dict[str, str] = {}
    for entry in entries:
        if entry.id in seen:
            file, _, line = entry.where.rpartition(":")
            problems.error(file, int(line), f"id {entry.id} 重复（前一个在 {seen[entry.id]}）", "换一个 id，或合并两条")
        seen.setdefault(entry.id, entry.where)


def _warn_twins(entries: Iterable[FaqEntry], problems: Problems) -> None:
    """Two enabled entries with one and the same phrasing: only the first would ever answer it."""
    seen: dict[str, FaqEntry] = {}
    for entry in entries:
        for phrase in (entry.question, *entry.similar):
            key = normalise(phrase)
            other = seen.setdefault(key, entry)
            if other is not entry and other.enabled and entry.enabled and _share_room(other, entry):
                file, _, line = entry.where.rpartition(":")
                message = f"“{phrase}”在 {entry.id} 和 {other.id}（{other.where}）里都有"
                problems.warning(file, int(line), message, "只在一条里保留这种问法")


def _share_room(one: FaqEntry, other: FaqEntry) -> bool:
    return not one.rooms or not other.rooms or bool(set(one.rooms) & set(other.rooms))
