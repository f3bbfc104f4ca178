"""Reads words/*.yaml into word lists; those of the folder add to the built-in ones or replace a category of them."""

import re
from collections.abc import Iterable, Sequence
from itertools import product
from math import prod

from bot.config.fields import Fields, tables
from bot.config.files import Source
from bot.config.nodes import Table
from bot.config.problems import Problems
from domain.book import WordList
from handlers.moderation.lexicon import Lexicon
from handlers.text.normalise import folded

KEYS = (
    "category",
    "rule",
    "severity",
    "to_somebody",
    "title",
    "whole_token",
    "exact",
    "replace",
    "terms",
    "frames",
    "allow",
)
SEVERITIES = ("none", "review", "warn", "remove")
RULES = ("abuse", "advert")
LONGEST_TERM = 40
LONGEST_TEMPLATE = 4_000
MOST_TERMS = 50_000
_CHOICE = re.compile(r"\(([^()]*)\)")
EVERYDAY = (
    "生日快乐",
    "路口交通",
    "他妈妈来接他",
    "女装",
    "测试",
    "管理",
    "今晚打老虎",
    "谢谢老板",
    "辛苦了",
    "什么时候发货",
    "收到了",
    "下雨了记得带伞",
    "早上好",
    "晚安",
    "明天见",
    "多少钱",
    "怎么退款",
    "没问题",
    "好的",
    "周末去哪儿玩",
    "孩子上学",
    "妈妈做饭",
    "垃圾分类",
    "微信群",
    "电话多少",
    "机械性能",
)
"""Phrases that nobody wants punished: a term found in one of them is pointed out."""


def read_words(builtin: Iterable[Source], own: Iterable[Source], problems: Problems) -> tuple[WordList, ...]:
    """All lists in force: the built-in ones less the categories that a ``replace: true`` list takes over."""
    shipped = [words for source in builtin for words, _ in _lists(source, problems)]
    added: list[WordList] = []
    replaced: set[str] = set()
    for source in own:
        for words, replace in _lists(source, problems):
            added.append(words)
            if replace:
                replaced.add(words.category)
    _warn_repeats(added, problems)
    kept = [words for words in shipped if words.category not in replaced]
    if added:
        _warn_allow(added, kept, problems)
    return (*kept, *added)


def _lists(source: Source, problems: Problems) -> Iterable[tuple[WordList, bool]]:
    for table in tables(source.name, source.root, "lists", problems):
        words = _list(Fields(source.name, table, problems, "词表"))
        if words is not None:
            yield words


def _list(fields: Fields) -> tuple[WordList, bool] | None:
    fields.known(KEYS)
    category = fields.text("category", longest=40, required=True)
    rule = fields.choice("rule", "abuse", RULES)
    severity = fields.choice("severity", "warn", SEVERITIES)
    directed = fields.choice("to_somebody", "", SEVERITIES)
    title = fields.text("title", longest=40) or ""
    templates = fields.texts("terms", longest=LONGEST_TEMPLATE, most=MOST_TERMS)
    allowed = fields.texts("allow", longest=LONGEST_TEMPLATE, most=MOST_TERMS)
    whole = fields.flag("whole_token", False)
    exact, replace = fields.flag("exact", False), fields.flag("replace", False)
    if category is None or not (_within_bounds(fields, templates) and _within_bounds(fields, allowed)):
        return None
    _check_terms(fields, templates, exact)
    where = f"{fields.file}:{fields.table.line}"
    terms, allow = _all(templates), _all(allowed)
    frames = fields.texts("frames", longest=LONGEST_TEMPLATE, most=MOST_TERMS)
    return WordList(category, severity, terms, allow, rule, title, whole, directed, where, exact, frames), replace


def spelled_out(template: str) -> Iterable[str]:
    """All phrases that a template stands for: ``(滚|爬)(远|开|)点`` is six."""
    return map("".join, product(*_choices(template)))


def _choices(template: str) -> list[list[str]]:
    return [part.split("|") if index % 2 else [part] for index, part in enumerate(_CHOICE.split(template))]


def _all(templates: Sequence[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(phrase for template in templates for phrase in spelled_out(template)))


def _within_bounds(fields: Fields, templates: Sequence[str]) -> bool:
    """Whether what the templates stand for is not too much and nowhere too long; says so otherwise."""
    total = 0
    for template in templates:
        choices = _choices(template)
        total += prod(map(len, choices))
        if sum(max(map(len, choice)) for choice in choices) > LONGEST_TERM:
            line = _term_line(fields.table, template)
            fields.error(line, f"词“{template}”展开后超过 {LONGEST_TERM} 字", "写短一点")
            return False
    if total > MOST_TERMS:
        fields.error(fields.table.line, f"展开后有 {total} 个词，最多 {MOST_TERMS} 个", "拆成几个词表，或减少可选项")
    return total <= MOST_TERMS


def _check_terms(fields: Fields, templates: Sequence[str], exact: bool) -> None:
    seen: set[str] = set()
    for template in templates:
        line = _term_line(fields.table, template)
        for term in spelled_out(template):
            form = folded(term)
            if not form:
                fields.error(line, f"词“{term}”只有符号，永远不会命中", "删掉这一项")
            elif len(form) == 1 and not exact:
                fields.error(line, f"单字“{term}”会误伤很多话", "换成更长的词；确实要用就写 exact: true")
            elif form in seen and term == template:
                fields.warn(line, f"词“{term}”重复", "删掉多余的")
            elif not fields.file.startswith("builtin/"):
                _warn_everyday(fields, term, form, line)
            seen.add(form)


def _warn_everyday(fields: Fields, term: str, form: str, line: int) -> None:
    hit = next((phrase for phrase in EVERYDAY if form in folded(phrase)), None)
    if hit is not None:
        fields.warn(line, f"词“{term}”出现在常用的话里：{hit}", "换成更长的词，或把这句话写进 allow")


def _term_line(table: Table, term: str) -> int:
    node = table.get("terms")
    for child in getattr(node, "nodes", ()):
        if getattr(child, "text", "").strip() == term:
            return int(child.line)
    return node.line if node is not None else table.line


def _warn_repeats(lists: Sequence[WordList], problems: Problems) -> None:
    seen: dict[str, str] = {}
    for words in lists:
        file, _, line = words.where.rpartition(":")
        other = seen.setdefault(words.category, words.where)
        if other != words.where:
            problems.warning(file, int(line), f"类别 {words.category} 写了两次（{other}）", "合并成一个词表")


def _warn_allow(added: Sequence[WordList], kept: Sequence[WordList], problems: Problems) -> None:
    lexicon = Lexicon.compile(tuple(WordList(w.category, w.severity, w.terms) for w in (*kept, *added)))
    for words in added:
        file, _, line = words.where.rpartition(":")
        for phrase in words.allow:
            if not lexicon.would_hit(phrase):
                problems.warning(file, int(line), f"allow 里的“{phrase}”没有任何词会命中", "可以删掉")
