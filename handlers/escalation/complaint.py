"""Is a message a complaint that a person should look at? Phrases of our own writing weighed together with its mood.

The score is a probability. Mood alone reaches at most ``watch``: a bad day told in the group is no case. What escalates
is a grievance in words (a demand, neglect, waiting, deceit), the louder the mood the sooner, or the call for a person.
"""

import math
import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from domain.policy import EscalationPolicy
from domain.text import TextFacts
from handlers.escalation.faint import DAYS as _DAYS
from handlers.escalation.faint import FAINT
from handlers.escalation.faint import HOURS as _HOURS
from handlers.escalation.faint import NUMBER as _N
from handlers.escalation.faint import SPAN as _SPAN
from handlers.escalation.hedges import Hedge, hedges
from handlers.escalation.hints import possible

CERTAIN = 0.99
MOOD_CEILING = 0.965
"""The most that mood without any phrase amounts to."""
_MOOD_KNEE, _CASE = 0.8, 0.97
"""Scores from which the default policy notices a message and opens a case."""
_MOOD_NOTICED = 1.0
_WORDED_NOTICED, _WORDED_CASE = 1.7, 2.9
"""Log-odds of a bad mood and of complaining that are worth as much; from held-out chat (`bench.complaint`)."""
_LENGTH, _USUAL, _SHORTEST, _LONGEST = 0.3, 20, 4, 60
"""Everyday chat is short, so mood weighs more in a long text: log-odds for e times the usual characters."""
_TERSE, _FEW = 1.0, 7
"""A few characters show little: log-odds of complaining for e times of them, up to so many."""
_LOOKED_AT = 0.5
_SURE = 4.0


@dataclass(frozen=True, slots=True)
class Complaint:
    """The score 0..1, why (for staff, never the words themselves), and whether a person is called for."""

    score: float
    why: str
    calls: bool = False


CALL = Complaint(CERTAIN, "要找真人", calls=True)
"""The call for a person."""
INSISTING = Complaint(CERTAIN, "几分钟里第三次说同一件事，没人回应")
"""Plain words, the third time."""
ACCEPTED = Complaint(CERTAIN, "两次没答到点上，要找真人", calls=True)
"""A yes to the offer of a person."""


@dataclass(frozen=True, slots=True)
class _Signal:
    """A kind of phrase on the compact text (no blanks, no punctuation), and how much it weighs as a log-odds."""

    why: str
    weight: float
    pattern: re.Pattern[str]


_THEM = (
    r"(?:你们?|您们?|他们?|她们?|这个|这家|这种|那家|商家|卖家|店家|平台|客服|售后|快递|物流|公司"
    r"|老板|骑手|外卖|司机|酒店|物业)"
)
_DEMANDS = "明确要投诉"
_INSISTS = frozenset({_DEMANDS, "没人理会", "没人搭理", "迟迟没有结果", "等了很久", "反复询问"})
"""Who says so is not asking in general, whatever the sentence ends with."""
_VERY = r"(?:太|真的?|这么|那么|非常|很|极其?|实在|超级?|好|特别|相当|十分|如此)"

