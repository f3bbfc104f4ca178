"""Drafts for operators: groups of questions as YAML, written to be read, completed and copied by a person."""

import json
from collections.abc import Iterable, Iterator
from datetime import datetime

from domain.book import Book
from handlers.faq.learning import Cluster

MOST_PHRASES = 8
HEAD = """\
# 由 steward faq learn 在 {at} 生成：{count} 组没人答上的问题，和同事在工单里答过的问题。
# 这里没有一条会自己生效。逐条看过，改好，再抄进 faq/ 里的文件；抄完跑 steward check 和 steward faq test。
"""
ALIASES = """
# ---- 像是已有问答的另一种问法：认可的抄进那一条的 similar ----
aliases:
"""
ENTRIES = """
# ---- 新问答的草稿：补好 answer，换个好记的 id，去掉 enabled: false ----
entries:
"""


def drafts(clusters: Iterable[Cluster], book: Book, at: datetime, least: int = 1) -> str:
    """The YAML text of all groups that were asked ``least`` times or that an agent answered."""
    wanted = [one for one in clusters if one.count >= least or one.answers]
    aliases = [one for one in wanted if one.nearest is not None]
    fresh = [one for one in wanted if one.nearest is None]
    taken = {entry.id for entry in book.faq}
    parts = [HEAD.format(at=f"{at:%Y-%m-%d %H:%M}", count=len(wanted))]
    if aliases:
        parts += [ALIASES, *("\n".join(_alias(one)) + "\n" for one in aliases)]
    if fresh:
        ids = _ids(taken)
        parts += [ENTRIES, *("\n".join(_entry(one, next(ids))) + "\n" for one in fresh)]
    return "".join(parts)


def _alias(cluster: Cluster) -> Iterator[str]:
    assert cluster.nearest is not None
    entry = cluster.nearest.entry
    yield f"  - entry: {entry.id}  # {entry.where} {_one_line(entry.question)}（像的程度 {cluster.nearest.score:.2f}）"
    yield f"    asked: {cluster.count}  # {_where(cluster)}"
    yield "    similar:"
    for text, count in cluster.texts.most_common(MOST_PHRASES):
        yield f"      - {_quoted(text)}" + (f"  # {count} 次" if count > 1 else "")
    for case, answer in cluster.answers:
        yield f"    # 同事在工单 #{case} 里答的：{_one_line(answer)}"


def _entry(cluster: Cluster, entry_id: str) -> Iterator[str]:
    yield f"  - id: {entry_id}  # 问了 {cluster.count} 次：{_where(cluster)}"
    phrases = [text for text, _ in cluster.texts.most_common(MOST_PHRASES)]
    yield f"    question: {_quoted(phrases[0])}"
    if phrases[1:]:
        yield "    similar:"
        yield from (f"      - {_quoted(text)}" for text in phrases[1:])
    answers = list(dict.fromkeys(answer for _, answer in cluster.answers))
    numbers = "、".join(f"#{case}" for case, _ in cluster.answers)
    source = f"  # 同事在工单 {numbers} 里答的" if answers else ""
    yield f"    answer: {_quoted(answers[0] if answers else '')}{source}"
    yield from (f"    # 另一种答法：{_one_line(answer)}" for answer in answers[1:])
    yield "    enabled: false"


def _ids(taken: set[str]) -> Iterator[str]:
    number = 0
    while True:
        number += 1
        if f"draft-{number}" not in taken:
            yield f"draft-{number}"


def _where(cluster: Cluster) -> str:
    return "、".join(f"{_one_line(room)} {count} 次" for room, count in cluster.rooms.most_common(5))


def _quoted(text: str) -> str:
    """A YAML scalar in double quotes: JSON's strings are."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f").replace("\u2028", "\\u2028")


def _one_line(text: str) -> str:
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())
