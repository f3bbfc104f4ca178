"""Whom a word is aimed at: said to somebody's face, or thrown at them."""

import re

from domain.text import TextFacts
from handlers.moderation.asides import FACE, GOODS, around
from handlers.moderation.lexicon import Hit
from handlers.text.pairs import unseen

SHORT = 14
"""Characters around a word thrown at somebody; longer talk is about something."""
_YOU = r"(?:你们?|您|妳|恁|侬|丫的?|尔等|汝|楼上的?|楼主|某人|有些人|有的人|某些人)"
_PEOPLE = re.compile("(?<![没有大加本别])人|男|女|们|鬼|婊|他|她|某|货|东西")
_LINK = (
    r"(?:这|那|这个|那个|这种|那种|这些|那些|这帮|那帮|这群|那群|个|种|些|帮|群|就是|就|是|真是|真的|真|简直|才|他妈的?|妈的|算|都是|都|不过|"
    r"一个|一群|也|可|太|好|怎么|这么|那么|还|老|大|小|死|臭|烂|破|狗|全家|一家|家|们|的|又|很|特么|tm|踏马|尼玛|丫|跟|像|和|只|头|条|"
    r"简直是|跟个|像个|像只|像头|有点|好像|确实|果然|是不是|这样的|那样的|纯|纯纯|妥妥|绝对|天生|活该|长得|笑死|哈|怕|怕不|很|特别|非常|相当|极其|超级|挺|格外|莫|系咪|"
    r"一条|一只|一头|一坨|一根|不是|不就是|真的是|只是|无非|多|多少|够|真够|可真|实在|也太)"
)
_TOLD = re.compile(rf"(?<![比爱欢想给跟和被为了送借卖替陪])(?:{_YOU})(?!的){_LINK}{{0,6}}$")
_NEAR = re.compile(
    rf"(?<![送给借卖替陪]){_YOU}(?!家|的|妈|爸|好|老婆|老公|朋友|同事|儿子|女儿|孩子|弟|哥|姐|妹|觉得|知道|看|遇)"
    r"(?:(?![我他她它咱俺被骂防抓怕买卖给要当]|不是|没有|觉得|认为|以为|遇到|碰到|小心|喜欢|讨厌|害怕|相信|叫做).){0,8}$"
)
"""Looser, for words that can hardly mean anything but a person."""
_TOLD_AFTER = re.compile(
    "(?:玩意儿?|东西|货|一个|一样)?(?:吧|啊|呢|呀|是吧|了|的)?(?:你们?|您)(?:这?个?人|这?种人|这货|丫|呀|啊|吧|的|呢)?$|.{0,12}(?:说的?就?是你|说你呢)"
)
_ENDS = frozenset("吗吧啊呀呢嘛啦哦了的么一玩东货呗哇")
"""What may follow a one-letter word that calls somebody names: 你傻吗, but not 傻瓜相机."""
_SHOWS = re.compile(
    "(?:玩意儿?|东西|们)?(?:又(?:来|在|开始|急|跳|发)|天天|整天|一天到晚|就会|只会|还[敢好在想装嘴]|也[敢配好想]|破防|急了|跳脚|滚|闭嘴|中的(?:极品|战斗|垃圾|"
    "精品)|之徒|本[色性]|嘴脸|鉴定完毕|"
    "别[在来装叫吵逼]|少[在来装]|去死|爬|死全家|没救|没跑了|实锤|就是你|说的就是|出来|一样的东西|生的|养的|两边倒)"
)
_MET = re.compile(
    "我|咱|俺|本|自己|喜欢|讨厌|遇|碰|见|抓|防|怕|躲|避|买|吃|养|喂|看|演|扮|叫做|名叫|做了?[个条]|当了?[个条]|[学装唱画写拍]|反[对派]|如何|怎么|治|警惕|小心|鉴定|认出|识别|找"
)
"""Before a name: somebody meets, fears, plays one, and calls nobody that."""
_BEFORE = re.compile(
    "(?:真的?|是|就是|纯纯?的?|死|臭|老|大|小|狗|破|烂|傻|贱|这|那|个|种|一|群|帮|又|来|了|还|妥妥的?|典型的?|果然|太|好|他妈的?|妈的|tm|特么|踏马|"
    "哪来的|哪里来的|全|都|什么|绝对|简直|他|她|他们|人|货|呵呵?|哈哈|笑死|呸|哼|操|艹|靠|啊|哟|有的人|某些人|楼上|群主|祖传|活脱脱|十足的?|不愧是){0,7}"
)
_AFTER = re.compile(
    "(?:玩意儿?|玩应|东西|货色?|一个|一只|一条|一枚|吧|啊|呢|呀|呗|的|了|罢了?|而已|队友|你|是吧|哈|呸|滚|们|真|就是|就这|无疑|一群|一帮|本人?|样子?|水平|"
    "行为|就|吗|哦|嘛|死了|得很|爆了|透顶|至极|到家了?|青年|人|辅助|打野){0,4}"
)
_AS_ONE = re.compile("一[个枚头坨]")
"""After a word of two characters that is the rest of a message, this calls somebody that (骗子一个)."""
_GOES_ON = re.compile(
    "(?:玩意儿?|东西|一个|们)?(?:还|也|就|别|闭|滚|少|才|敢|懂|莫|休|再|活该|能不能死|死|装|出来|有本事|有种|你|谁|什么|去|操作|玩家|是吧)"
)
"""After a word for a person: what goes on against that person."""
TALE = 3
"""Characters of other clauses that make a tale."""
_PREDICATE = re.compile("没|不|遭|报应|太|坏透|烂透|恶心|油|吃相|缺|丧|黑心|为老|倚老|下头|下流|无耻|卑鄙|活该")
_AT_ALL = re.compile("你|您|妳|丫|楼上(?!邻居|的?住户|装修|漏水|那家|邻)|群主|滚|闭嘴|呸|死|管理|@")
_BUTT = re.compile(
    "滚|闭嘴|别(?!买|去|吃|点|信|用)|有本事|有种|出来|去死|敢|你再说|单挑|莫|少在|叫什么|急什么|懂什么|就你|呸|死[一远开]|爬"
)
"""Signs in the rest of a message that it is turned against somebody."""