_CALL = re.compile(
    r"转(?:接)?人工|(?:找|要|叫|喊|换|接|上|来|给我|我要|我想要?|请|麻烦|帮我)(?:一?[个位下])?(?:人工|真人|活人)(?!智能|费|成本|湖|授精|流产|降雨|呼吸|降|钻)"
    r"|^(?:在吗)?人工(?:客服|服务|坐席|回复|处理)?(?:在吗|在不在|呢|吧|啊|快来|来一下)?$"
    r"|有(?:没有)?(?:人工|真人|活人)(?:客服|服务|在)?(?:吗|啊|呢|么)?$"
    r"|(?:找|叫|喊|呼叫|我要|换)(?:一?[个位下])?(?:你们)?(?:的)?(?:客服|管理员|负责人|领导|经理|主管)(?:来|出来|处理|说话|过来|解决|投诉|$)"
    r"|(?:客服|管理员|负责人)(?:在吗|在不在|在哪(?:里|儿)?(?:呢|啊|呀)*$|出来|人呢|快来|死哪|来一下|来下)"
    r"|(?:叫|让|请)你们(?:的)?(?:客服|负责人|领导|经理|主管|老板)"
    r"|跟(?:真人|活人|人工)(?:说|聊|沟通)|不想?(?:跟|和)机器人(?:说|聊)"
)
_ASKS_HOW = re.compile(
    r"(?:怎么|怎样|如何|咋|哪里|哪儿|在哪|去哪|哪个部门|向谁|找谁|什么地方)(?:才)?(?:能|可以|去|能够)?(?:提交|进行|发起|打)?(?:投诉|举报|维权|曝光|申诉)"
    r"|(?:投诉|举报|维权|客服)(?:的)?(?:电话|热线|渠道|邮箱|方式|入口|流程|中心|部门|号码|地址|平台)(?:是|有|在|号码|呢|怎|多|几|哪|什么|吗|$)"
    r"|(?:12315|12345)(?:是|怎么|咋|的?电话|几点|有用吗|管用吗|管不管)"
    r"|(?:可以|能|能不能|可不可以|会不会被|要不要|该不该)(?:被)?投诉(?:吗|么|不)?$"
)
_TALKS_ABOUT = re.compile(
    r"投诉(?:率|信|箱|处理|建议|与建议|工单|数据|统计|量|件)|(?:被|没人|零|无|处理|收到|减少|防止|避免|防)投诉|投诉了?吗$"
    r"|维权(?:意识|日|知识|律师|指南)|(?:意见|建议)和?投诉"
)

