"""Reads faq/*.yaml into FAQ entries."""

import re
from collections.abc import Iterable
from datetime import date
from functools import lru_cache

from bot.config.faq_fields import (
    LONGEST_QUESTION,
    check_follow_ups,
    contradicted,
    read_answers,
    read_days,
    read_examples,
    read_files,
    read_follow_ups,
    read_thresholds,
    warn_twice,
)
from bot.config.fields import Fields, tables
from bot.config.files import Source
from bot.config.nodes import BadYaml
from bot.config.problems import Problems
from domain.book import FaqEntry
from domain.errors import Problem
from handlers.text.normalise import normalise

KEYS = (
    *("id", "question", "similar", "keywords", "answer", "files", "rooms", "from", "until"),
    *("answer_at", "suggest_at", "cooldown", "asks", "not", "follow_ups", "enabled"),
)
"""In the order in which the console's form writes them."""
MOST_ENTRIES = 20_000
REMEMBERED = 64
"""Files of which the entries are remembered: who edits one of many does not wait for the others to be read again."""
_ID = re.compile(r"[\w.-]{1,64}")


def read_faq(sources: Iterable[Source], problems: Problems, today: date) -> tuple[FaqEntry, ...]:
    """All entries of all files in order; ids are unique over them. ``today``: on the community's calendar."""
    entries: list[FaqEntry] = []
    for source in sources:
        own, found = _file(source.name, source.text, today)
        entries += own
        problems.found += found
    if len(entries) > MOST_ENTRIES:
        problems.error("faq", 1, f"问答多于 {MOST_ENTRIES} 条", "停用或合并一些")
    _unique_ids(entries, problems)
    _warn_twins(entries, problems)
    check_follow_ups(entries, problems)
    return tuple(entries)


@lru_cache(maxsize=REMEMBERED)
def _file(name: str, text: str, today: date) -> tuple[tuple[FaqEntry, ...], tuple[Problem, ...]]:
    """The entries of one file, and what is to be said about each by itself."""
    problems = Problems()
    try:
        listed = tables(name, Source(name, text).root, "entries", problems)
    except BadYaml as error:
        problems.error(name, error.line, error.message, error.remedy)
        listed = []
    read = (_entry(Fields(name, table, problems, "问答"), today) for table in listed)
    return tuple([entry for entry in read if entry is not None]), tuple(problems.found)


def _entry(fields: Fields, today: date) -> FaqEntry | None:
    fields.known(KEYS)
    entry_id = fields.text("id", longest=64, required=True)
    if entry_id is not None and not _ID.fullmatch(entry_id):
        fields.error(fields.line("id"), f"id 含有不能用的字符：{entry_id}", "只用文字、数字、_ . -")
        entry_id = None
    question = fields.text("question", longest=LONGEST_QUESTION, required=True)
    answers = read_answers(fields)
    similar = fields.texts("similar", longest=LONGEST_QUESTION, most=200)
    keywords = fields.texts("keywords", longest=60, most=20)
    rooms = fields.rooms("rooms")
    enabled = fields.flag("enabled", True)
    cooldown = fields.number("cooldown", None, 0, 86_400)
    asks, refuses = read_examples(fields, "asks"), read_examples(fields, "not")
    contradicted(fields, asks, refuses)
    since, until = read_days(fields, today)
    answer_at, suggest_at = read_thresholds(fields)
    follow_ups = read_follow_ups(fields)
    files, files_at = read_files(fields)
    if entry_id is None or question is None or not answers:
        return None
    warn_twice(fields, (question, *similar))
    return FaqEntry(
        id=entry_id,
        question=question,
        answers=answers,
        similar=similar,
        keywords=keywords,
        rooms=rooms,
        enabled=enabled,
        cooldown=cooldown,
        where=f"{fields.file}:{fields.table.line}",
        asks=asks,
        refuses=refuses,
        since=since,
        until=until,
        answer_at=answer_at,
        suggest_at=suggest_at,
        follow_ups=follow_ups,
        files=files,
        files_at=files_at,
    )


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
