"""Why the words of a complaint may be nobody's to act on: asked in general, settled, told of others, in fun."""

import re
from enum import Enum

from domain.text import TextFacts


class Hedge(Enum):
    """Why a line is milder than its words; the value is told to staff."""

    ASKED = "像是问办法"
    SETTLED = "像是已经解决"
    ELSEWHERE = "像是说别处的事"
    OWN_DOING = "像是自己弄的"
    IN_FUN = "像是玩笑"
    RAISED_HANDS = "像是报数"


_DONE = r"(?:解决|修好|处理好|处理完|弄好|搞定|到账|补发?|收到|退回来|退款收到|换好)"
_HOW = r"(?:怎么|如何|怎样|咋)"
_MINE = re.compile(r"我的|给我|我要|到底|再问|还没|怎么还|一直|凭什么|[一-龥]{2}[,.!?;~ ]+[一-龥]{2}")
"""Of one's own matter, or told before it is asked: no question in general. On the normalised text."""
_PATTERNS = {
    # On the compact text: no blanks, no punctuation.
    Hedge.ASKED: re.compile(
        rf"{_HOW}(?:才能|可以|能|去|给|进行)?(?:办理|办|处理|解决|反馈|赔付?|退[款货费]?|修|弄|补|换|申请|联系|算|找|查|开|取消|改|投诉|举报)"
        r"(?:的|呢|啊|呀|吗|一般|比较好|最快)*$"
        r"|一般(?:怎么|多久|几天|赔|要)|(?:如果|要是|万一|假如|假设).{1,14}(?:怎么|能|可以|谁|吗|会)"
        r"|(?:谁出|谁承担|谁付|找谁[修管]?|打谁电话|打什么电话|能[退换赔修]吗|可以[退换赔修][货款]?吗|是不是要先.{1,6}|会自动退吗|有赔付吗)(?:啊|呢|呀)?$"
    ),
    Hedge.SETTLED: re.compile(
        rf"(?<![没不未还别叫才])(?:已经|都|终于|总算|全|顺利){_DONE}了(?!吗|没|才|结果|可|但|却|就我|就差|只有)"
        rf"|(?:问题|事情?|投诉|快递|退款|货|东西){_DONE}了(?:谢|感谢|辛苦|很|不错|好|$)"
        r"|(?:谢谢|多谢|感谢|辛苦)(?:了|啦|你们|客服|老板|师傅|物业|小哥|大家|处理|解决|您|各位)*$"
        r"|(?:很满意|很喜欢|挺好的|值得|没问题了|点赞|好评|有耐心|真耐心|没得说|效率高|效率挺高|处理得很快|真好耐心)$"
        r"|(?:谢谢|多谢|感谢)(?!你们)[一-龥]{1,3}$|(?:没事|没事了|没问题|弄好了?|好多了|放心|讲得很清楚|解封了)$|[真很太超](?:好吃|甜|香|好喝)(?:了|啊|呀)?值?$"
        r"|(?:不急|不着急|没关系|理解)(?:的|慢慢来|你们先忙)"
    ),
    Hedge.ELSEWHERE: re.compile(
        # Words of other people and places; what is told of them may be noticed and opens no case.
        r"隔壁|别家|别的(?:平台|店|群|快递|地方|商家)|其他(?:平台|店|商家)|(?:某|拼)(?:东|宝|多多|夕夕|猫|音)|(?:他|她|它)们家|那家(?:店|公司|平台|饭店|餐厅)"
        r"|听说|据说|(?:看|刷到|看到|看过)(?:的)?(?:新闻|热搜)|新闻(?:说|里|上)|热搜"
        r"|(?:以前|之前|上次|去年|前几?年|昨天|刚才)(?:在|去|用)(?!你们|咱|这|群|店里|您)"
        r"|(?:我|他|她)(?:妈|爸|弟|哥|姐|妹|老公|老婆|对象|男朋友|女朋友|室友|同事|朋友|领导|老板|同学|邻居)(?:说|被|收到|又|天天|在别|总)"
        r"|(?:我们|咱们|我)(?:公司|学校|老板|领导|单位|部门)|甲方|前任|前房东|前公司|驾校|幼儿园|医院|银行|地铁|公交|高铁|飞机|航空|景区|国足|裁判|球队|比赛|老家"
        r"|(?:冒充|假冒|假)(?:客服|物业|快递|警察)|是(?:诈骗|骗局)|防骗|别信|谨防|提醒大家"
    ),
    Hedge.OWN_DOING: re.compile(
        r"怪我|我自己(?:的错|不小心|[弄搞装写记看忘])|我不小心|被我|我(?:记|看|写|点|填|装|选|买|拿|听|算|打)[错反漏](?!了?(?:吗|么|你们))|我多[写点付报]"
    ),
    # Who wants something types a figure: 扣1报名, 要的扣个1.
    Hedge.RAISED_HANDS: re.compile(r"(?<![克被多])扣个?[1-9一二三](?![\d元块分毛角钱点百千万积个%天])"),
    Hedge.IN_FUN: re.compile(r"哈哈|hh|嘿嘿|嘻嘻|请我吃|发红包|带我玩|偷吃|摸鱼|秀恩爱|丑照"),
}
_FUN_MARKS = re.compile(r"[😂🤣😜😝😁😄😆😋🤪😏🐶]|\[(?:捂脸|偷笑|坏笑|呲牙|调皮|旺柴|狗头|破涕为笑|笑哭|doge)\]")


def hedges(text: TextFacts) -> frozenset[Hedge]:
    """What makes these words milder; to be looked for only in lines that would count otherwise."""
    found = {hedge for hedge, pattern in _PATTERNS.items() if pattern.search(text.compact)}
    if _FUN_MARKS.search(text.raw):
        found.add(Hedge.IN_FUN)
    if Hedge.ASKED in found and _MINE.search(text.norm):
        found.remove(Hedge.ASKED)
    return frozenset(found)