_SIGNALS = (
    _Signal(
        _DEMANDS,
        6.8,
        re.compile(
            r"(?:我|要|就|去|来|想|必须|一定|准备|打算|已经|正在|直接|马上|只能|只好|得|会)(?:去|要|再)?投诉"
            rf"|投诉{_THEM}|^(?:投诉|维权)$|向.{{0,8}}(?:投诉|举报)|投诉(?:到底|无门|无果|没用|了.{{0,6}}没)"
            r"|(?<!\d)12315(?!\d)|打12345(?!\d)|黑猫投诉|消协|消费者协会|工商局|市监局|市场监管局|银保监"
            r"|(?:要|去|来|必须|一定|准备|只能|集体|一起|我们|大家)(?:去|要)?维权|维权(?:到底|群|无门)"
            rf"|(?:要|去|给|就|必须|一定|准备|发)(?:{_THEM}|到?网上|抖音|微博)?曝光|曝光{_THEM}"
            rf"|找(?:媒体|记者|律师)|律师函|法[院庭]见|起诉{_THEM}|(?:走|用)?法律(?:途径|手段|程序)"
        ),
    ),
    _Signal(
        "没人理会",
        5.0,
        re.compile(
            r"(?:没|没有|木有)(?:一?个)?人(?:来|给|给我|能|去)?"
            r"(?:回复|回我|回消息|回应|处理|答复|应答|应我|解决|搭理我们|过问|接电话|接听|联系我|理(?![解发财我他她人你会]))"
            r"|无人(?:理|管|处理|回复|接听|问津|负责)|(?:不理|不搭理|不理睬|晾着)(?:人|客户|用户|会员|顾客)"
            r"|(?:客服|商家|卖家|店家|平台|售后|物业|公司)(?:都|也|又|根本|一直)?不(?:理|回|管|处理|搭理|接电话)"
            r"|有(?:没有)?人(?:能)?(?:管|处理|解决)(?:一?下|吗|么|啊|没|不|$)"
            r"|(?:到底|究竟).{0,4}(?:管不管|谁管|谁负责|有没有人|处不处理|解不解决|退不退|发不发)"
            r"|石沉大海|不了了之|(?:客服|售后|热线).{0,6}(?:打不通|没人接|无人接|不接|联系不上)|找谁都没用|联系不上人"
        ),
    ),
    _Signal("没人搭理", 3.8, re.compile(r"(?:没|没有|木有)(?:一?个)?人(?:来)?(?:管(?!理)|理[我他她人会]|搭理|负责)")),
    _Signal(
        "迟迟没有结果",
        3.4,
        re.compile(
            r"(?:一直|还|始终|迟迟|总是|就是|都|依然|仍然|至今|到现在)(?:都|也|还)?(?:没|没有|不|未)(?:人|给|给我|有人|有)?"
            r"(?:回复|处理|解决|答复|发货|到账|退款|退钱|动静|反应|下文|结果|退|修|说法)"
            rf"|没(?:有)?(?:下文|音讯|动静)|(?:权益|奖品|赠品|会员|钱|货).{{0,6}}(?:不到账|没到账|不给|没给|不发|没发)|{_SPAN}(?:没|都没|还没).{{0,3}}动静|(?:等到|等了).{{0,8}}没人来"
        ),
    ),
    _Signal(
        "等了很久",
        3.9,
        re.compile(
            rf"(?:等|拖|催|耽误|耽搁|扯皮)了?(?:我|快|整整|足足|都|已经|有|将近|差不多)*{_DAYS}(?!终于|才等|就)"
            rf"|(?:已经|都|过去|过了|快|整整|足足|现在){_DAYS}(?:了|多了)|{_DAYS}(?:了|过去了)?(?:都|还|也|仍|订单)*(?:没|不|未|毫无)(?:到|发|回|处|退|解|修|有人|收到|结果|动静|消息|给|办)"
            rf"|说.{{0,6}}说了{_DAYS}|等(?:到)?(?:猴年马月|黄花菜)"
        ),
    ),
    _Signal(
        "等了一阵",
        2.6,
        re.compile(
            rf"人呢.{{0,4}}等了{_HOURS}|(?:等|拖|催|耽误)了?(?:我|快|整整|足足|都|已经|有|将近)*{_HOURS}(?:了|多|还|都)"
            rf"|{_HOURS}(?:了|过去了)(?:都|还|也|仍)?(?:没|不|未)|(?:还要|得|要)(?:等|拖)(?:多久|到什么时候)"
        ),
    ),
    _Signal(
        "反复询问",
        4.4,
        re.compile(
            rf"第{_N}[次遍回](?:问|找你|催|反映|反馈|联系|投诉|打电话|报修)"
            rf"|(?:问|找你们|催|反映|反馈|联系|打电话|报修|申请)了?(?:你们?|客服)?(?:好)?{_N}[次遍回].{{0,4}}(?:没|不|都|还)"
            rf"|(?:被拒|驳回)了?{_N}[次回]|(?:一次次|再三|反复|三番五次|一而再)(?:找|问|催|反映|联系|推)"
            r"|踢皮球|推来推去|互相推|推诿|推卸责任|(?:敷衍|糊弄|打发)(?:谁|人|我们|客户|用户|会员)|每次都(?:说|推|敷衍|让我等|拖)"
        ),
    ),
    _Signal(
        "要求赔偿或说法",
        4.4,
        re.compile(
            r"(?:退|还|赔)(?:我|俺|咱|给我)(?:的)?(?:钱|款|货|押金|差价|全款)"
            r"|(?:必须|赶紧|马上|立刻|立马|强烈要求|要求)(?:给我|全额|你们)*(?:退款|赔偿|退钱|赔钱|退一赔|退货|道歉)"
            r"|(?:不给|不肯|拒绝|拒不|不让|不予)(?:我)?(?:们)?(?:退|赔|换货|修|处理|解决|发货|售后|保修|兑现|提现|开发票)"
            r"|(?:要|给|讨)(?:我|我们|大家|个)*(?:一?个)?(?:说法|交代|交待|公道)|凭什么.{1,12}(?:给我|解释)|谁(?:来)?(?:负责任|赔我|赔偿)"
            r"|你们(?:要|得|必须)(?:给我)?(?:负责|赔)"
        ),
    ),
    _Signal(
        "说受骗",
        3.6,
        re.compile(
            rf"(?:{_THEM}|一群|一帮|遇到|碰到)(?:就|都|真|简直)*(?:是|个|这|那|群|帮|些)*(?:骗子|奸商|骗人|骗钱|坑人|坑钱|诈骗)"
            rf"|被{_THEM}(?:骗|坑|忽悠|耍|宰)|欺骗(?:消费者|顾客|用户|会员)|虚假(?:宣传|发货|广告)|霸王条款|乱(?:收费|扣费|扣钱)"
            r"|(?:莫名其妙|无缘无故|偷偷|私自|擅自|多)(?:被)?扣(?:了|我|费|钱)|(?:收到|买到|卖|发).{0,4}(?:假货|三无产品|冒牌)|货不对板|以次充好"
            r"|言而无信|说话不算|出尔反尔|店大欺客|欺负(?:消费者|老实人|新人)|无良(?:商家|卖家|平台|公司)|黑心(?:商家|店|企业|公司)"
        ),
    ),
    _Signal(
        "嫌服务或质量差",
        2.8,
        re.compile(
            rf"(?:态度|服务|质量|售后|品质|物流|体验|效率|卫生|做工)(?:也|都|又|简直|实在)*(?:{_VERY})*"
            r"(?:差|烂|恶劣|糟|垃圾|恶心|坑|慢|拉胯|不行|不好|不咋|不怎么样|有问题|堪忧|不敢恭维)"
            r"|(?:什么|啥)(?:破|垃圾|烂|鬼)?(?:态度|服务|质量|售后)|(?:垃圾|破|烂)(?:商家|平台|公司|客服|产品|服务|软件|快递|店|系统|小程序|物业)"
            rf"|{_VERY}(?:过分|离谱|坑人|黑心|气人|恶心|不负责|不像话|差劲|糟心|窝火)(?!歉)|忍无可忍|受够了|差评(?!师|率)|再也不(?:来|买|点|用|会买|会来)了?"
            r"|(?:又|刚买就|第一天就|没用几天就|用了.{0,4}就)(?:坏|断|裂|漏|崩|卡死|死机|闪退)了"
            r"|(?:少发|漏发|错发|发错|送错|弄丢|寄错|装错|摔坏|压坏)了?|(?:东西|货|收到).{0,5}(?:是坏的|坏了|碎了|破了|全碎|烂了)|(?:吃出|里面?有)(?:头发|虫子?|异味|苍蝇)"
        ),
    ),
    *(_Signal(why, weight, re.compile(pattern)) for why, weight, pattern in FAINT),
)
_BASE = -0.4
_MOOD_WEIGHT = 0.45
_CALM = 0.08
"""A grievance told calmly is one all the same, so a calmer mood than this does not count against it."""
_QUESTION = -1.2
"""A bare question with a grievance in it is often a question."""
_WORDING = 0.6
"""How much the model's log-odds of a complaint count beside a phrase."""
_NO_CASE = 0.95
_NOT_OURS = 0.7