def told(hit: Hit, text: TextFacts) -> bool:
    """Whether somebody is told to their face that they are this (你就是个…, … 说的就是你)."""
    before, after = around(hit, text)
    clause = text.compact[clause_of(hit, text)[0] : hit.start]
    near = hit.words.severity == "review" and _NEAR.search(clause) is not None
    return near or _TOLD.search(before) is not None or _TOLD_AFTER.match(after) is not None


def thrown(hit: Hit, text: TextFacts, directed: bool) -> bool:
    """Whether a word stands alone, as such words do when thrown at somebody.

    A word for persons needs no more; one that may be about a thing needs a sign that somebody is meant.
    """
    low, high = clause_of(hit, text)
    before, after = text.compact[low : hit.start], text.compact[hit.end : high]
    person = hit.words.severity == "review"
    if not _BEFORE.fullmatch(before) or not (_AFTER.fullmatch(after) or (person and _GOES_ON.match(after))):
        return False
    rest = text.compact[:low] + text.compact[high:]
    if person:
        # 太没素质了 alone is said to somebody; after a tale of others it is said of them.
        exclaimed = hit.view == "frame" or _PREDICATE.match(text.compact, hit.start) or GOODS.search(rest)
        return not (exclaimed and len(rest) > TALE and not _AT_ALL.search(rest))
    if hit.end - hit.start < 2:
        return False
    if not rest:
        return (directed and len(before) + len(after) <= 3) or (not before and _AS_ONE.fullmatch(after) is not None)
    return len(rest) <= SHORT and _BUTT.search(rest) is not None


def unheard_of(hit: Hit, text: TextFacts) -> bool:
    """Whether a clause ends in a name for a person that ordinary talk does not have (拍马屁的哈巴狗)."""
    if hit.words.severity != "review" or hit.end - hit.start < 2 or not unseen(text.compact[hit.start : hit.end]):
        return False
    low, high = clause_of(hit, text)
    before, after = text.compact[low : hit.start], text.compact[hit.end : high]
    ends = _AFTER.fullmatch(after) or _SHOWS.match(after)
    return ends is not None and _MET.search(before) is None


def half_word(hit: Hit, text: TextFacts) -> bool:
    """Whether a one-letter hit is the beginning of some other word."""
    after = text.raw[hit.span[1] : hit.span[1] + 1]
    return hit.end - hit.start == 1 and after.isalnum() and after not in _ENDS


def faces(text: TextFacts) -> bool:
    """Whether a message speaks to somebody at all."""
    return FACE.search(text.norm) is not None


def about_people(text: TextFacts) -> bool:
    """Whether a message is about anybody: a kitchen may be called disgusting."""
    return faces(text) or _PEOPLE.search(text.norm) is not None


def clause_of(hit: Hit, text: TextFacts) -> tuple[int, int]:
    """The bounds in ``compact`` of the clause around a hit."""
    start, end = hit.span
    low = max((match.end() for match in _CLAUSE_END.finditer(text.raw, max(0, start - 60), start)), default=-1)
    high = _CLAUSE_END.search(text.raw, end, end + 60)
    first = text.compact_index(low) if low >= 0 else max(0, hit.start - 60)
    return min(first, hit.start), max(text.compact_index(high.start()) if high else hit.end + 60, hit.end)


_CLAUSE_END = re.compile(r"[，。！？；、~…,!?;\n]")
