"""The signs of an advert in normalised text: ways to make contact, calls to act, and the talk of somebody who sells.

A weight is a share of log odds, set by hand on texts of our own (bench/devsets) and on clean chat, never by one text.
"""

import re
from dataclasses import dataclass

CONTACT, CALL, TRADE, DOUBT = "contact", "call", "trade", "doubt"


@dataclass(frozen=True, slots=True)
class Sign:
    """One sign: its kind, how it is named in reasons, its weight, and what it looks like."""

    kind: str
    title: str
    weight: float
    pattern: re.Pattern[str]


_DIGIT = "[0-9零一二三四五六七八九壹贰叁肆伍陆柒捌玖]"
_ID = r"[a-z][a-z0-9_-]{4,19}"
_ID_WITH_DIGIT = rf"(?=[a-z0-9_-]*[0-9_])(?:{_ID}|1[3-9][0-9]{{9}})"
_GAP = r"[\s:号是为=\-—>→.,|/\\()\[\]*+]{0,6}"
_ASK = r"(?:\+|加|添加|联系|咨询|私|找|搜|扫|call|请加|可加|速加|来加)"
_WHOM = "(?:我|本人|老师|客服|助理|经理|店长|小编|群主)?"
_WECHAT = r"(?:微信|weixin|wechat)"
_SLY = r"(?:v信|vx|wx|微❤芯?|威❤芯?|❤我|微x|v❤|v|薇芯|薇信|威信|微芯|维信|徽信|卫星|薇|威|徽|嶶|微)"
_QQ = "(?:qq|q群|企鹅|扣扣|扣群|蔻蔻|球球)"
_QQ_SLY = "(?:扣裙|扣|抠|寇|q|蔻|裙)"
_SEVERAL = "(?:元|块|万|k|w|千)"


def _sign(kind: str, title: str, weight: float, pattern: str) -> Sign:
    return Sign(kind, title, weight, re.compile(pattern))


