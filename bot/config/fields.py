"""Takes typed values out of a YAML table and words what is wrong with them, with the line."""

import re
from collections.abc import Collection
from datetime import date

from bot.config.nodes import Items, Leaf, Node, Table
from bot.config.problems import Problems, did_you_mean

ROOM_KEY = re.compile(r"[a-z][a-z0-9_]{0,31}:\S{1,128}")
ROOM_KEY_REMEDY = "写成 渠道:群编号，例如 web:demo"


class Fields:
    """One table of one file. Every getter returns None (or its default) after reporting a problem."""

    def __init__(self, file: str, table: Table, problems: Problems, what: str) -> None:
        self.file, self.table, self.problems, self.what = file, table, problems, what

    def known(self, keys: Collection[str]) -> None:
        """Report every key that is not one of ``keys``."""
        for key, _ in self.table.pairs:
            if key.text not in keys:
                self.error(key.line, f"{self.what}里不认识的键 {key.text[:60]}", did_you_mean(key.text, keys))

    def error(self, line: int, message: str, remedy: str) -> None:
        """Report an error of this file."""
        self.problems.error(self.file, line, message, remedy)

    def warn(self, line: int, message: str, remedy: str) -> None:
        """Report a warning of this file."""
        self.problems.warning(self.file, line, message, remedy)

    def line(self, key: str) -> int:
        """The line of a key, or of the table without it."""
        return next((leaf.line for leaf, _ in self.table.pairs if leaf.text == key), self.table.line)

    def text(self, key: str, *, longest: int, required: bool = False) -> str | None:
        """A text as written (also when it looks like a number); never empty when required."""
        node = self.table.get(key)
        if node is None:
            if required:
                self.error(self.table.line, f"{self.what}缺少 {key}", f"补上 {key}: …")
            return None
        return self.leaf_text(node, key, longest=longest, required=required)

    def leaf_text(self, node: Node, key: str, *, longest: int, required: bool = True) -> str | None:
        """The text of one node."""
        if not isinstance(node, Leaf):
            self.error(node.line, f"{key} 应该是一段文字", "检查缩进；含 : 或 # 的文字加引号")
            return None
        text = node.text.strip() if not (node.plain and node.empty) else ""
        if not text:
            if required:
                self.error(node.line, f"{key} 是空的", "写上内容，或删掉这一项")
            return None
        if len(text) > longest:
            self.error(node.line, f"{key} 太长（{len(text)} 字，最多 {longest} 字）", "缩短，或拆成几条")
            return None
        return text

    def texts(self, key: str, *, longest: int, most: int) -> tuple[str, ...]:
        """A list of texts; a single text counts as a list of one."""
        node = self.table.get(key)
        if node is None or (isinstance(node, Leaf) and node.empty):
            return ()
        if isinstance(node, Table):
            self.error(node.line, f"{key} 应该是列表", "每行以“- ”开头")
            return ()
        nodes = node.nodes if isinstance(node, Items) else (node,)
        if len(nodes) > most:
            self.error(node.line, f"{key} 有 {len(nodes)} 项，最多 {most} 项", "删减或拆分")
            return ()
        found = (self.leaf_text(child, key, longest=longest) for child in nodes)
        return tuple(text for text in found if text is not None)

    def flag(self, key: str, default: bool) -> bool:
        """true or false."""
        node = self.table.get(key)
        if node is None:
            return default
        if isinstance(node, Leaf) and isinstance(node.value, bool):
            return node.value
        self.error(node.line, f"{key} 应该是 true 或 false", "不加引号，写 true 或 false")
        return default

    def number(self, key: str, default: int | None, low: int, high: int) -> int | None:
        """A whole number within bounds."""
        node = self.table.get(key)
        if node is None:
            return default
        value = node.value if isinstance(node, Leaf) else None
        if isinstance(value, int) and not isinstance(value, bool) and low <= value <= high:
            return value
        self.error(
            node.line, f"{key} 应该是 {low} 到 {high} 的整数", f"例如 {key}: {low if default is None else default}"
        )
        return default

    def share(self, key: str) -> float | None:
        """A probability above 0, at most 1."""
        node = self.table.get(key)
        if node is None:
            return None
        value = node.value if isinstance(node, Leaf) else None
        if isinstance(value, int | float) and not isinstance(value, bool) and 0 < value <= 1:
            return float(value)
        self.error(node.line, f"{key} 应该大于 0、不超过 1", f"例如 {key}: 0.9，不加引号")
        return None

    def day(self, key: str) -> date | None:
        """A day of the calendar."""
        text = self.text(key, longest=20)
        if text is None:
            return None
        try:
            return date.fromisoformat(text)
        except ValueError:
            self.error(self.line(key), f"{key} 不是日期：{text}", "写成 2026-10-01")
            return None

    def choice(self, key: str, default: str, options: Collection[str]) -> str:
        """One of a few words."""
        text = self.text(key, longest=40)
        if text is None or text in options:
            return text or default
        self.error(self.line(key), f"{key} 不能是 {text}", did_you_mean(text, options))
        return default

    def rooms(self, key: str) -> tuple[str, ...]:
        """A list of room keys."""
        rooms = self.texts(key, longest=200, most=500)
        for room in rooms:
            if not ROOM_KEY.fullmatch(room):
                self.error(self.line(key), f"群的写法不对：{room}", ROOM_KEY_REMEDY)
        return rooms


def tables(file: str, root: Node, key: str, problems: Problems, also: Collection[str] = ()) -> list[Table]:
    """The tables of the list under the file's one top key; anything else is reported."""
    if not isinstance(root, Table):
        problems.error(file, root.line, "文件最外层应该是键值", f"第一行写 {key}:")
        return []
    Fields(file, root, problems, "文件").known({key, *also})
    node = root.get(key)
    if node is None or (isinstance(node, Leaf) and node.empty):
        return []
    if not isinstance(node, Items):
        problems.error(file, node.line, f"{key} 应该是列表", "每一条以“- ”开头")
        return []
    for child in node.nodes:
        if not isinstance(child, Table):
            problems.error(file, child.line, f"{key} 里的每一条应该是键值", "写成“- id: …”并对齐缩进")
    return [child for child in node.nodes if isinstance(child, Table)]
