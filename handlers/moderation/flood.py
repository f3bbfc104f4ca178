"""Too much at once: many messages, the same message again and again, or a giant one. Crowd rituals never count."""

import re
from datetime import datetime, timedelta
from functools import lru_cache

from domain.decision import Finding
from domain.events import MessagePosted
from domain.evolve import RECENT_TEXT_CHARS
from domain.facts import MemberFacts, Recent
from domain.incoming import MessageKind
from domain.policy import FloodPolicy
from domain.text import TextFacts

FLOOD, DUPLICATE = "flood", "duplicate"
EVERYBODY_MARK = "flood.everybody"
"""When a member last called everybody in a room."""
ALIKE_FROM, ALIKE = 12, 0.8
"""Of texts this long the share of common pairs of characters that makes two the same; shorter ones must be equal."""

# What whole groups send at once, and one happy member several times.
_RITUAL = re.compile(
    r"(?:签到|打卡|已?签|(?:谢谢|感谢|多谢|谢)(?:老板|群主|大佬|红包|大家|亲|啦|了)*|老板(?:大气|威武|万岁)?|大气|\+?1+|6+|恭喜(?:发财|恭喜|大家|[一-鿿]{0,4})?|"
    r"哈+|呵+|嘿+|嘻+|好(?:的|滴|哒|耶|棒|看)*|收到|嗯+|哦+|参加|我要参加|积分|进度|帮助|早|早上好|早安|晚安|在|来了?|冲+|赞+|支持|同意|顶|"
    r"新年快乐|生日快乐|节日快乐|欢迎(?:新人)?|抱拳|鼓掌|撒花|\[[^\]]{1,6}\])+"
)


@lru_cache(maxsize=4096)
def is_ritual(norm: str) -> bool:
    """Whether a normalised text is what crowds say together (签到, 谢谢老板, +1, 恭喜)."""
    bare = norm.replace(" ", "").strip("!。~,.，！")
    return not bare or _RITUAL.fullmatch(bare) is not None


def flood_findings(
    event: MessagePosted, text: TextFacts, member: MemberFacts, since: datetime | None, policy: FloodPolicy
) -> tuple[Finding, ...]:
    """Findings beyond the four rules, from the member's last messages after ``since`` (their last such strike)."""
    if event.kind is not MessageKind.TEXT or text.is_list:
        return ()
    found: list[Finding] = []
    if len(text.raw) > policy.max_chars:
        found.append(Finding(FLOOD, 1.0, "warn", f"一条消息 {len(text.raw)} 字", {"chars": len(text.raw)}))
    if len(member.recent) + 1 < min(policy.messages, policy.duplicates) or is_ritual(text.norm):
        return tuple(found)
    horizon = event.at - timedelta(seconds=max(policy.window, policy.duplicate_window))
    horizon = horizon if since is None else max(horizon, since)
    recent = [r for r in member.recent if r.at > horizon and _counts(r)]
    many = 1 + sum(1 for r in recent if event.at - r.at < timedelta(seconds=policy.window))
    if many >= policy.messages:
        found.append(Finding(FLOOD, 1.0, "warn", f"{policy.window} 秒内 {many} 条消息", {"messages": many}))
    if len(text.compact) >= policy.duplicate_min_chars:
        window, norm = timedelta(seconds=policy.duplicate_window), text.norm[:RECENT_TEXT_CHARS]
        same = 1 + sum(1 for r in recent if event.at - r.at < window and _alike(r.norm, norm))
        if same >= policy.duplicates:
            found.append(Finding(DUPLICATE, 1.0, "warn", f"同样的话发了 {same} 次", {"messages": same}))
    return tuple(found)


def everybody_finding(event: MessagePosted, last: datetime | None, policy: FloodPolicy) -> Finding | None:
    """That somebody calls everybody again so soon after ``last``."""
    again = event.mentions_all and last is not None and event.at - last < timedelta(minutes=policy.everybody_minutes)
    return Finding(FLOOD, 1.0, "warn", f"{policy.everybody_minutes} 分钟内又 @ 了所有人") if again else None


def _alike(one: str, other: str) -> bool:
    if one == other:
        return True
    short, long = sorted((len(one), len(other)))
    if short < ALIKE_FROM or short < ALIKE * long:
        return False
    left, right = ({text[at : at + 2] for at in range(len(text) - 1)} for text in (one, other))
    return len(left & right) >= ALIKE * len(left | right)


def _counts(recent: Recent) -> bool:
    return recent.kind is MessageKind.TEXT and not recent.norm.startswith("#接龙") and not is_ritual(recent.norm)