CONTACTS: tuple[Sign, ...] = (
    _sign(CONTACT, "手机号", 2.2, r"(?<![0-9])1[3-9](?:[ \-.·*_]?[0-9]){9}(?![0-9])"),
    _sign(CONTACT, "变形的手机号", 6.5, rf"(?<!{_DIGIT})[1一壹](?: ?{_DIGIT}){{8,10}}(?! ?{_DIGIT})"),
    _sign(CONTACT, "热线", 2.2, r"(?<![0-9])[48]00-?[0-9]{3}-?[0-9]{4}(?![0-9])"),
    _sign(CONTACT, "变相QQ号", 4.8, rf"{_ASK} ?{_QQ_SLY}\s?{_GAP}[1-9][0-9]{{4,10}}(?![0-9])"),
    _sign(CONTACT, "QQ号", 3.0, rf"{_QQ}{_GAP}[1-9][0-9]{{4,10}}(?![0-9])"),
    _sign(CONTACT, "变相QQ号", 3.4, rf"(?<![a-z0-9]){_QQ_SLY}{_GAP}[1-9][0-9]{{4,10}}(?![0-9])"),
    _sign(
        CONTACT,
        "变形的号码",
        6.5,
        rf"(?:{_QQ}|{_QQ_SLY}|{_SLY}){_GAP}(?=[0-9]*[一二三四五六七八九]){_DIGIT}{{6,11}}(?!{_DIGIT})",
    ),
    _sign(CONTACT, "加微信", 5.4, rf"{_ASK} ?我?的? ?{_WECHAT}{_GAP}{_ID_WITH_DIGIT}(?![a-z0-9])"),
    _sign(CONTACT, "微信号", 3.2, rf"{_WECHAT}{_GAP}(?:{_ID}|1[3-9][0-9]{{9}})(?![a-z0-9])"),
    _sign(CONTACT, "变相微信号", 6.4, rf"(?<![a-z0-9]){_SLY}我?{_GAP}{_ID_WITH_DIGIT}(?![a-z0-9])"),
    _sign(
        CONTACT,
        "变相加微信",
        4.6,
        rf"{_ASK} ?我?的? ?(?:vx|wx|v|薇|威|徽|嶶|卫星|企鹅|扣|抠|❤)(?![a-z])|有我 ?v(?![a-z])",
    ),
    _sign(CONTACT, "电报", 3.4, r"(?:电报|飞机|tg|telegram|纸飞机)(?:联系|号|群|私|找|@|:)"),
    _sign(CONTACT, "关注领取", 3.0, "关注.{0,4}公众号|回复 ?[0-9]+ ?领|集赞"),
    _sign(CONTACT, "账号", 2.6, rf"(?:联系|资料|咨询|找我|加我|:) ?{_ID_WITH_DIGIT}$"),
    _sign(CONTACT, "邀请码", 3.6, r"邀请码 ?[a-z0-9]{4,10}|填(?:写)?我?的?邀请码"),
    _sign(
        CONTACT,
        "加我",
        2.6,
        rf"(?:加|\+){_WHOM}(?:的)?(?:微信|微(?![博波量]|信号)|vx|wx|qq|好友)|滴滴我|滴我|dd我|戳我头像|加我(?!们)",
    ),
    _sign(
        CONTACT,
        "看资料联系",
        4.0,
        "(?:看|加|点|戳)(?:我的?)?(?:头像|主页|签名|名片|简介)(?:加|联系|签名|$|,)|(?:主页|头像|名片|签名|简介)里?有(?:我|联系|方式)|扫我(?:发的)?(?:二维)?码",
    ),
    _sign(CONTACT, "拉群", 1.7, r"(?:群号|进群|加群|入群|扫码|二维码|拉你进群|店长)"),
)
CALLS: tuple[Sign, ...] = (
    _sign(
        CALL,
        "招呼大家来找",
        2.9,
        "(?:要|感兴趣|有意)[的者](?:宝子|姐妹|朋友|老板)?们?的?(?:请)?(?:私|d|滴|扣|联系|加|来|戳)|有?(?:需要|意)(?:联系|私)|想[^,.!]{1,5}的(?:扣|私|加|来|滴|d)|扣1|"
        "[,. ]私$|[,. ]d$|懂的来|找我(?:拿|做|领|办)|款找我$|价格私|私聊(?:购买|领)",
    ),
    _sign(CALL, "招呼私聊", 2.3, "私聊我|私信我|私我|[,. ]私聊$|来电|联系我$|联系我[,. ]"),
    _sign(CALL, "提到私聊", 1.2, "私聊|私信|联系小"),
)
TRADE_SIGNS: tuple[Sign, ...] = (
    _sign(
        TRADE,
        "报酬承诺",
        1.6,
        rf"(?:日|天|周|月|年|小时|单|次)(?:入|赚|薪|结|收入|收益|净赚|佣)?[0-9一二三四五六七八九十百千万几两+\-~.]{{1,9}}(?:{_SEVERAL}|\+)|"
        f"[0-9]{{2,6}}(?:元|块)?(?:一|/|每)(?:天|小时|单|日|月)|[0-9]{{2,}}[-~到][0-9]{{2,}}(?:元|块)?(?:/|一|每)?(?:天|日|小时|"
        "单)|一[天单次月][一二三四五六七八九两几][百千万]|佣金[0-9]|返[0-9]|(?:提现|多赚|多了|赚了?|得|送|领)[0-9]+",
    ),
    _sign(
        TRADE,
        "标价",
        1.4,
        r"[0-9](?:\.[0-9]+)?(?:元|块)(?!钱)|[0-9]块[0-9]|[0-9]斤[0-9]|一[次年个斤] ?[0-9.]+|[年月]卡[0-9]|[0-9]折|"
        "[一二三四五六七八九]折|[0-9.]+%起|[0-9]一[次个斤双张]|[十百千两]一[次个斤双张套]|[二三四五六七八九十百千]+(?:元|块)(?!钱)|原价|现价|加[0-9]+",
    ),
    _sign(
        TRADE,
        "优惠",
        1.3,
        "包邮|折|优惠|立减|直降|特价|限量|限本群|名额|限时|前[0-9]+名|满[0-9]+[送减]|充[0-9]+送|免费|领取|领券|领红包|领[0-9]|送[0-9]|大酬宾|开业|体验课|"
        "试听|成团|大?红包|福利|大礼|首付|免押|不收费|零首付|赠|抽奖送|即送|就送|自取",
    ),
    _sign(
        TRADE,
        "招揽",
        1.5,
        "下单|报名|预约|订购|购买|选购|咨询|办理|加急|招生|招募|招聘|直招|招商|加盟|代办|代做|出售|(?:低价|急|便宜)出|出一[批些台个]|转让|师傅|学徒|亲子营|训练营|"
        "接单|证明|利息|回收|现货|货源|上门|热线|项目|合伙|副业|赚钱|资源|资料|人气|"
        "演唱会.{0,6}票|账号|随叫随到|有保障|一对一|指导|私教|减肥|丰胸|疗程|视频聊|交友|单身美女|试玩|提现|集赞|"
        "转发.{0,6}个群|投(?:个|一)?票|邀请一个|通下水|疏通|开锁|搬家公司|保洁|清洗|维修|随到随学|旅游团|日游|不进店|捕鱼|"
        "麻将|出资料|挣",
    ),
    _sign(
        TRADE,
        "行话",
        2.7,
        "推单|红单|跟单|上车|买球|抵贷|债务|赚米|收购|高价收|批发|直供|押题|真人粉|引流|无效退款|不成功|裸聊|外挂|代发|代写|下证|拿证|包过|稳赢|竞猜|放款|下款|放贷|"
        "收u|秒结|监听|黑客|开光|招财|测桃花|占卜|球盘|务工|包机票|提额",
    ),
)
DOUBTS: tuple[Sign, ...] = (
    _sign(
        DOUBT,
        "求助",
        -2.6,
        "怎么(?!办理|联系)|如何|吗|呢$|被骗|骗子|诈骗|报警|小心|别信|别点|是不是|投诉|举报|退货|退款(?<!无效退款)|收件|收货|订单|快递|外卖|尾号|联系不上|靠谱[吗么不]|"
        "靠不靠谱|多少|谁(?!需|要)",
    ),
    _sign(
        DOUBT,
        "自己的号",
        -2.0,
        "我的?(?:电话|手机|号码|手机号|qq)(?:是|号|换|:| |[0-9])|我的?新号|换号|存一下|打我|"
        "班级|家长|同学|会议|文件|照片|业主|物业|班长|客服热线|接龙|拼单|统一订",
    ),
)
"""What makes it rather a question, a warning, or one's own number for friends."""

