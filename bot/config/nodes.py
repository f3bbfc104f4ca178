"""YAML as a tree in which every value knows its line; refuses tags, bombs and depth before anything is built.

Scalars are read by YAML 1.2's core rules, so ``at: 23:00`` stays a time and ``no`` stays a word.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

import yaml

from domain.decision import Json

MOST_ALIASES = 100
MOST_EXPANDED = 20_000
"""Values that all aliases together may stand for."""
DEEPEST = 20

_INT = re.compile(r"[-+]?[0-9]{1,18}")
_FLOAT = re.compile(r"[-+]?(?:[0-9]{1,18}\.[0-9]{0,18}|\.[0-9]{1,18})(?:[eE][-+]?[0-9]{1,3})?")
_WORDS: dict[str, Json] = {
    "": None,
    "~": None,
    **dict.fromkeys(("null", "Null", "NULL"), None),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}


@dataclass(frozen=True, slots=True)
class Leaf:
    """A scalar as written. ``plain``: without quotes, so it may be a number or a truth value."""

    line: int
    text: str
    plain: bool = True

    @property
    def value(self) -> Json:
        """What the scalar means."""
        if not self.plain:
            return self.text
        if self.text in _WORDS:
            return _WORDS[self.text]
        if _INT.fullmatch(self.text):
            return int(self.text)
        return float(self.text) if _FLOAT.fullmatch(self.text) else self.text

    @property
    def empty(self) -> bool:
        """Whether nothing was written (or ``null``)."""
        return self.value is None


@dataclass(frozen=True, slots=True)
class Items:
    """A sequence."""

    line: int
    nodes: tuple["Node", ...] = ()


@dataclass(frozen=True, slots=True)
class Table:
    """A mapping; its keys are scalars, each there once."""

    line: int
    pairs: tuple[tuple[Leaf, "Node"], ...] = ()

    def get(self, key: str) -> "Node | None":
        """The value under a key."""
        return next((node for leaf, node in self.pairs if leaf.text == key), None)


Node = Leaf | Items | Table


class BadYaml(Exception):
    """The text is not YAML that we accept: line, what is wrong, and what to do."""

    def __init__(self, line: int, message: str, remedy: str) -> None:
        self.line, self.message, self.remedy = line, message, remedy
        super().__init__(message)


def parse(text: str) -> Node:
    """The tree of a YAML text; an empty text is an empty table. Raises `BadYaml`."""
    try:
        return _Composer().compose(yaml.parse(text, Loader=yaml.CSafeLoader))
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
        line = mark.line + 1 if mark is not None else _bad_character_line(text, error)
        raise BadYaml(line, f"YAML 写法有误（{_reason(error)}）", "检查缩进、冒号后的空格和成对的引号") from None


def as_json(node: Node) -> Json:
    """The plain values of a tree."""
    if isinstance(node, Leaf):
        return node.value
    if isinstance(node, Items):
        return [as_json(child) for child in node.nodes]
    return {key.text: as_json(child) for key, child in node.pairs}


def line_at(node: Node, path: Iterator[str | int] | tuple[str | int, ...]) -> int:
    """The line of the value under ``path``, or of the deepest part of it that exists."""
    line = node.line
    for step in path:
        child: Node | None = None
        if isinstance(node, Table):
            # The key's line: a value that is missing or begins further down is looked for there.
            key = next((leaf for leaf, _ in node.pairs if leaf.text == str(step)), None)
            child = node.get(str(step))
            line = key.line if key is not None else line
        elif isinstance(node, Items) and isinstance(step, int) and step < len(node.nodes):
            child = node.nodes[step]
            line = child.line
        if child is None:
            return line
        node = child
    return line


class _Open:
    """A collection whose end has not come yet."""

    __slots__ = ("anchor", "line", "nodes", "table")

    def __init__(self, line: int, table: bool, anchor: str | None) -> None:
        self.line, self.table, self.anchor = line, table, anchor
        self.nodes: list[Node] = []


class _Composer:
    """Builds the tree from parser events without recursion."""

    def __init__(self) -> None:
        self.stack: list[_Open] = []
        self.anchors: dict[str, Node] = {}
        self.sizes: dict[int, int] = {}
        self.aliases = 0
        self.expanded = 0
        self.documents = 0
        self.root: Node | None = None

    def compose(self, events: Iterator[yaml.Event]) -> Node:
        for event in events:
            self._take(event)
        if self.root is None or (isinstance(self.root, Leaf) and self.root.empty):
            return Table(1)
        return self.root

    def _take(self, event: yaml.Event) -> None:
        line = event.start_mark.line + 1 if event.start_mark is not None else 1
        match event:
            case yaml.DocumentStartEvent():
                self.documents += 1
                if self.documents > 1:
                    raise BadYaml(line, "一个文件里有多份 YAML（---）", "只保留一份，其余放到别的文件")
            case yaml.ScalarEvent():
                _refuse_tag(event.tag, line)
                plain = event.style is None or event.style == ""
                self._add(Leaf(line, event.value, plain), event.anchor, 1)
            case yaml.SequenceStartEvent() | yaml.MappingStartEvent():
                _refuse_tag(event.tag, line)
                if len(self.stack) >= DEEPEST:
                    raise BadYaml(line, f"层次超过 {DEEPEST} 层", "减少嵌套")
                self.stack.append(_Open(line, isinstance(event, yaml.MappingStartEvent), event.anchor))
            case yaml.SequenceEndEvent() | yaml.MappingEndEvent():
                self._close(self.stack.pop())
            case yaml.AliasEvent():
                self._alias(event.anchor, line)

    def _close(self, opened: _Open) -> None:
        size = 1 + sum(self.sizes.get(id(node), 1) for node in opened.nodes)
        node: Node = _table(opened) if opened.table else Items(opened.line, tuple(opened.nodes))
        self._add(node, opened.anchor, size)

    def _alias(self, anchor: str | None, line: int) -> None:
        if anchor is None or anchor not in self.anchors:
            raise BadYaml(line, f"别名 *{anchor} 没有对应的锚点", f"在前面写 &{anchor}，或者去掉 *")
        node = self.anchors[anchor]
        size = self.sizes.get(id(node), 1)
        self.aliases += 1
        self.expanded += size
        if self.aliases > MOST_ALIASES or self.expanded > MOST_EXPANDED:
            raise BadYaml(line, "别名（*）展开后过大，可能是“别名炸弹”", "去掉多余的锚点和别名，直接写出内容")
        self._add(node, None, size)

    def _add(self, node: Node, anchor: str | None, size: int) -> None:
        if size > 1:
            self.sizes[id(node)] = size
        if anchor is not None:
            self.anchors[anchor] = node
        if self.stack:
            self.stack[-1].nodes.append(node)
        else:
            self.root = node


def _table(opened: _Open) -> Table:
    keys, values = opened.nodes[::2], opened.nodes[1::2]
    seen: dict[str, int] = {}
    pairs: list[tuple[Leaf, Node]] = []
    for key, value in zip(keys, values, strict=True):
        if not isinstance(key, Leaf):
            raise BadYaml(key.line, "键必须是简单的文字", "检查缩进，或给含 { } [ ] 的文字加引号")
        if key.text in seen:
            raise BadYaml(key.line, f"键 {key.text} 重复（前一个在第 {seen[key.text]} 行）", "删掉或合并其中一个")
        seen[key.text] = key.line
        pairs.append((key, value))
    return Table(opened.line, tuple(pairs))


def _refuse_tag(tag: str | None, line: int) -> None:
    if tag is not None:
        shown = tag.replace("tag:yaml.org,2002:", "!!")
        raise BadYaml(line, f"不允许使用标签 {shown[:60]}", "去掉以 ! 开头的标签，只写普通的值")


def _reason(error: yaml.YAMLError) -> str:
    problem = getattr(error, "problem", None) or getattr(error, "reason", None) or type(error).__name__
    return str(problem).splitlines()[0][:120]


def _bad_character_line(text: str, error: yaml.YAMLError) -> int:
    at = getattr(error, "position", None)
    return text.count("\n", 0, at) + 1 if isinstance(at, int) else 1
