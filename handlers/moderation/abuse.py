"""Is this abuse? Direct words from the lists, who they are said to, and the fitted model, as one probability."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from domain.decision import Finding, Json
from domain.events import MessagePosted
from domain.text import TextFacts
from handlers.moderation.lexicon import Hit

MODEL_REVIEW_AT, MODEL_WARN_AT = 0.6, 0.93
"""Of the model alone, on calibrated probabilities; `bench` measures what they mean on clean chat."""
MODEL_CHARS = 6
"""Of a shorter text the model knows too little to warn anybody."""
DIRECTED_MODEL_WARN_AT = 0.85
"""The same when the words are said to somebody."""
CERTAINTY = {"none": 0.2, "review": 0.55, "warn": 0.95, "remove": 0.985}
"""Probability that a hit of this severity is abuse indeed, as seen on development text."""
ORDER = ("none", "review", "warn", "remove")
GRAVE_CATEGORIES = frozenset({"威胁", "性骚扰"})
"""These count also when said to the bot."""

_YOU = r"(?:你们?|您|妳|丫的?|尔等|楼上的?|楼主|某人|有些人|有的人)"
_LINK = (
    r"(?:这|那|这个|那个|这种|那种|这些|那些|这帮|那帮|这群|那群|个|种|些|帮|群|就是|就|是|真是|真的|真|简直|才|他妈的?|妈的|算|都是|都|不过|"
    r"一个|一群|也|可|太|好|怎么|这么|那么|还|老|大|小|死|臭|烂|破|狗|全家|一家|家|们|的|又|很|特么|tm|踏马|尼玛|丫|跟|像|和|只|头|条|"
    r"简直是|跟个|像个|像只|像头|有点|好像|确实|果然|是不是|这样的|那样的|纯|纯纯|妥妥|绝对|天生|活该|长得|笑死|哈)"
)
_TOLD = re.compile(rf"{_YOU}{_LINK}{{0,6}}$")
_TOLD_AFTER = re.compile("(?:玩意|东西|货|一个|一样)?(?:吧|啊|呢|呀|是吧|了)?(?:你们?|您)[啊呀吧的]?")
_ENDS = frozenset("吗吧啊呀呢嘛啦哦了的么一玩东货呗哇")
"""What may follow a one-letter word that calls somebody names: 你傻吗, but not 傻瓜相机."""
_THINGS = frozenset(["的东西", "东西", "玩意", "玩意儿", "的玩意", "的玩意儿", "的家伙", "的货"])
_WHOM = "(?:我|人|他|她|别人|大家|咱|俺|我们|他们|她们|客服|群主|孩子|老人|顾客)?"
_REPORTS = re.compile(
    rf"(?:骂|说|叫|喊|喷|称|侮辱|诬陷|回复|怼)(?:了|过|着)?{_WHOM}(?:们)?(?:是|叫|一句|了句|一声|什么|的是|一下|道|个)?"
    r"|被(?:他|她|人|别人|对方|客服|商家|骑手|店家|老板)?(?:们)?(?:骂|说|叫|喊|喷|称)(?:了|成|是|作|我)?"
    r"|(?:不要|别|不能|禁止|请勿|不许|拒绝|不得|举报|投诉)(?:再|随便|乱|在群里)?(?:骂|说|叫|喊|发)?(?:人|别人|他人|脏话)?(?:是)?"
    r"|为什么(?:要|总)?(?:骂|说)(?:我|人)|什么(?:叫|是)|这个词|意思是|骂的|骂人话|翻译"
)
"""What makes a bad word told (他骂我…) or forbidden (不要说…) rather than said."""
_SELF = re.compile(
    "(?:我|俺|本人|自己|咱|人家)(?:真是|就是|这个|怎么|可能|果然|大概|一个|像个|成了|简直|居然|被自己|觉得|感觉|当时|确实|有点|那么|这么|特么|他妈|"
    "真|就|是|这|个|好|太|也|又|像|还|的|们|都|才){0,5}$"
)
_ROBOT = re.compile(r"机器人|(?:破|傻|这个|什么)bot")


@dataclass(frozen=True, slots=True)
class Manner:
    """How a message is said: to whom, and whether it speaks about the bot."""

    directed: bool
    to_bot: bool


def manner_of(event: MessagePosted, text: TextFacts, bot_names: Sequence[str]) -> Manner:
    """To another member by @ or quote; to the bot by its @ or name, nobody else being addressed."""
    others = bool(event.mentions) or event.quote is not None
    named = any(name and name in event.text for name in bot_names)
    to_bot = event.mentions_bot or named or _ROBOT.search(text.norm) is not None
    return Manner(directed=others, to_bot=to_bot and not others)


def abuse_finding(text: TextFacts, hits: Sequence[Hit], model: float, manner: Manner) -> Finding:
    """The `abuse` finding of a text; ``hits`` are those of lists whose rule is ``abuse``, ``model`` a probability."""
    weighed = [(hit, _severity(hit, text, manner)) for hit in hits]
    weighed.sort(key=lambda pair: -ORDER.index(pair[1]))
    top, level = weighed[0] if weighed else (None, "none")
    model_level = _model_level(model, manner, text)
    if top is None or ORDER.index(model_level) > ORDER.index(level):
        score = model if model_level != "none" or top is None else max(CERTAINTY[level], model)
        why = "整句像在攻击人" if model_level != "none" else "没有冒犯的话"
        return Finding("abuse", score, model_level, why, {"model": round(model, 4)})
    score = 1 - (1 - CERTAINTY[level]) * (1 - 0.5 * model) if level != "none" else max(0.05, min(model, 0.5))
    held = [(hit, at) for hit, at in weighed if at == level]
    details: dict[str, Json] = {
        "category": top.words.category,
        "spans": [list(hit.span) for hit, _ in held],
        "model": round(model, 4),
    }
    if manner.to_bot and level in ("none", "review"):
        details["teasing"] = True
    return Finding("abuse", score, level, _why(top, level, manner), details)


def _why(hit: Hit, level: str, manner: Manner) -> str:
    if level == "none":
        return f"有“{hit.words.category}”的字眼，但不是在说谁"
    target = "，对着别人说" if manner.directed else "，对着机器人说" if manner.to_bot else ""
    return f"命中词表“{hit.words.category}”{target}"


def _model_level(model: float, manner: Manner, text: TextFacts) -> str:
    if manner.to_bot:
        return "none"
    warn_at = DIRECTED_MODEL_WARN_AT if manner.directed else MODEL_WARN_AT
    if model >= warn_at and len(text.compact) >= MODEL_CHARS and not _REPORTS.search(text.norm):
        return "warn"
    return "review" if model >= MODEL_REVIEW_AT else "none"


def _severity(hit: Hit, text: TextFacts, manner: Manner) -> str:
    words = hit.words
    level = words.severity
    before, after = text.compact[max(0, hit.start - 16) : hit.start], text.compact[hit.end : hit.end + 10]
    if words.category in GRAVE_CATEGORIES:
        return "review" if _reported(before) else level
    told = _TOLD.search(before) is not None or _TOLD_AFTER.fullmatch(after) is not None
    if hit.end - hit.start == 1 and after and after[0] not in _ENDS:
        return "none"
    if words.to_somebody and (told or _thrown(hit, text, manner)):
        level = words.to_somebody
    if not told and (_reported(before) or _SELF.search(before)):
        return _lower(level)
    return _lower(level) if manner.to_bot else level


def _thrown(hit: Hit, text: TextFacts, manner: Manner) -> bool:
    """A word and hardly anything else: thrown at the one who is mentioned or quoted, or at whom it may concern."""
    length = hit.end - hit.start
    if length < 2:
        return False
    rest = text.compact[: hit.start] + text.compact[hit.end :]
    return rest in _THINGS or (not rest and length >= 3) or (manner.directed and len(rest) <= 3)


def _reported(before: str) -> bool:
    """Whether the words before a hit make it something told or forbidden (他骂我…, 不要说…) rather than said."""
    matches = list(_REPORTS.finditer(before))
    gap = before[matches[-1].end() :] if matches else ""
    return bool(matches) and len(gap) <= 4 and "你" not in gap and "我" not in gap


def _lower(level: str) -> str:
    return {"remove": "review", "warn": "review", "review": "none"}.get(level, level)
