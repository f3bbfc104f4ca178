"""Ways to make contact in normalised text, plain ones and those in disguise.

What is offered and how it is said is for the fitted model; here stands what no wording shows: numbers, names and links.
A weight is a share of log odds, set by hand on texts of our own (bench/devsets), never by one text.
"""

import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Sign:
    """One way to make contact: how it is named in reasons, its weight, and what it looks like."""

    title: str
    weight: float
    pattern: re.Pattern[str]


DISGUISED = "变形的手机号"
"""Counts where the number is not written plainly."""
PLAIN_NUMBER = re.compile(r"[0-9０-９ \-.·*_－　]+")
_HAN_DIGIT = "零〇一二三四五六七八九壹贰叁肆伍陆柒捌玖幺两"
_DIGIT = f"[0-9oоз{_HAN_DIGIT}]"
_FIRST, _SECOND = "[1一壹幺丨|]", "[3-9三四五六七八九叁肆伍陆柒捌玖]"
_APART = r"[ \-.·*_/|]{1,2}"
"""What stands between single letters or digits of somebody who does not want to be read by machines."""
_GAP = r"[\s:号是为=\-—>→.,|/\\()\[\]<>*+]{0,6}"
_HOW = "(?:hao|号|id|同号|搜索?|找|同步)?"
_ID = r"[a-z][a-z0-9_-]{4,19}"
_ID_WITH_DIGIT = rf"(?=[a-z0-9_-]*[0-9_])(?:{_ID}|1[3-9][0-9]{{9}})"
_ID_APART = rf"(?=[a-z0-9 \-.·*_/|]{0, 40}[0-9])[a-z0-9](?:{_APART}[a-z0-9]){{4,19}}"
_ASK = r"(?:\+|加|添加|联系|咨询|私|找|搜|扫|call|请加|可加|速加|来加|嘉|伽|佳)"
_WECHAT = r"(?:微信|weixin|wechat)"
_SLY = (
    r"(?:v信|vx|wx|微❤芯?|威❤芯?|❤我|微x|v❤芯?|v|薇芯|薇信|威信|微芯|维信|徽信|徽xin|wei信|魏信|卫❤|卫星|绿泡泡|绿色软件|叉叉信|亻言|微亻言|🛰|"
    rf"微{_APART}信|v{_APART}[x信]|wx?{_APART}x|卫{_APART}星|[魏喂维葳伟巍蔚畏卫] ?[x信❤]|加[喂维魏]|"
    r"薇|威|徽|嶶|溦|葳|徾|胃|微)"
)
_ELSEWHERE = r"(?:抖音?|dou音|快手|小红书|小绿书|视频号|直播间)"
_QQ = "(?:qq|q群|企鹅|扣扣|扣群|蔻蔻|寇寇|球球)"
_QQ_HIDDEN = rf"(?:扣裙|茄裙|蔻蔻|寇寇|叩叩|口口|企{_APART}鹅|q{_APART}q)"
_QQ_SLY = "(?:扣裙|茄裙|君羊|扣|抠|寇|q|蔻|裙)"
_GROUPED = r"[1-9](?: ?[0-9]){4,10}(?! ?[0-9])"


def _sign(title: str, weight: float, pattern: str) -> Sign:
    return Sign(title, weight, re.compile(pattern))


