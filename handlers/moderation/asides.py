"""What keeps a bad word from counting: it is told, forbidden, cited, in fun, of oneself, a thing, somebody absent."""

import re

from domain.text import TextFacts
from handlers.moderation.lexicon import Hit

FACE = re.compile("你|您|妳|恁|侬|丫|楼上|楼主")
"""Somebody is spoken to."""
_WHOM = "(?:我|人|他|她|别人|大家|咱|俺|我们|他们|她们|客服|群主|孩子|老人|顾客|同学|家人|女生|男生)?"
_REPORTS = re.compile(
    rf"(?:骂(?!谁)|(?<![胡瞎再小])说(?!人话|话|谎|假话|大话|八道|的?就?是你|瞎话)|(?<![狗乱鬼猪驴嚎吠瞎再])叫(?!唤|花子|嚣)|喊|喷(?!子|粪)|称|侮辱|诬陷|回复|怼|咒)(?:了|过|着|成)?{_WHOM}(?:们)?(?:是|叫|一句|了句|"
    rf"一声|什么|的是|一下|道|个|全是|当众)?"
    r"|被(?:他|她|人|别人|对方|客服|商家|骑手|店家|老板|同学|老师|网友)?(?:们)?(?:骂|说|叫|喊|喷|称|当)(?:了|成|是|作|我)?"
    r"|(?:(?<!要)不要(?!脸|逼|碧|比脸|face)|(?<![特区个级分类性])别|(?<!能)不能|禁止|请勿|不许|拒绝|(?<![怪恨巴舍见顾怨由容了使免要等比])不得(?!好死|善终|安宁|了)|举报(?!了)|投诉(?!了))(?:再|随便|乱|在群里)?(?:骂|说|叫|喊|发)?(?:人|别人|他人|脏话)?(?:是)?"
    r"|(?:让|叫|喊|要|请|催|赶)(?:他|她|对方|别人|人家)们?(?:赶紧|快点?|马上|立刻|直接|自己)?"
    r"|[让要]我|为什么(?:要|总)?(?:骂|说)(?:我|人)|什么(?:叫|是)|这个词|意思是|骂的|骂人话|翻译|歌词|台词|原话|原文|标题|书名|电影|那句|有句|写着|写道|外号|绰号"
)
"""What makes a bad word told (他骂我…) or forbidden (不要说…) rather than said."""
_FORBIDS = frozenset(["别", "不要", "不能", "禁止", "请勿", "不许", "拒绝", "不得"])
"""These alone forbid what follows at once (别傻了), and nothing of the next clause."""
_TELLS = re.compile(
    "骂(?!的?(?:就|全|都)?是你|你|街|谁呢)|(?:侮辱|诬陷|怼|咒|嘲笑|回复|称呼)(?:了|过|着)?(?:我|人|他|她|别人|大家|孩子|老人)|喷(?:了|过|着)?(?:我|他|她|别人)"
    "|(?:他|她|人家|别人|有人|我们|咱们|他们|客服|商家|店家|老板|老师|同学|邻居|网友|对方|孩子|司机|店员|前任|男友|女友|同事|领导|婆婆|(?<!你)[妈爸]|骑手|小哥|朋友).{0,4}(?:说|叫|喊|称)(?!话)"
    "|被(?:他|她|人|别人|对方|客服|商家|骑手|店家|老板|同学|老师|网友)?(?:们)?(?:骂|说|叫|喊|喷|称|当)"
    "|(?:(?<!要)不要|(?<![特区个级分类性])别|(?<!能)不能|禁止|请勿|不许|拒绝|(?<![怪恨巴舍见顾怨由容了使免要等比])不得|举报(?!了)|投诉(?!了))(?:再|随便|乱|在群里|老|总)?(?:骂|说(?!话|了)|叫(?!唤|了|啊|嚣|吧)|喊|用|讲|发(?![癫疯骚病情浪神])|人身)"
    "|[说叫喊](?:了|过)?(?:我|他|她|别人|人家)|让我(?!恶心|作呕|想吐|反胃|鄙视|火大|看不起)|要我(?!说)|[让请催](?:他|她|对方|别人|人家)|什么(?:叫|是)|这个词|意思是|啥意思|什么意思|翻译"
    "|歌词|台词|原话|原文|标题|书名|电影|那句|有句|写着|写道|外号|绰号"
)
"""On the whole message: it tells or forbids what is said."""
_CITED = re.compile(
    "(?:符号|缩写|简称|代号|型号|歌词|台词|原话|原文|标题|书名|电影|那句|有句|写着|写道|外号|绰号|叫做|名叫)[^，。,.]{0,6}$"
)
_TITLED = re.compile("^[^《》]*》")
_TALKED_ABOUT = re.compile(
    "(?:是|是个|算)?.{0,3}?(?:元素|符号|缩写|全称|型号|公司|检查|铅笔|这个电影|这个台词|什么意思|啥意思|怎么读|怎么写|怎么翻译|用英语|用英文|是骂人|是脏话|这个?(?:词|成语|俗语|谚语|典故|梗|称呼|说法)|"
    "这个?单词|这句|这两个?字|这首歌|这歌|这部|这本|的全称|是什么梗|什么梗|贬义"
    "|这[种类样些](?:的)?(?:话|词|字眼|称呼|说法|字)|是哪[里儿]的?[话人]?|之类|等[词字]|造句|的?(?:概率|典故|出处|意思|故事|反义词|近义词|英文|拼音)|表情包?|公仔|玩偶|乐园|神器|指南|"
    "专业户是谁|怎么[回反]|有(?:什么|啥|何|多大)(?:区别|不同|差别|讲究|关系$)|是谁演|算不算|是哪[种部首个位](?!畜|狗|混)|是什么(?!东西|玩意|货|狗|垃圾|德|人$|好)|这个(?:网名|名字|昵称|群名|歌名|店名|品牌|牌子|角色|拼音)|[和与跟][a-z]{1,4}(?:哪|的|是|有|怎)"
    "|是.{2,8}(?:师|协会|代码|标准|单位|编码|机构|接口)$)"
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
GOODS = re.compile(f"{_THING}|买|退货|退款|发货|下单|收货|差评|好评|店|商家|假货|做工|尺|洗|掉色|难吃|味|新鲜")
"""Where people speak of what they bought."""
_THING_BEFORE = re.compile(
    rf"(?<!你在)(?:{_THING})(?:客户端)?(?:[这真就也都还又是像跟个一种只头坨条的]|真的|简直|绝对|实在|有点|怎么|什么|这么|那么|太|可|他妈的?|特么|纯纯?|妥妥|不是|是不是|跟个|"
    rf"写得|做得|搞得|设计得){{0,6}}$"
)
_THING_AFTER = re.compile(rf"(?:了?的|一样的|玩意儿?)?(?:{_THING})(?!的?(?:人|老板|客服|管理))")
_SELF = re.compile(
    "(?<![给对跟让骂叫被把为和比像看])(?:我|俺|本人|自己|咱|人家)(?:真是|就是|这个|怎么|可能|果然|大概|一个|像个|成了|简直|居然|被自己|觉得|感觉|当时|确实|有点|那么|这么|特么|他妈|"
    "真|就|是|这|个|好|太|也|又|像|还|的|们|都|才|俩|两个|一|破|程序员|成|变成|得|当|做){0,5}$"
)
_SELF_AFTER = re.compile("(?:如|像|就?是|就像|竟是|竟然是|说的就?是|不过)我|本[人尊]|式(?:开心|快乐)")
_CONFESSED = re.compile("说的?(?:就是)?我自己|我说我自己|说的?就是我(?:了|吧|啊)?$|是我本人")
_MERRY = re.compile(
    "(?:笑|乐|哭|累|忙|困|懒|睡|吃|胖|饿|冻|晒|开心|高兴|快乐|激动|兴奋|感动|紧张|幸福)得?(?:[像跟]|就像|简直像|活像)(?:个|只|头|条|一个|一只|一头|一条)?$"
)
_ABSENT = re.compile(
    "的人(?:也|都|真|太|就|实在|是)*$|的(?:那个)?(?:司机|店家|邻居|男的|女的|车主|狗主人|家长)(?:也|都|真|太|就|实在|是)*$|偷.{1,3}的(?:真|太|都)?$|肇事.{0,4}$|"
    "(?:(?:新闻|剧|电影|小说|片子|电视|视频|故事|历史)(?:里|中|上)?|书[里中上])的?(?:那个|这个|有个)?.{0,4}$|那个.{1,4}(?:司机|邻居|商家|教练|男的|女的|老头)(?:真|太|也|就|是|实在)*$|角色"
)
"""Before a word: people who are not here, or who are not real."""
_OUTBURST = frozenset("操草艹肏日干曰c去滚靠屌叼丢")
"""First letters of curses, before which 我 is no confession (我去你…)."""
_SAID_OF_OTHERS = re.compile("(?:我家|咱家|家里|他家|邻居)(?:那?[个只条]?)?[^你]{0,4}$")
"""Pets and children at home are scolded lovingly."""
_PLAYFUL = re.compile(
    "哈哈|嘻嘻|嘿嘿|嘤嘤|宝宝|宝贝|亲爱|么么|抱抱|爱你|想你|(?<![谁敢])[嫁娶](?!不|了?你|给你|得)|乖(?!孙子|儿子)|脸色(?:好差|不好)|要不要紧|多喝(?:点|热)?水|身体要紧|不怪你|你没错|不是你的错|别听[他她]|晚安|哥们|姐妹|(?<!别人)(?<!人家)(?<![你有])老[婆公](?!跑|不要|被)|😂|🤣|😘|😜|😝|❤|狗头|捂脸|偷笑|doge|调皮|吐舌"
    "|又逗我|又开玩笑|别哭|别难过|[呀哦噢喔嘛哟][?!。~]*$"
)
"""On the whole message: what friends put to a rude word among themselves."""
_FOND = re.compile(
    "死心塌地|不见不散|(?<!不)灵光|去你的吧|送你(?:[一两几]|个|只)|老六|鬼灵精|机灵鬼|小可爱|小迷糊|瓜娃子|憨憨|小笨蛋|小傻瓜|小坏蛋|小淘气|戏精|显眼包"
)
"""Banter and gifts that a model takes for earnest; beside words of the lists it excuses nothing."""
_DENIED = re.compile("(?:你|您|他|她|我|谁|人家|并|也|都|才|真的?|绝对|从来|根本)不是(?:个|一个|什么|真的?)?$")
_ASKED_BACK = re.compile("(?:[吗么嘛吧]|你|还|那?是|谁)")
"""After it: 你不是废物 comforts, 你不是废物吗 does not."""
_QUOTE = re.compile("[“‘「『《\"'【][^”’」』》\"'】\n]{1,40}[”’」』》\"'】]")


def aside(hit: Hit, text: TextFacts, to_face: bool) -> bool:
    """Whether a word is not said in earnest to anybody; what is said ``to_face`` is neither one's own nor cited."""
    told_of = reported(hit, text) or of_thing(hit, text) or absent(hit, text) or denied(hit, text)
    return told_of or (not to_face and (own(hit, text) or cited(hit, text)))


def reported(hit: Hit, text: TextFacts) -> bool:
    """Whether a word is told or forbidden (他骂我…, 不要说…, … 是什么意思) rather than said."""
    before, after = around(hit, text)
    if _TALKED_ABOUT.match(after) or _CITED.search(before) or _TITLED.search(text.raw, hit.span[1], hit.span[1] + 20):
        return True
    matches = list(_REPORTS.finditer(before))
    gap = before[matches[-1].end() :] if matches else ""
    near = 1 if matches and matches[-1].group() in _FORBIDS else 4
    return bool(matches) and len(gap) <= near and "你" not in gap and "我" not in gap


def quoted(text: TextFacts) -> bool:
    """Whether a message may tell what others said, anywhere in it."""
    return _REPORTS.search(text.norm) is not None


def tells(text: TextFacts) -> bool:
    """Whether a message plainly tells or forbids what is said."""
    return _TELLS.search(text.norm) is not None


def playful(text: TextFacts) -> bool:
    """Whether a message laughs or is fond (你傻呀, 哈哈你个老狗)."""
    return _PLAYFUL.search(text.norm) is not None


def fond(text: TextFacts) -> bool:
    """Whether somebody is called what only friends are called (你个老六, 瓜娃子)."""
    return _FOND.search(text.norm) is not None


def own(hit: Hit, text: TextFacts) -> bool:
    """Whether somebody speaks of themselves (我真是个…) or of their own at home (我家那个…)."""
    before, after = around(hit, text)
    if text.compact[hit.start] in _OUTBURST:
        return False
    merry = _MERRY.search(before) is not None and FACE.search(before) is None
    return (
        merry
        or _CONFESSED.search(text.norm) is not None
        or _SELF.search(before) is not None
        or _SAID_OF_OTHERS.search(before) is not None
        or _SELF_AFTER.match(after) is not None
    )


def absent(hit: Hit, text: TextFacts) -> bool:
    """Whether people are scolded who are not here (插队的人真没素质, 剧里那个畜生), and nobody is spoken to."""
    before, after = around(hit, text)
    scolded = _ABSENT.search(before) is not None or after.startswith(("角色", "型角色", "这个角色", "的角色", "演得"))
    return scolded and FACE.search(text.norm) is None


def denied(hit: Hit, text: TextFacts) -> bool:
    """Whether somebody is said not to be this (你不是废物), unless a question makes it an insult."""
    before, after = around(hit, text)
    return _DENIED.search(before) is not None and not _ASKED_BACK.match(after)


def cited(hit: Hit, text: TextFacts) -> bool:
    """Whether a word stands between quotation marks (“狗东西”这种话)."""
    low, high = hit.span
    return any(quote.start() < low and high < quote.end() for quote in _QUOTE.finditer(text.raw))


def of_thing(hit: Hit, text: TextFacts) -> bool:
    """Whether a thing is called names (这空调就是个废物, 智障软件), however rudely."""
    before, after = around(hit, text)
    return _THING_BEFORE.search(before) is not None or _THING_AFTER.match(after) is not None


def around(hit: Hit, text: TextFacts) -> tuple[str, str]:
    """A few characters before and after a hit."""
    return text.compact[max(0, hit.start - 16) : hit.start], text.compact[hit.end : hit.end + 20]