def weigh(text: TextFacts | None, mentions_bot: bool = False, keywords: Iterable[str] = ()) -> Complaint:
    """Judge a message's own words; ``text`` None (a picture, a 接龙) is innocent; ``keywords`` are the operator's."""
    if text is None or text.is_list or not text.compact:
        return Complaint(0.0, "没有可判断的文字")
    words = text.compact
    hinted = possible(words)
    if CALL.why in hinted and _CALL.search(words):
        return CALL
    if keyword := next((word for word in keywords if word and word.lower() in words), None):
        return Complaint(CERTAIN, f"命中关键词“{keyword}”")
    found = [signal for signal in _SIGNALS if signal.why in hinted and signal.pattern.search(words)]
    if found and (_ASKS_HOW.search(words) or _TALKS_ABOUT.search(words)):
        # Asking how to complain is a question; neglect told in the same breath still counts.
        found = [signal for signal in found if signal.why != _DEMANDS]
    wording = _grievance_alone(_log_odds(text.grievance), len(text.norm))
    spoken = max(_spoken(text, found, mentions_bot), wording)
    milder = hedges(text) if spoken >= _LOOKED_AT else frozenset()
    mood = _mood_alone(text.mood, len(text.norm))
    score = max(_hedged(spoken, milder, {signal.why for signal in found}), mood)
    why = [signal.why for signal in found] or (["说法像投诉"] if spoken >= _LOOKED_AT else [])
    if not why:
        return Complaint(score, "语气平和" if mood < _MOOD_KNEE else "语气不满，没有具体诉求")
    return Complaint(score, "；".join([*why, *sorted(hedge.value for hedge in milder)]))


