"""Is this an advert? Ways to make contact, offers and calls to act, weighed together into one probability."""

import math
import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from domain.decision import Finding, Json
from domain.text import Span, TextFacts
from handlers.moderation.lexicon import Hit

REVIEW_AT, WARN_AT, REMOVE_AT = 0.4, 0.8, 0.97
ALONE = -5.0
"""Log odds of an advert before anything is found (about 0.7 %)."""

_DIGIT = "[0-9零〇一二三四五六七八九]"
_ID = r"[a-z][a-z0-9_-]{4,19}"
_ID_WITH_DIGIT = rf"(?=[a-z0-9_-]*[0-9_])(?:{_ID}|1[3-9][0-9]{{9}})"
_GAP = r"[\s:：号是为=\-—>→。.,，|/\\()（）\[\]【】*+]{0,6}"
_ASK = r"(?:\+|➕|加|添加|联系|咨询|私|找|搜|扫|call|请加|可加|速加|来加)"
_WHOM = "(?:我|本人|老师|客服|助理|经理|小编|群主)?"
_CALLS = "私我|滴滴我|滴我|dd我|私聊我|私信我|戳我头像|加我"
_WECHAT_PLAIN = r"(?:微信|weixin|wechat)"
_WECHAT_SLY = r"(?:v信|vx|wx|微❤|微x|v❤|v|薇芯|薇信|威信|微芯|维信|徽信|卫星|薇|威|徽|嶶|微)"

# On `norm`: one case, one width, simplified.
_CONTACTS: tuple[tuple[str, str, float, re.Pattern[str]], ...] = (
    ("phone", "手机号", 2.2, re.compile(r"(?<![0-9])1[3-9](?:[ \-.·*_]?[0-9]){9}(?![0-9])")),
    ("phone_hidden", "变形的手机号", 4.5, re.compile(rf"(?<!{_DIGIT})[1一]{_DIGIT}{{8,10}}(?!{_DIGIT})")),
    ("qq", "QQ号", 3.0, re.compile(rf"(?:qq|q群|企鹅|扣扣|扣群|蔻蔻|球球){_GAP}[1-9][0-9]{{4,10}}(?![0-9])")),
    ("qq_sly", "变相QQ号", 4.8, re.compile(rf"{_ASK} ?(?:扣|抠|寇|q|蔻|裙|群)\s?{_GAP}[1-9][0-9]{{4,10}}(?![0-9])")),
    ("wechat_add", "加微信", 5.4, re.compile(rf"{_ASK} ?我?的? ?{_WECHAT_PLAIN}{_GAP}{_ID_WITH_DIGIT}(?![a-z0-9])")),
    ("wechat", "微信号", 3.2, re.compile(rf"{_WECHAT_PLAIN}{_GAP}(?:{_ID}|1[3-9][0-9]{{9}})(?![a-z0-9])")),
    ("wechat_sly", "变相微信号", 6.4, re.compile(rf"(?<![a-z0-9]){_WECHAT_SLY}{_GAP}{_ID_WITH_DIGIT}(?![a-z0-9])")),
    ("add_sly", "变相加微信", 4.6, re.compile(rf"{_ASK} ?我?的? ?(?:vx|wx|v|薇|威|徽|嶶|卫星|企鹅|扣|抠)(?![a-z])")),
    ("add_me", "加我", 2.6, re.compile(rf"(?:加|\+){_WHOM}(?:的)?(?:微信|vx|wx|qq|好友)|{_CALLS}")),
    ("group", "拉群", 2.0, re.compile(r"(?:群号|进群|加群|入群|扫码|二维码|拉你进群)")),
)  # fmt: skip
# Most messages have none of these, and one look is cheaper than ten.
_MAYBE_CONTACT = re.compile(
    "[0-9]{4}|[a-z0-9_-]{5}|[vqx]|[零〇一二三四五六七八九]{8}|[加+找搜扫私联咨]|滴|dd|戳|群|二维码"
)
_MAYBE_LINK = re.compile(r"[a-z0-9]\.[a-z]|[a-z0-9]{10}")
_LINK = re.compile(
    r"(?:https?://|www\.)?((?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+"
    r"(?:com|cn|net|org|top|vip|xyz|cc|club|shop|site|info|me|io|app|link|ltd|pro|live|tv|asia|icu|fun|wang|ink|store|online|tech|work|ly|so|im))"
    r"(?![a-z0-9])(?:[/?#:][^\s一-鿿，。]*)?"
)
_SHORTENERS = (
    "t.cn",
    "dwz.cn",
    "url.cn",
    "suo.im",
    "bit.ly",
    "tb.cn",
    "w.url.cn",
    "0x3.me",
    "985.so",
    "mrw.so",
    "c-t.work",
)
_TAOBAO = re.compile(r"[￥¥$€₤₳(（/][a-z0-9]{10,12}[￥¥$€₤₳)）/]")
_MONEY = re.compile(
    r"(?:日|天|周|月|年|小时|单|次)(?:入|赚|薪|结|收入|收益|净赚|佣)?[0-9一二三四五六七八九十百千万几两+\-~]{1,9}(?:元|块|万|k|w|千|\+)|"
    r"[0-9]{2,6}(?:元|块)?(?:一|/|每)(?:天|小时|单|日|月)|[0-9]{2,}[-~到][0-9]{2,}(?:元|块)?(?:/|一|每)?(?:天|日|小时|单)|佣金[0-9]|返[0-9]"
)
_SHOUT = re.compile(r"[!！🔥💰🎉✅⭐💯👉📢🎁❤➕]")
_HELP = re.compile(
    r"怎么|如何|吗|被骗|骗子|诈骗|报警|小心|别信|是不是|投诉|举报|退款|退货|我的电话|我电话|我的手机|收件|收货|地址|订单|快递|尾号|联系不上"
)
_CONTACT_NAMES = frozenset({*(name for name, *_ in _CONTACTS), "link", "token"})
_CATEGORY_WEIGHT = {"none": 0.0, "review": 1.6, "warn": 5.6, "remove": 6.6}