SHORTENERS = frozenset(
    ["t.cn", "dwz.cn", "url.cn", "suo.im", "bit.ly", "tb.cn", "w.url.cn", "0x3.me", "985.so", "mrw.so", "c-t.work"]
)
LINK = re.compile(
    r"(?:https?://|www\.)?((?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.){1,6}"
    r"(?:com|cn|net|org|top|vip|xyz|cc|club|shop|site|info|me|io|app|link|ltd|pro|live|tv|asia|icu|fun|wang|ink|store|online|tech|work|ly|so|im))"
    r"(?![a-z0-9])(?:[/?#:][^\s一-鿿，。]*)?"
)
TOKEN = re.compile(r"[￥¥$€₤₳(（/][a-z0-9]{10,12}[￥¥$€₤₳)）/]")
"""A share code of a shop (淘口令)."""
SHOUT = re.compile(r"[!！🔥💰🎉✅⭐💯👉📢🎁❤➕]")

# Most messages have none of these, and one look is cheaper than twenty.
WORTH_A_LOOK = re.compile(
    "[0-9a-z+加找搜扫私滴戳扣群码]|联系|咨询|来电|公众号|小程序|头像|主页|名片|签名|软件|平台|店长|懂的|[零一二三四五六七八九壹贰叁肆伍陆柒捌玖]{3}|[!🔥💰🎉✅⭐💯👉📢🎁❤]"
)
MAYBE_LINK = re.compile(r"[a-z0-9]\.[a-z]|[a-z0-9]{10}")