def _spoken(text: TextFacts, found: Sequence[_Signal], mentions_bot: bool) -> float:
    """What phrases amount to, with mood and wording beside them; 0 without any."""
    if not found:
        return 0.0
    wording = min(max(_log_odds(text.grievance), -_SURE), _SURE)
    odds = _BASE + _MOOD_WEIGHT * _log_odds(max(text.mood, _CALM)) + _WORDING * wording
    odds += sum(signal.weight for signal in found) + _QUESTION * text.is_question + 0.5 * mentions_bot
    return 1 / (1 + math.exp(-odds))


def _hedged(score: float, milder: frozenset[Hedge], whys: Collection[str]) -> float:
    """A score brought down by what makes the words milder; what insists is not taken for a question."""
    if milder & {Hedge.ASKED, Hedge.SETTLED, Hedge.OWN_DOING, Hedge.RAISED_HANDS} and not _INSISTS.intersection(whys):
        return min(score, _NOT_OURS)
    return min(score, _NO_CASE) if milder & {Hedge.ELSEWHERE, Hedge.IN_FUN} else score


def has_grievance(text: TextFacts) -> bool:
    """Whether any phrase of complaining is there at all, or the call for a person: a look that costs little."""
    words = text.compact
    hinted = possible(words)
    if CALL.why in hinted and _CALL.search(words):
        return True
    return text.grievance >= _LOOKED_AT or any(
        signal.why in hinted and signal.pattern.search(words) for signal in _SIGNALS
    )


def level(score: float, policy: EscalationPolicy) -> str:
    """The level of a score under a policy."""
    if score >= policy.escalate_at:
        return "escalate"
    return "watch" if score >= policy.watch_at else "none"


def _mood_alone(mood: float, characters: int) -> float:
    """What mood amounts to without any phrase: `_MOOD_NOTICED` is worth being noticed, and nothing opens a case."""
    length = _LENGTH * math.log(min(max(characters, _SHORTEST), _LONGEST) / _USUAL)
    score = 1 / (1 + math.exp(-(_log_odds(_MOOD_KNEE) + _log_odds(mood) + length - _MOOD_NOTICED)))
    if score <= _MOOD_KNEE:
        return score
    return _MOOD_KNEE + (score - _MOOD_KNEE) * (MOOD_CEILING - _MOOD_KNEE) / (1 - _MOOD_KNEE)


def _grievance_alone(odds: float, characters: int) -> float:
    """What wording amounts to: straight between the log-odds that are worth being noticed and worth a case."""
    odds += _TERSE * math.log(min(characters, _FEW) / _FEW)
    step = (_log_odds(_CASE) - _log_odds(_MOOD_KNEE)) / (_WORDED_CASE - _WORDED_NOTICED)
    return min(1 / (1 + math.exp(-(_log_odds(_MOOD_KNEE) + step * (odds - _WORDED_NOTICED)))), CERTAIN)


def _log_odds(probability: float) -> float:
    kept = min(max(probability, 1e-6), 1 - 1e-6)
    return math.log(kept / (1 - kept))
