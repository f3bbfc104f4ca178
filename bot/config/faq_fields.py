"""Reads what stands beside a question and its answer: examples, days, thresholds, and what may be asked on."""

from collections.abc import Iterable, Mapping
from datetime import date

from bot.config.attachments import MOST_FILES
from bot.config.fields import Fields
from bot.config.nodes import Items, Leaf, Node, Table
from bot.config.problems import Problems, did_you_mean
from domain.book import Example, FaqEntry, FollowUp
from handlers.faq.wording import VARIABLES, variables
from handlers.text.normalise import normalise

LONGEST_QUESTION = 200
LONGEST_ANSWER = 2000
"""Characters; WeChat itself cuts at about this."""
ROOMY_ANSWER = 600
"""From here on an answer is a wall of text in a group."""
MOST_ANSWERS = 10
MOST_EXAMPLES = 200
MOST_FOLLOW_UPS = 20
FOLLOW_UP_KEYS = ("question", "answer")


def read_answers(fields: Fields) -> tuple[str, ...]:
    """The variants of an answer; empty after reporting that there is none."""
    node = fields.table.get("answer")
    if node is None:
        fields.error(fields.table.line, f"{fields.what}缺少 answer", "补上 answer: …")
        return ()
    if (isinstance(node, Leaf) and node.empty) or (isinstance(node, Items) and not node.nodes):
        fields.error(fields.line("answer"), "answer 是空的", "写上答案；暂时不用就写 enabled: false")
        return ()
    answers = fields.texts("answer", longest=LONGEST_ANSWER, most=MOST_ANSWERS)
    if any(len(answer) > ROOMY_ANSWER for answer in answers):
        fields.warn(fields.line("answer"), f"答案超过 {ROOMY_ANSWER} 字，群里不好读", "写短些，或给一个链接")
    for unknown in sorted({name for answer in answers for name in variables(answer)} - VARIABLES):
        remedy = f"{did_you_mean(unknown, VARIABLES)} 要原样显示就用全角的｛｝"
        fields.error(fields.line("answer"), f"answer 里不认识的变量 {{{unknown}}}", remedy)
    return answers


def read_examples(fields: Fields, key: str) -> tuple[Example, ...]:
    """Messages that were tried, each with its own line."""
    texts = fields.texts(key, longest=LONGEST_QUESTION, most=MOST_EXAMPLES)
    node = fields.table.get(key)
    leaves = node.nodes if isinstance(node, Items) else (node,)
    lines = {leaf.text.strip(): leaf.line for leaf in leaves if isinstance(leaf, Leaf)}
    return tuple(Example(text, f"{fields.file}:{lines.get(text, fields.table.line)}") for text in texts)


def read_files(fields: Fields) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """``files`` with the line of each; whether they can be sent is looked at where there is a folder."""
    names = fields.texts("files", longest=200, most=MOST_FILES)
    node = fields.table.get("files")
    leaves = node.nodes if isinstance(node, Items) else (node,)
    lines = {leaf.text.strip(): leaf.line for leaf in leaves if isinstance(leaf, Leaf)}
    return names, tuple(f"{fields.file}:{lines.get(name, fields.line('files'))}" for name in names)


def warn_twice(fields: Fields, phrases: Iterable[str]) -> None:
    """Phrasings of one entry that are the same but for the writing."""
    seen: dict[str, str] = {}
    for phrase in phrases:
        first = seen.setdefault("".join(filter(str.isalnum, normalise(phrase))), phrase)
        if first is not phrase:
            fields.warn(fields.line("similar"), f"问法“{phrase}”和“{first}”是一样的", "留一个就够")


def contradicted(fields: Fields, asks: Iterable[Example], refuses: Iterable[Example]) -> None:
    """What must be answered and must not."""
    wanted = {normalise(example.text) for example in asks}
    for example in refuses:
        if normalise(example.text) in wanted:
            line = int(example.where.rpartition(":")[2])
            fields.error(line, f"“{example.text}”同时写在 asks 和 not 里", "只留一处")


def read_days(fields: Fields, today: date) -> tuple[date | None, date | None]:
    """``from`` and ``until``."""
    since, until = fields.day("from"), fields.day("until")
    if since is not None and until is not None and since > until:
        fields.error(fields.line("from"), f"from {since} 在 until {until} 之后", "检查两个日期")
    elif until is not None and until < today:
        fields.warn(fields.line("until"), f"已经过期（until {until}），不会再回答", "改 until，或删掉这一条")
    return since, until


def read_thresholds(fields: Fields) -> tuple[float | None, float | None]:
    """``answer_at`` and ``suggest_at``."""
    answer, suggest = fields.share("answer_at"), fields.share("suggest_at")
    if answer is not None and suggest is not None and suggest > answer:
        fields.error(fields.line("suggest_at"), "suggest_at 不能大于 answer_at", "把它调低")
    return answer, suggest


def read_follow_ups(fields: Fields) -> tuple[FollowUp, ...]:
    """Ids of other entries, or short questions with their answers."""
    node = fields.table.get("follow_ups")
    if node is None or (isinstance(node, Leaf) and node.empty):
        return ()
    if not isinstance(node, Items) or len(node.nodes) > MOST_FOLLOW_UPS:
        fields.error(fields.line("follow_ups"), f"follow_ups 应该是列表，最多 {MOST_FOLLOW_UPS} 项", "每行以“- ”开头")
        return ()
    found = (_follow_up(fields, child) for child in node.nodes)
    return tuple(one for one in found if one is not None)


def _follow_up(fields: Fields, node: Node) -> FollowUp | None:
    where = f"{fields.file}:{node.line}"
    if isinstance(node, Table):
        own = Fields(fields.file, node, fields.problems, "追问")
        own.known(FOLLOW_UP_KEYS)
        question = own.text("question", longest=LONGEST_QUESTION, required=True)
        answers = read_answers(own)
        return FollowUp(question=question, answers=answers, where=where) if question and answers else None
    entry = fields.leaf_text(node, "follow_ups", longest=64)
    return None if entry is None else FollowUp(entry=entry, where=where)


def check_follow_ups(entries: Iterable[FaqEntry], problems: Problems) -> None:
    """Follow-ups that name no entry, or the entry itself."""
    known: Mapping[str, FaqEntry] = {entry.id: entry for entry in entries}
    for entry in known.values():
        for follow in entry.follow_ups:
            file, _, line = follow.where.rpartition(":")
            if follow.entry and follow.entry not in known:
                missing = f"follow_ups 写的 {follow.entry} 没有这一条"
                problems.error(file, int(line), missing, did_you_mean(follow.entry, known))
            elif follow.entry == entry.id:
                problems.error(file, int(line), "follow_ups 指向了自己", "删掉，或写另一条的 id")