CONTACTS: tuple[Sign, ...] = (
    _sign(DISGUISED, 6.8, rf"(?<!{_DIGIT}){_FIRST} ?{_SECOND}(?: ?{_DIGIT}){{5,9}}(?! ?{_DIGIT})"),
    _sign("拆开的手机号", 4.5, rf"(?<![0-9])1{_APART}[3-9](?:{_APART}[0-9]){{9}}(?!{_APART}?[0-9])"),
    _sign(DISGUISED, 4.5, rf"(?<!{_DIGIT})(?!一二三四)[1一壹幺](?: ?{_DIGIT}){{6,10}}(?! ?{_DIGIT})"),
    _sign("手机号", 1.3, r"(?<![0-9])1[3-9](?:[ \-.·*_]?[0-9]){9}(?![0-9])"),
    _sign("热线", 1.3, r"(?<![0-9])[48]00-?[0-9]{3}-?[0-9]{4}(?![0-9])"),
    _sign("变相QQ号", 3.0, rf"{_ASK} ?{_QQ_SLY}\s?{_GAP}{_GROUPED}"),
    _sign("变相QQ号", 4.5, rf"{_QQ_HIDDEN}{_GAP}(?:{_GROUPED}|[1-9](?:{_APART}[0-9]){{5,10}})"),
    _sign("QQ号", 1.9, rf"{_QQ}{_GAP}{_GROUPED}"),
    _sign("变相QQ号", 2.1, rf"(?<![a-z0-9]){_QQ_SLY}{_GAP}{_GROUPED}"),
    _sign(
        "变形的号码",
        4.5,
        rf"(?:{_QQ}|{_QQ_SLY}|{_SLY}|{_WECHAT}){_HOW}{_GAP}{_HOW}(?=[0-9]*[{_HAN_DIGIT}]){_DIGIT}{{6,11}}(?!{_DIGIT})",
    ),
    _sign("加微信", 3.4, rf"{_ASK} ?我?的? ?{_WECHAT}{_GAP}{_ID_WITH_DIGIT}(?![a-z0-9])"),
    _sign("微信号", 1.9, rf"{_WECHAT}{_GAP}(?:{_ID}|1[3-9][0-9]{{9}})(?![a-z0-9])"),
    _sign("变相微信号", 4.5, rf"(?<![a-z0-9]){_SLY}我?{_GAP}{_HOW}{_GAP}{_ID_WITH_DIGIT}(?![a-z0-9])"),
    _sign("变相微信号", 6.0, rf"(?<![a-z0-9])(?:{_SLY}|{_WECHAT}|v){_GAP}{_HOW}{_GAP}{_ID_APART}(?![a-z0-9])"),
    _sign("变相微信号", 5.0, rf"(?<![a-z0-9]){_SLY}{_GAP}{_HOW}{_GAP}[0-9]{{1,4}}[a-z]{{2}}[a-z0-9]{{2,}}"),
    _sign(
        "拆开的账号",
        5.0,
        r"(?<![a-z0-9])(?=[a-z0-9-]{0,24}[a-z])(?=[a-z0-9-]{0,24}[0-9])[a-z0-9](?:-[a-z0-9]){4,12}(?![a-z0-9])",
    ),
    _sign("变相加微信", 3.0, r"\+ ?(?:\\/|√) ?[信x:]"),
    _sign(
        "变相加微信", 3.0, rf"{_ASK} ?我?的? ?(?:vx|wx|v|薇|威|徽|嶶|溦|卫星|企鹅|扣|抠|❤|🛰)(?![a-z])|有我 ?v(?![a-z])"
    ),
    _sign("别处的号", 2.0, rf"{_ELSEWHERE}{_GAP}{_HOW}{_GAP}(?:{_ID_WITH_DIGIT}|[0-9]{{6,12}})(?![a-z0-9])"),
    _sign(
        "电报",
        2.8,
        r"(?:电报|飞机|蝙蝠|tg|telegram|纸飞机)(?:联系|号|群|私|找|搜索?|:)? ?(?:@|:)? ?@?[a-z][a-z0-9_]{3,}",
    ),
    _sign("账号", 1.6, rf"(?:联系|资料|咨询|找我|加我|:) ?{_ID_WITH_DIGIT}$"),
    _sign("邀请码", 2.2, r"邀请码 ?[a-z0-9]{4,10}|填(?:写)?我?的?邀请码"),
    _sign("群号", 1.5, rf"(?:群号|进群|加群|入群)码?{_GAP}{_GROUPED}"),
)
CALLS = re.compile(
    "(?:私|滴|敲|戳|踢|dd|私信|私聊|小窗|骚扰|(?:找|联系|咨询|问|扣|加))我|(?:需要|想要|有需求|感兴趣|有意|有兴趣|想[^,.!?]{1,5}|要|喜欢)的?"
    "(?:姐妹|宝妈|朋友|家长|亲|群友|老板|小伙伴|邻居|同学|兄弟|可以|直接|请|就|都|也|来|们){0,3}"
    "(?:私|滴|戳|敲|小窗|接龙|联系|加|来找|扣1|留言|报数|吱|说一声|提前|抓紧|我拉|我推|我帮你|给我)|要(?:几[张份箱个盒斤]|多少)?(?:的)?(?:说一?声?$|吱)|在我这[买订拿]|[,!]找我$|来我家选|看过来|报我名|提我名?|报群名|提群名|发你价格|来我店|有单子的"
)
"""Who may be interested is asked to come forward, as sellers and neighbours do."""
SELLS = re.compile(
    "自己(?:一直)?(?:也)?在?[用囤吃喝穿]|(?:我|自)(?:们|家|己)*(?:种|养|酿|晒|腌|做|开|熬|榨|卖|烤|调|包|缝|织|带)的|果园|茶山|自家|自己家|(?:桃子|果子|橙子|橘子|荔枝|杨梅|草莓|葡萄|西瓜)熟了|(?:闺蜜|老公|老婆|表[哥姐弟妹]|同学|朋友|亲戚|家里|我[爸妈哥姐弟妹叔舅姨]|先生|小姑子|弟媳|嫂子|婆婆)"
    "(?:家|们)?(?:自己|亲手)?(?:就|也)?(?:是|在|做|开|卖|有|厂|包|织|种|腌)|代理|团队|副业|内部价?|员工价|渠道|货源|批发|厂里|厂家|直销|包邮|现货|保真|正品|邻居价|群友价|成本价|友情价|特价|秒杀|打折|[一二三四五六七八九半]折|"
    "买.送|量大|免费(?:试|体验|量|设计|咨询|报价|领|帮大家)|赚|收益|佣金|返利|保险|车险|贷款|开业|加盟|代购|代[办买抢写账]|价格(?:美丽|公道|实惠|好商量|优惠)|最低价|便宜|少交|"
    "瘦|美白|效果|假一赔|先尝|送货上门|上门服务|微商|会员卡|办卡|直播间|试听|时间自由|在家(?:带娃|就能|也能)|打印|跑腿|一[毛元块][一二三四五六七八九两]?[张个件次]|办(?:宽带|信用卡)|我(?:能|可以|就)(?:办|拿|做|带)|原价|现价|库存|一批|清仓|一手|中医|调理|便民服务|做团长|低价|比.{2,6}(?:低|省)|优惠|开店的|我开的|我带|包接送|接送|门市|手工|专门|名额|资源|收益|年化|试用|先试|模特|学员|零添加|无添加|不打药|新货|新茶|香港"
)
"""What makes somebody who calls a seller: use of one's own, kin in the trade, prices, promises."""
GIVES = re.compile(
    "不要钱|白送|免费送|送人|求购|我(?:也)?(?:想|要|打算|准备)(?:买|租|收|找|要|办|学|装)|求推荐|推荐一下|拼车|顺风车|自提|闲置|转让|九成新|八成新|用不上|穿不下|多余|团建|志愿|作业|登记|工牌|试卷|快递|发票|骗|别信|举报|投诉|谢谢|"
    "丢了|捡到|借我|借用|没电|密码|原价给|买多了|踢球?的|打球|缺个|拼个|退[款货]|加我(?:干|说|推|好)|有人加|昨天|刚才|简历|内推|我们队|(?:公司|学校|单位|班级|社区|物业)的?(?:里|通知|安排|活动|发|组织|统一|团建|招|大厅|前台)"
)
"""What neighbours, colleagues and the cheated say: then a call is none of a seller."""
SHORTENERS = frozenset(
    ["t.cn", "dwz.cn", "url.cn", "suo.im", "bit.ly", "tb.cn", "w.url.cn", "0x3.me", "985.so", "mrw.so", "c-t.work"]
)
PUBLIC = (
    "gov.cn",
    "edu.cn",
    "docs.qq.com",
    "wj.qq.com",
    "meeting.tencent.com",
    "mp.weixin.qq.com",
    "bilibili.com",
    "b23.tv",
    "zhihu.com",
    "baike.baidu.com",
    "wikipedia.org",
    "github.com",
    "douban.com",
    "wjx.cn",
    "wjx.top",
    "music.163.com",
    "y.qq.com",
    "weibo.com",
    "xiachufang.com",
    "amap.com",
    "dianping.com",
    "wps.cn",
    "kdocs.cn",
    "feishu.cn",
    "xuexi.cn",
    "12306.cn",
)
"""Where everybody links to: authorities, schools, shared sheets, music, maps. Such a link speaks for nothing."""
LINK = re.compile(
    r"(?<![@a-z0-9.-])(?:https?://|www\.)?((?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.){1,6}"
    r"(?:com|cn|net|org|top|vip|xyz|cc|club|shop|site|info|me|io|app|link|ltd|pro|live|tv|asia|icu|fun|wang|ink|store|online|tech|work|ly|so|im))"
    r"(?![a-z0-9])(?:[/?#:][^\s一-鿿，。]*)?"
)
TOKEN = re.compile(r"[￥¥$€₤₳(（/] ?[a-z0-9]{10,12} ?[￥¥$€₤₳)）/]")
"""A share code of a shop (淘口令)."""

# Most messages have none of these, and one look is cheaper than twenty.
WORTH_A_LOOK = re.compile(
    f"[0-9]{{3}}|[0-9a-z]{_APART}[0-9a-z]{_APART}[0-9a-z]|[a-z] ?:? [0-9]|[a-z0-9_-]{{5}}|"
    f"[{_HAN_DIGIT}]{{3}}|邀请码|[a-z0-9]\\.[a-z]|"
    r"[加+私找搜扫嘉伽佳系询有] ?我?的? ?(?:v|vx|wx|薇|威|徽|嶶|溦|卫星|企鹅|扣|抠|❤|🛰)"
)
MAYBE_LINK = re.compile(r"[a-z0-9]\.[a-z]|[a-z0-9]{10}")
