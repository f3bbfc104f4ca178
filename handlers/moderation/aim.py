"""Whom a word is aimed at: said to somebody's face, thrown at them, told about, forbidden, or about oneself."""

import re

from domain.text import TextFacts
from handlers.moderation.lexicon import Hit
from handlers.text.pairs import unseen

SHORT = 14
"""Characters around a word thrown at somebody; longer talk is about something."""
_YOU = r"(?:你们?|您|妳|恁|侬|丫的?|尔等|汝|楼上的?|楼主|某人|有些人|有的人|某些人)"
_FACE = re.compile("你|您|妳|恁|侬|丫|楼上|楼主")
_PEOPLE = re.compile("(?<![没有大加本别])人|男|女|们|鬼|婊|他|她|某|货|东西")
_LINK = (
    r"(?:这|那|这个|那个|这种|那种|这些|那些|这帮|那帮|这群|那群|个|种|些|帮|群|就是|就|是|真是|真的|真|简直|才|他妈的?|妈的|算|都是|都|不过|"
    r"一个|一群|也|可|太|好|怎么|这么|那么|还|老|大|小|死|臭|烂|破|狗|全家|一家|家|们|的|又|很|特么|tm|踏马|尼玛|丫|跟|像|和|只|头|条|"
    r"简直是|跟个|像个|像只|像头|有点|好像|确实|果然|是不是|这样的|那样的|纯|纯纯|妥妥|绝对|天生|活该|长得|笑死|哈|怕|怕不|莫|系咪|"
    r"一条|一只|一头|一坨|一根|不是|不就是|真的是|只是|无非|多|多少|够|真够|可真|实在|也太)"
)
_TOLD = re.compile(rf"(?<![比爱欢想给跟和被为了])(?:{_YOU})(?!的){_LINK}{{0,6}}$")
_NEAR = re.compile(
    rf"{_YOU}(?!家|的|妈|爸|好|老婆|老公|朋友|同事|儿子|女儿|孩子|弟|哥|姐|妹|觉得|知道|看|遇)"
    r"(?:(?![我他她它咱俺被骂防抓怕买卖给要当]|不是|没有|觉得|认为|以为|遇到|碰到|小心|喜欢|讨厌|害怕|相信|叫做).){0,8}$"
)
"""Looser, for words that can hardly mean anything but a person."""
_TOLD_AFTER = re.compile(
    "(?:玩意儿?|东西|货|一个|一样)?(?:吧|啊|呢|呀|是吧|了|的)?(?:你们?|您)(?:这?个?人|这?种人|这货|丫|呀|啊|吧|的|呢)?$|.{0,12}(?:说的?就?是你|说你呢)"
)
_ENDS = frozenset("吗吧啊呀呢嘛啦哦了的么一玩东货呗哇")
"""What may follow a one-letter word that calls somebody names: 你傻吗, but not 傻瓜相机."""
_SHOWS = re.compile(
    "(?:玩意儿?|东西|们)?(?:又(?:来|在|开始|急|跳|发)|天天|整天|一天到晚|就会|只会|还[敢好在想装嘴]|也[敢配好想]|破防|急了|跳脚|滚|闭嘴|中的(?:极品|战斗|垃圾|精品)|之徒|本[色性]|嘴脸|鉴定完毕|"
    "别[在来装叫吵逼]|少[在来装]|去死|爬|死全家|没救|没跑了|实锤|就是你|说的就是|出来|一样的东西|生的|养的|两边倒)"
)
_MET = re.compile("我|咱|俺|本|自己|喜欢|讨厌|遇|碰|见|抓|防|怕|躲|避|买|吃|养|喂|看|演|扮|叫做|名叫|做了?[个条]|当了?[个条]|[学装唱画写拍]|反[对派]|如何|怎么|治|警惕|小心|鉴定|认出|识别|找")
"""Before a name: somebody meets, fears, plays one, and calls nobody that."""
_BEFORE = re.compile(
    "(?:真的?|是|就是|纯纯?的?|死|臭|老|大|小|狗|破|烂|傻|贱|这|那|个|种|一|群|帮|又|来|了|还|妥妥的?|典型的?|果然|太|好|他妈的?|妈的|tm|特么|踏马|"
    "哪来的|哪里来的|全|都|什么|绝对|简直|他|她|他们|人|货|呵呵?|哈哈|笑死|呸|哼|操|艹|靠|啊|哟|有的人|某些人|楼上|群主|祖传|活脱脱|十足的?|不愧是){0,7}"
)
_AFTER = re.compile(
    "(?:玩意儿?|玩应|东西|货色?|一个|一只|一条|一枚|吧|啊|呢|呀|呗|的|了|罢了?|而已|队友|你|是吧|哈|呸|滚|们|真|就是|就这|无疑|一群|一帮|本人?|样子?|水平|"
    "行为|就|吗|哦|嘛|死了|得很|爆了|透顶|至极|到家了?|青年|人|辅助|打野){0,4}"
)
_GOES_ON = re.compile(
    "(?:玩意儿?|东西|一个|们)?(?:还|也|就|别|闭|滚|少|才|敢|懂|莫|休|再|活该|能不能死|死|装|出来|有本事|有种|你|谁|什么|去|操作|玩家|是吧)"
)
"""After a word for a person: what goes on against that person."""
TALE = 4
"""Characters of other clauses that make a tale."""
_PREDICATE = re.compile("没|不|遭|报应|太|坏透|烂透|恶心|油|吃相|缺|丧|黑心|为老|倚老|下头|下流|无耻|卑鄙|活该")
_AT_ALL = re.compile("你|您|妳|丫|楼上(?!邻居|的?住户|装修|漏水|那家|邻)|群主|滚|闭嘴|呸|死|管理|客服|老板|@")
_BUTT = re.compile(
    "滚|闭嘴|别(?!买|去|吃|点|信|用)|有本事|有种|出来|去死|敢|你再说|单挑|莫|少在|叫什么|急什么|懂什么|就你|呸|死[一远开]|爬"
)
"""Signs in the rest of a message that it is turned against somebody."""
_WHOM = "(?:我|人|他|她|别人|大家|咱|俺|我们|他们|她们|客服|群主|孩子|老人|顾客|同学|家人|女生|男生)?"
_REPORTS = re.compile(
    rf"(?:骂|(?<![胡瞎再小])说(?!人话|话|八道|的?就?是你|瞎话)|叫|喊|喷|称|侮辱|诬陷|回复|怼|咒)(?:了|过|着|成)?{_WHOM}(?:们)?(?:是|叫|一句|了句|一声|什么|的是|一下|道|个|全是|当众)?"
    r"|被(?:他|她|人|别人|对方|客服|商家|骑手|店家|老板|同学|老师|网友)?(?:们)?(?:骂|说|叫|喊|喷|称|当)(?:了|成|是|作|我)?"
    r"|(?:不要|别|(?<!能)不能|禁止|请勿|不许|拒绝|不得|举报|投诉)(?:再|随便|乱|在群里)?(?:骂|说|叫|喊|发)?(?:人|别人|他人|脏话)?(?:是)?"
    r"|(?:让|叫|喊|要|请|催|赶)(?:他|她|对方|别人|人家)们?(?:赶紧|快点?|马上|立刻|直接|自己)?"
    r"|[让要]我|为什么(?:要|总)?(?:骂|说)(?:我|人)|什么(?:叫|是)|这个词|意思是|骂的|骂人话|翻译|歌词|台词|原话|原文|标题|书名|电影|那句|有句|写着|写道|外号|绰号"
)
"""What makes a bad word told (他骂我…) or forbidden (不要说…) rather than said."""
_CITED = re.compile("(?:歌词|台词|原话|原文|标题|书名|电影|那句|有句|写着|写道|外号|绰号|叫做|名叫)[^，。,.]{0,6}$")
_TITLED = re.compile("^[^《》]*》")
_TALKED_ABOUT = re.compile(
    "(?:是|是个|算)?.{0,3}?(?:元素|符号|缩写|全称|型号|公司|检查|铅笔|这个电影|这个台词|什么意思|啥意思|怎么读|怎么写|怎么翻译|用英语|用英文|是骂人|是脏话|这个词|这词|这个?单词|这句|这两个?字|这首歌|这歌|这部|这本|的全称|是什么梗|什么梗|贬义"
    "|这[种类样些](?:的)?(?:话|词|字眼|称呼|说法|字)|之类|等[词字]|造句|的?(?:概率|典故|出处|意思|故事|反义词|近义词|英文|拼音)|表情包?|公仔|玩偶|乐园|神器|指南|专业户是谁|怎么[回反]|是谁演|算不算)"
)
"""What follows a bad word that is spoken about and not said."""
_THING = (
    "手机|电脑|平板|软件|系统|程序|游戏|服务器?|网络|网站|网速|信号|[wW]ifi|快递|物流|产品|商品|质量|包装|衣服|鞋子?|裤子|裙子|空调|冰箱|洗衣机|电视|充电宝|充电器|耳机|"
    "键盘(?!侠)|鼠标|电池|导航|天气|电影|电视剧|剧情?|综艺|小说|设计|规则|规定|活动|机制|功能|界面|更新|版本|算法|题目?|作业|考试|公司|车子|房子|外卖(?!员)|"
    "饭菜|味道|口味|食堂|机器人?|设备|app|页面|链接|按钮|流程|制度|价格|套餐|排位|匹配|比赛|球队|股票|基金|大盘|行情|闹钟|蚊子|苍蝇|猫|电梯|打印机|面膜|粉底|口红|"
    "玩具|家具|床垫|沙发|扫地机|洗碗机|路由器|音箱|相机|手表|手环|驱动|代码|接口|插件|字幕|配音|结局|公园|地铁|高铁|航班|小区|停车场|红绿灯|奶茶|咖啡|水果|布料|面料|"
    "料子|做工|屏幕|镜头|脚本|文案|方案|合同|协议|发票|订单|优惠券|红包|积分|抽奖|策略|政策|节目|广告|视频|直播|新闻|标题|字体|颜色|尺码|款式"
)
"""What is scolded without anybody being insulted; 客服, 老板, 裁判 are people."""
_THING_BEFORE = re.compile(
    rf"(?:{_THING})(?:客户端)?(?:[这真就也都还又是像跟个一种只头坨条的]|真的|简直|绝对|实在|有点|怎么|什么|这么|那么|太|可|他妈的?|特么|纯纯?|妥妥|不是|是不是|跟个|写得|做得|搞得|设计得){{0,6}}$"
)
_THING_AFTER = re.compile(rf"(?:的|一样的|玩意儿?)?(?:{_THING})(?!的?(?:人|老板|客服|管理))")
_SELF = re.compile(
    "(?<![给对跟让骂叫被把为和比像看])(?:我|俺|本人|自己|咱|人家)(?:真是|就是|这个|怎么|可能|果然|大概|一个|像个|成了|简直|居然|被自己|觉得|感觉|当时|确实|有点|那么|这么|特么|他妈|"
    "真|就|是|这|个|好|太|也|又|像|还|的|们|都|才|俩|两个|一|破|程序员|成|变成|得|当|做){0,5}$"
)
_SELF_AFTER = re.compile("(?:如|像|就?是|就像|竟是|竟然是|说的就?是|不过)我|本[人尊]|式(?:开心|快乐)")
_MERRY = re.compile(
    "(?:笑|乐|哭|累|忙|困|懒|睡|吃|胖|饿|冻|晒|开心|高兴|快乐|激动|兴奋|感动|紧张|幸福)得?(?:[像跟]|就像|简直像|活像)(?:个|只|头|条|一个|一只|一头|一条)?$"
)
_OUTBURST = frozenset("操草艹肏日干曰c去滚靠屌叼丢")
"""First letters of curses, before which 我 is no confession (我去你…)."""
_SAID_OF_OTHERS = re.compile("(?:我家|咱家|家里|他家|邻居)(?:那?[个只条]?)?[^你]{0,4}$")
"""Pets and children at home are scolded lovingly."""


