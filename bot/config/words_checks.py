"""What may be wrong with a word list although it can be read: terms that never hit, hit too much, or stand twice."""

from collections.abc import Iterable, Mapping, Sequence

from bot.config.fields import Fields
from bot.config.nodes import Items, Leaf
from bot.config.problems import Problems
from domain.book import WordList
from handlers.moderation.lexicon import Lexicon
from handlers.moderation.patterns import refusal
from handlers.text.normalise import folded
from handlers.text.segment import common_words_with

BUILTIN = "builtin/"
EXAMPLES = 3
EVERYDAY = (
    *("生日快乐", "路口交通", "他妈妈来接他", "今晚打老虎", "谢谢老板", "什么时候发货", "下雨了记得带伞", "孩子上学"),
    *("周末去哪儿玩", "妈妈做饭", "垃圾分类", "电话多少", "机械性能", "出口我们见", "这件女装", "测试一下", "群管理员"),
    *("上海人都在", "我去你妈妈家", "大家一起交流", "把门口的车挪一下"),
    *(
        "今天玩得真开心",
        "可以开发票吗",
        "退款多久到账",
        "快递几天能到",
        "谢谢大家",
        "辛苦了早点休息",
        "早上好",
        "晚安好梦",
    ),
    *("几点开门", "多少钱一斤", "给我留一份", "明天一起吃饭", "小朋友真可爱", "家里老人身体怎么样", "下班路上注意安全"),
    *("手机没电了", "加个微信方便联系", "群里发个红包", "有没有优惠", "天气真好", "我先去忙了", "没关系慢慢来"),
)
"""What groups say every day: a dictionary of newspapers does not show that a term is, or lies within, such words."""


def lines_of(fields: Fields, key: str) -> Mapping[str, int]:
    """Text → line of the items of a list."""
    node = fields.table.get(key)
    nodes = node.nodes if isinstance(node, Items) else (node,) if node is not None else ()
    return {child.text.strip(): child.line for child in nodes if isinstance(child, Leaf)}


def check_terms(fields: Fields, phrases: Iterable[tuple[str, str]], exact: bool, allow: Sequence[str]) -> None:
    """Report terms that are empty, too short, repeated, or inside everyday words.

    ``phrases`` are pairs of a term and of what it is written as (a template stands for several terms).
    """
    lines = lines_of(fields, "terms")
    allowed = list(map(folded, allow))
    seen: set[str] = set()
    for term, written in phrases:
        form, line = folded(term), lines.get(written, fields.table.line)
        if not form:
            fields.error(line, f"词“{term}”只有符号，永远不会命中", "删掉这一项")
        elif len(form) == 1 and not exact:
            fields.error(line, f"单字“{term}”会误伤很多话", "换成更长的词；确实要用就写 exact: true")
        elif form in seen and term == written:
            fields.warn(line, f"词“{term}”重复", "删掉多余的")
        elif form not in seen:
            _warn_everyday(fields, term, form, line, allowed)
        seen.add(form)


def _warn_everyday(fields: Fields, term: str, form: str, line: int, allowed: Sequence[str]) -> None:
    phrases = [phrase for phrase in EVERYDAY if form in phrase]
    hits = [
        phrase for phrase in (*phrases, *common_words_with(form)) if not any(form in a and a in phrase for a in allowed)
    ]
    if hits:
        named = "、".join(hits[:EXAMPLES])
        fields.warn(line, f"词“{term}”出现在常用的话里：{named}", "换成更长的词，或把这些话写进 allow")


def good_patterns(fields: Fields, patterns: Sequence[str]) -> tuple[str, ...]:
    """The patterns that RE2 takes; the others are reported."""
    lines = lines_of(fields, "patterns")
    good = []
    for pattern in patterns:
        if why := refusal(pattern):
            remedy = "改写：RE2 没有前后查找 (?=…)、(?<!…) 和反向引用 \\1；要排除的说法写进 allow"
            fields.error(lines.get(pattern, fields.table.line), f"patterns 里的“{pattern}”不能用：{why}", remedy)
        else:
            good.append(pattern)
    return tuple(good)


def warn_repeats(lists: Sequence[WordList], problems: Problems) -> None:
    """Categories of one's own that are written twice, and terms that stand in two lists of one rule."""
    categories: dict[str, str] = {}
    terms: dict[tuple[str, str], WordList] = {}
    for words in lists:
        file, _, line = words.where.rpartition(":")
        other = categories.setdefault(words.category, words.where)
        if other != words.where:
            problems.warning(file, int(line), f"类别 {words.category} 写了两次（{other}）", "合并成一个词表")
        for term in words.terms:
            first = terms.setdefault((words.rule, folded(term)), words)
            if first is not words:
                told = f"词“{term}”在 {first.where} 的“{first.category}”里已经有了"
                problems.warning(file, int(line), told, "留一处就够")


def warn_allow(words: WordList, fields: Fields, lexicon: Lexicon) -> None:
    """Allow-phrases that cover nothing."""
    lines = lines_of(fields, "allow")
    for phrase in words.allow:
        if not lexicon.would_hit(phrase):
            line = lines.get(phrase, fields.table.line)
            fields.warn(line, f"allow 里的“{phrase}”没有任何词会命中", "可以删掉")