_NONE = Finding("advert", 1 / (1 + math.exp(-ALONE)), "none", "没有广告迹象")


@dataclass(frozen=True, slots=True)
class Clue:
    """Something that speaks for an advert: what, its weight in log odds, and where in the original text."""

    name: str
    title: str
    weight: float
    span: Span | None = None


def advert_finding(text: TextFacts, hits: Sequence[Hit], allowed_domains: Collection[str]) -> Finding:
    """The `advert` finding of a text; ``hits`` are those of lists whose rule is ``advert``."""
    clues = [*_contacts(text), *_links(text, allowed_domains), *_offers(hits), *_looks(text)]
    if not clues:
        return _NONE
    score = _probability(clues, text)
    level = _level(score, clues)
    titles = "、".join(dict.fromkeys(clue.title for clue in clues))
    spans = sorted({clue.span for clue in clues if clue.span is not None})
    details: dict[str, Json] = {"spans": [list(span) for span in spans]}
    if any(clue.name in _CONTACT_NAMES for clue in clues):
        details["contact"] = True
    if gravest := _gravest(hits):
        details["category"] = gravest[0].words.category
    return Finding("advert", score, level, f"出现{titles}", details)


def _probability(clues: Sequence[Clue], text: TextFacts) -> float:
    logit = ALONE + sum(clue.weight for clue in clues)
    contacts = any(clue.name in _CONTACT_NAMES for clue in clues)
    offers = any(clue.name == "offer" for clue in clues)
    if contacts and offers:
        logit += 1.8
    if _HELP.search(text.norm):
        logit -= 2.6
    return 1.0 / (1.0 + math.exp(-max(min(logit, 30.0), -30.0)))


def _level(score: float, clues: Sequence[Clue]) -> str:
    if score >= REMOVE_AT and any(clue.weight >= _CATEGORY_WEIGHT["remove"] for clue in clues):
        return "remove"
    return "warn" if score >= WARN_AT else "review" if score >= REVIEW_AT else "none"


def _contacts(text: TextFacts) -> Iterator[Clue]:
    if not _MAYBE_CONTACT.search(text.norm):
        return
    taken: list[Span] = []
    for name, title, weight, pattern in _CONTACTS:
        match = pattern.search(text.norm)
        if match is None or (name == "phone_hidden" and match.group().isdigit()):
            continue
        if any(low < match.end() and match.start() < high for low, high in taken):
            continue
        taken.append(match.span())
        yield Clue(name, title, weight, text.span(*match.span()))


def _links(text: TextFacts, allowed: Collection[str]) -> Iterator[Clue]:
    if not _MAYBE_LINK.search(text.norm):
        return
    for match in _LINK.finditer(text.norm):
        domain = match.group(1)
        if not any(domain == own or domain.endswith(f".{own}") for own in allowed):
            short = domain in _SHORTENERS
            yield Clue("link", "短链接" if short else "外部链接", 4.0 if short else 3.2, text.span(*match.span()))
            break
    if token := _TAOBAO.search(text.norm):
        yield Clue("token", "淘口令", 5.0, text.span(*token.span()))


def _offers(hits: Sequence[Hit]) -> Iterator[Clue]:
    """The gravest offer fully, each further category of weak offers a little."""
    weak = 0
    for index, hit in enumerate(_gravest(hits)):
        severity = hit.words.severity
        if index == 0:
            yield Clue("offer", hit.words.category, _CATEGORY_WEIGHT[severity], hit.span)
        elif weak < 3:
            weak += 1
            yield Clue("offer", hit.words.category, 0.8 if severity == "review" else 2.0, hit.span)


def _gravest(hits: Sequence[Hit]) -> list[Hit]:
    """One hit per place, gravest first."""
    ordered = sorted(hits, key=lambda hit: (-_CATEGORY_WEIGHT[hit.words.severity], hit.start - hit.end))
    kept: list[Hit] = []
    for hit in ordered:
        if all(hit.end <= other.start or other.end <= hit.start for other in kept):
            kept.append(hit)
    return kept


def _looks(text: TextFacts) -> Iterator[Clue]:
    if match := _MONEY.search(text.norm):
        yield Clue("money", "报酬承诺", 1.6, text.span(*match.span()))
    if len(_SHOUT.findall(text.raw[:2000])) >= 4:
        yield Clue("shout", "大量感叹", 0.8)