def told(hit: Hit, text: TextFacts) -> bool:
    """Whether somebody is told to their face that they are this (你就是个…, … 说的就是你)."""
    before, after = _around(hit, text)
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
        absent = len(rest) > TALE and _PREDICATE.match(text.compact, hit.start) and not _AT_ALL.search(rest)
        return not absent
    if hit.end - hit.start < 2:
        return False
    if not rest:
        return directed and len(before) + len(after) <= 3
    return len(rest) <= SHORT and _BUTT.search(rest) is not None


def of_thing(hit: Hit, text: TextFacts) -> bool:
    """Whether a thing is called names (这空调就是个废物, 智障软件), however rudely."""
    before, after = _around(hit, text)
    return _THING_BEFORE.search(before) is not None or _THING_AFTER.match(after) is not None


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


def reported(hit: Hit, text: TextFacts) -> bool:
    """Whether a word is told or forbidden (他骂我…, 不要说…, … 是什么意思) rather than said."""
    before, after = _around(hit, text)
    if _TALKED_ABOUT.match(after) or _CITED.search(before) or _TITLED.search(text.raw, hit.span[1], hit.span[1] + 20):
        return True
    matches = list(_REPORTS.finditer(before))
    gap = before[matches[-1].end() :] if matches else ""
    return bool(matches) and len(gap) <= 4 and "你" not in gap and "我" not in gap


