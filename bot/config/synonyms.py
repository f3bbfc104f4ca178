"""Reads synonyms.yaml: words that mean the same in this community, each with other ways to say it."""

from collections.abc import Mapping

from bot.config.files import Source
from bot.config.nodes import Items, Leaf, Node, Table
from bot.config.problems import Problems
from handlers.text.normalise import folded

LONGEST_WORD = 20
MOST_WORDS = 2_000


def read_synonyms(source: Source | None, problems: Problems) -> Mapping[str, str]:
    """Each other way → the word that it stands for. ``运费: [邮费, 快递费]`` makes 邮费 and 快递费 mean 运费."""
    if source is None:
        return {}
    if not isinstance(source.root, Table):
        problems.error(source.name, source.root.line, "文件最外层应该是键值", "写成 运费: [邮费, 快递费]")
        return {}
    found: dict[str, str] = {}
    for key, node in source.root.pairs:
        meant = _word(source.name, key, problems)
        for leaf in node.nodes if isinstance(node, Items) else (node,):
            word = _word(source.name, leaf, problems)
            if not meant or not word:
                continue
            if found.get(folded(word), meant) != meant:
                problems.error(source.name, leaf.line, f"{word} 有两个意思：{found[folded(word)]}、{meant}", "只留一个")
            elif folded(word) == folded(meant):
                problems.warning(source.name, leaf.line, f"{word} 和它自己同义", "删掉这一个")
            else:
                found[folded(word)] = meant
    if len(found) > MOST_WORDS:
        problems.error(source.name, 1, f"同义词多于 {MOST_WORDS} 个", "删掉一些")
    return found


def _word(file: str, node: Node, problems: Problems) -> str:
    text = node.text.strip() if isinstance(node, Leaf) else ""
    if not folded(text):
        problems.error(file, node.line, "同义词是空的或不是文字", "写成 运费: [邮费, 快递费]")
        return ""
    if len(text) > LONGEST_WORD:
        problems.error(file, node.line, f"同义词太长（最多 {LONGEST_WORD} 字）", "写词，不写整句")
        return ""
    return text
