"""Generate handlers/text/data/words.gz: jieba's dictionary (MIT) with the words of today's groups, packed.

Run: python -m bench.make_words
"""

import gzip
from collections import defaultdict
from collections.abc import Mapping
from importlib.resources import files
from pathlib import Path

from handlers.text.normalise import normalise
from handlers.text.words import BREAK

TARGET = Path(__file__).parents[1] / "handlers" / "text" / "data" / "words.gz"
# What groups of today talk about and a dictionary of 2012 does not know.
COMMUNITY_WORDS = """
    微信 群公告 群规 群昵称 入群 进群 退群 拉群 群友 群里 小程序 公众号 视频号 朋友圈 小管家 客服 转人工 退款 退换货
    换货 发货 补发 到账 提现 运费险 优惠券 满减 拼团 拼单 秒杀 预售 花呗 借呗 微粒贷 余额宝 二维码 付款码 收款码
    验证码 实名认证 绑定手机 手机号 订单号 快递单号 物流信息 签收 代收 自提 自提点 驿站 会员卡 积分商城 签到 补签 抽奖
    接龙 红包 直播间 网课 扫码 客户端 登录 注销 账号 密码 咋办 咋弄
"""
# The cost of a word in jieba's dictionary is its count; this one lets an added word win against its parts.
ADDED_COUNT = 3000
COMMON_COUNT = 500


def counts() -> dict[str, int]:
    """The words of jieba's dictionary and those that it lacks, with their counts."""
    columns = (files("jieba") / "dict.txt").read_text(encoding="utf-8").split()
    found = dict(zip(columns[0::3], map(int, columns[1::3]), strict=True))
    # Messages arrive normalised, so words written with characters that the normaliser rewrites must be too.
    for word in [word for word in found if "著" in word or "乾" in word or "祇" in word]:
        written = normalise(word)
        found[written] = max(found[word], found.get(written, 0))
    for word in COMMUNITY_WORDS.split():
        found[word] = max(ADDED_COUNT, found.get(word, 0))
    return found


def common(words: Mapping[str, int]) -> list[str]:
    """The words of two characters or more that everybody uses, the most common first."""
    found = [word for word, count in words.items() if count >= COMMON_COUNT and len(word) >= 2]
    return sorted(found, key=lambda word: -words[word])


def packed(words: Mapping[str, int]) -> str:
    """The text of the file, as `handlers.text.words` describes it."""
    alone: dict[str, int] = {}
    rests: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for word, count in sorted(words.items()):
        if len(word) == 1:
            alone[word] = count
        else:
            rests[word[0]][word[1]].append(f"{count},{word[2:]}" if word[2:] else str(count))
    lines = [str(sum(words.values())), BREAK.join(common(words))]
    for char in sorted({*alone, *rests}):
        after = rests[char]
        regions = (" ".join(region) for region in after.values())
        lines.append(BREAK.join([f"{char}{alone.get(char, '')}", "".join(after), *regions]))
    return "\n".join(lines)


def main() -> None:
    """Write the file and say how large it is."""
    TARGET.write_bytes(gzip.compress(packed(counts()).encode("utf-8"), 9, mtime=0))
    print(f"{TARGET.name}: {TARGET.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