def quoted(text: TextFacts) -> bool:
    """Whether a message tells what others said, anywhere in it."""
    return _REPORTS.search(text.norm) is not None


def playful(text: TextFacts) -> bool:
    """Whether a message laughs or is fond (你傻呀, 哈哈你个老狗)."""
    return _PLAYFUL.search(text.norm) is not None


def own(hit: Hit, text: TextFacts) -> bool:
    """Whether somebody speaks of themselves (我真是个…) or of their own at home (我家那个…)."""
    before, after = _around(hit, text)
    if text.compact[hit.start] in _OUTBURST:
        return False
    merry = _MERRY.search(before) is not None and _FACE.search(before) is None
    return (
        merry
        or _SELF.search(before) is not None
        or _SAID_OF_OTHERS.search(before) is not None
        or _SELF_AFTER.match(after) is not None
    )


def cited(hit: Hit, text: TextFacts) -> bool:
    """Whether a word stands between quotation marks (“狗东西”这种话)."""
    low, high = hit.span
    return low > 0 and text.raw[low - 1] in _OPENING and text.raw[high : high + 1] in _CLOSING


def faces(text: TextFacts) -> bool:
    """Whether a message speaks to somebody at all."""
    return _FACE.search(text.norm) is not None


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


_PLAYFUL = re.compile(
    "哈哈|嘻嘻|嘿嘿|嘤嘤|宝宝|宝贝|亲爱|么么|抱抱|爱你|想你|嫁|娶|乖|晚安|哥们|姐妹|老婆|老公|😂|🤣|😘|😜|😝|❤|狗头|捂脸|偷笑|doge|调皮|吐舌"
    "|[呀哦噢喔嘛哟][?!。~]*$"
)
"""On the whole message: what friends put to a rude word among themselves."""
_OPENING, _CLOSING = frozenset("“‘「『《\"'【"), frozenset("”’」』》\"'】")
_CLAUSE_END = re.compile(r"[，。！？；、~…,!?;\n]")


def _around(hit: Hit, text: TextFacts) -> tuple[str, str]:
    return text.compact[max(0, hit.start - 16) : hit.start], text.compact[hit.end : hit.end + 20]
