"""Reads texts.yaml: the built-in texts with the operator's variants in their place, variables checked."""

import re
from collections.abc import Iterator

from bot.config.files import Source
from bot.config.nodes import Items, Leaf, Node, Table
from bot.config.problems import Problems, did_you_mean
from domain.book import Texts
from handlers.texts import EVERYWHERE, VARIABLES

LONGEST_TEXT = 1000
MOST_VARIANTS = 20
_VARIABLE = re.compile(r"\{([^{}]*)\}")
_NAME = re.compile(r"[a-z_][a-z0-9_]*")


def read_texts(builtin: Source | None, own: Source | None, problems: Problems) -> Texts:
    """Key → variants. Which variables a text may use is stated in `handlers.texts`."""
    shipped = {key: variants for key, _, variants in _entries(builtin, problems)} if builtin else {}
    variants = dict(shipped)
    for key, line, found in _entries(own, problems) if own else ():
        assert own is not None
        if key not in shipped:
            problems.error(own.name, line, f"不认识的文字 {key}", did_you_mean(key, shipped))
            continue
        _check_variables(own.name, line, key, found, VARIABLES.get(key, frozenset()) | EVERYWHERE, problems)
        variants[key] = found
    return Texts(variants)


def variables(variants: tuple[str, ...]) -> frozenset[str]:
    """The names between braces in any of the variants."""
    return frozenset(name for text in variants for name in _VARIABLE.findall(text))


def _entries(source: Source, problems: Problems) -> Iterator[tuple[str, int, tuple[str, ...]]]:
    if not isinstance(source.root, Table):
        problems.error(source.name, source.root.line, "文件最外层应该是键值", "写成 键: 文字")
        return
    for key, line, node in _flatten(source.root, ""):
        found = _variants(source.name, key, node, problems)
        if found:
            yield key, line, found


def _flatten(table: Table, prefix: str) -> Iterator[tuple[str, int, Node]]:
    """Nested tables and dotted keys mean the same: ``faq: {hint: …}`` is ``faq.hint``."""
    for key, node in table.pairs:
        name = f"{prefix}{key.text}"
        if isinstance(node, Table):
            yield from _flatten(node, f"{name}.")
        else:
            yield name, key.line, node


def _variants(file: str, key: str, node: Node, problems: Problems) -> tuple[str, ...]:
    nodes = node.nodes if isinstance(node, Items) else (node,)
    found: list[str] = []
    if not 1 <= len(nodes) <= MOST_VARIANTS:
        problems.error(file, node.line, f"{key} 要有 1 到 {MOST_VARIANTS} 种说法", "写一句话，或一个列表")
    for leaf in nodes:
        text = leaf.text.strip() if isinstance(leaf, Leaf) and not (leaf.plain and leaf.empty) else ""
        if not text:
            problems.error(file, leaf.line, f"{key} 是空的或不是文字", "写上要说的话")
        elif len(text) > LONGEST_TEXT:
            problems.error(file, leaf.line, f"{key} 太长（最多 {LONGEST_TEXT} 字）", "写短些")
        elif not _braces_match(text):
            problems.error(file, leaf.line, f"{key} 里的花括号不成对", "变量写成 {名字}，不用别的花括号")
        else:
            found.append(text)
    return tuple(found)


def _braces_match(text: str) -> bool:
    rest = _VARIABLE.sub("", text)
    names = _VARIABLE.findall(text)
    return "{" not in rest and "}" not in rest and all(_NAME.fullmatch(name) for name in names)


def _check_variables(
    file: str, line: int, key: str, found: tuple[str, ...], known: frozenset[str], problems: Problems
) -> None:
    for name in sorted(variables(found) - known):
        problems.error(file, line, f"{key} 里不认识的变量 {{{name}}}", did_you_mean(name, known))
