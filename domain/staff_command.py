"""What staff type in their room: `#12 回复 …`, `#安静 2小时`, `#抽奖 …`, read into a closed union of values.

Only the words are read here; whether the speaker may say them is judged elsewhere. Text reaches a member only through
`Reply`: whenever a line could be read as talk among colleagues it is a `Note`.
"""

import re
import unicodedata
from collections.abc import Callable

from domain.quiet import parse_duration
from domain.rules import RuleState
from domain.staff_words import (
    BanMember,
    BeQuiet,
    Bind,
    CancelDraw,
    ChangeRule,
    FinishDraw,
    Note,
    RedrawSlot,
    Reply,
    Resolve,
    Resume,
    Review,
    StaffCommand,
    StartDraw,
    TakeOver,
    Transfer,
    Unclear,
    Undo,
)

__all__ = [
    "BanMember",
    "BeQuiet",
    "Bind",
    "CancelDraw",
    "ChangeRule",
    "FinishDraw",
    "Note",
    "RedrawSlot",
    "Reply",
    "Resolve",
    "Resume",
    "Review",
    "StaffCommand",
    "StartDraw",
    "TakeOver",
    "Transfer",
    "Unclear",
    "Undo",
    "parse_staff_command",
]


CASE_USAGE = "#12 回复 内容 · #12 接手 · #12 转给 @某 · #12 解决 · #12 内部备注"
REPLY_USAGE = "#12 回复 内容"
TRANSFER_USAGE = "#12 转给 @某"
QUIET_USAGE = "#安静 2小时"
UNDO_USAGE = "#undo 编号"
REVIEW_USAGE = "#误判 编号 · #判对 编号"
BAN_USAGE = "#拉黑 处置编号 · #解除拉黑 处置编号"
RULE_USAGE = "#试用 类别 · #启用 类别 · #停用 类别"
DRAW_USAGE = "#抽奖 标题 奖品x3 10分钟"
CANCEL_USAGE = "#取消抽奖 编号 理由"
REDRAW_USAGE = "#补抽 抽奖编号 第几个奖 理由"
BIND_USAGE = "#绑定 绑定码"

MOST_PRIZES = 1000
"""Winners of one draw, so that a slip of the finger (x30000) is noticed."""

RULE_CHARS = 40
"""As long as the name of a category may be."""

_INVISIBLE = "\u200b\u200c\u200d\u2060\ufeff\u200e\u200f"
_LEAD = re.compile(rf"[\s{_INVISIBLE}]*(?:@[^\s#＃﹟]{{1,40}}\s+)?[#＃﹟][\s{_INVISIBLE}]*")
_DIGITS = r"[0-9０-９]"
_CASE = re.compile(rf"({_DIGITS}{{1,9}})(?!{_DIGITS})[\s:：,，]*")
_REPLY = re.compile(r"(?:回复|回覆|回復)(\s*[:：]\s*|\s+)?")
_TRANSFER = re.compile(r"(?:转给|轉給)(?:\s*[@＠]|\s+)\s*")
_END = r"[\s。.!！~～]*"
_TAKE = re.compile(rf"(?:接手|我接手){_END}")
_RESOLVE = re.compile(rf"(?:解决|解決|已解决|已解決){_END}")
# "#12 回复了吗" asks a colleague: without a blank after 回复 these openings mean talk, not an answer.
_TALK = (*"了过過吗嗎没沒呢么得的不他她谁誰太是晚慢这這那个完?？", "客户", "客戶", "会员", "會員", "一下", "好了")
_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{3,63}")
_BARE_BIND = re.compile(r"\s*(?:绑定|綁定)[\s:：]+(\S+)\s*")
_PRIZE = re.compile(r"(.{1,60}?)[x×✕✖*]([0-9]{1,9})(?:[个份名张台杯件套枚])?", re.IGNORECASE)
_JOINED_COUNT = re.compile(r"\s+([x×✕✖*])\s*(?=[0-9])|([x×✕✖*])\s+(?=[0-9])", re.IGNORECASE)


def parse_staff_command(text: str) -> StaffCommand | None:
    """Read a line as a staff command; None when it is none (`#接龙`, `#话题#`, ordinary talk).

    ＃ and full-width digits, missing blanks and a leading @mention are accepted. Never raises.
    """
    lead = _LEAD.match(text)
    if lead is None:
        bare = _BARE_BIND.fullmatch(text)
        return _bind(bare[1]) if bare else None
    body = text[lead.end() :]
    case = _CASE.match(body)
    if case is not None:
        number = int(case[1])
        return _case_command(number, body[case.end() :].strip()) if number else None
    return _room_command(body.strip())


# ---- cases -----------------------------------------------------------------------------------------------------------


def _case_command(case: int, rest: str) -> StaffCommand:
    if not rest:
        return Unclear(CASE_USAGE)
    if _TAKE.fullmatch(rest):
        return TakeOver(case)
    if _RESOLVE.fullmatch(rest):
        return Resolve(case)
    if (reply := _REPLY.match(rest)) is not None:
        return _reply(case, rest, rest[reply.end() :], spaced=reply[1] is not None)
    if (transfer := _TRANSFER.match(rest)) is not None:
        return _transfer(case, rest[transfer.end() :])
    return Unclear(TRANSFER_USAGE) if rest in ("转给", "轉給") else Note(case, rest)


def _reply(case: int, whole: str, answer: str, spaced: bool) -> StaffCommand:
    if not _says_something(answer):
        return Unclear(REPLY_USAGE)
    return Note(case, whole) if not spaced and answer.startswith(_TALK) else Reply(case, answer)


def _says_something(text: str) -> bool:
    return any(character not in _INVISIBLE and not character.isspace() for character in text)


def _transfer(case: int, rest: str) -> StaffCommand:
    # WeChat ends a mention with U+2005, so a name may hold blanks before it.
    name, mark, note = rest.partition("\u2005")
    if not mark:
        name, _, note = rest.partition(" ")
    name = name.strip().lstrip("@＠").strip()
    return Transfer(case, name, note.strip()) if _says_something(name) else Unclear(TRANSFER_USAGE)


# ---- rooms -----------------------------------------------------------------------------------------------------------


def _room_command(body: str) -> StaffCommand | None:
    plain = unicodedata.normalize("NFKC", body)
    for words, read in _ROOM_COMMANDS:
        for word in words:
            if plain[: len(word)].casefold() == word:
                return read(plain[len(word) :])
    return None


def _bind(rest: str) -> StaffCommand | None:
    code = unicodedata.normalize("NFKC", rest).strip(" :")
    if _CODE.fullmatch(code):
        return Bind(code)
    return None if code else Unclear(BIND_USAGE)


def _quiet(rest: str) -> StaffCommand | None:
    if not rest.strip():
        return BeQuiet(None)
    duration = parse_duration(rest)
    if duration is not None:
        return BeQuiet(duration)
    return Unclear(QUIET_USAGE) if rest[0].isspace() else None


def _resume(rest: str) -> StaffCommand | None:
    return Resume() if not rest.strip(" 。.!~") else None


def _undo(rest: str) -> StaffCommand | None:
    number = rest.strip().removeprefix("#").strip()
    if _is_number(number):
        return Undo(int(number))
    return Unclear(UNDO_USAGE) if not rest or rest[0].isspace() else None


def _review(right: bool) -> Callable[[str], StaffCommand | None]:
    def read(rest: str) -> StaffCommand | None:
        number = rest.strip().removeprefix("#").strip()
        if _is_number(number):
            return Review(int(number), right)
        return Unclear(REVIEW_USAGE) if not rest or rest[0].isspace() else None

    return read


def _ban(lift: bool) -> Callable[[str], StaffCommand | None]:
    def read(rest: str) -> StaffCommand | None:
        number = rest.strip().removeprefix("#").strip()
        if _is_number(number):
            return BanMember(int(number), lift)
        return Unclear(BAN_USAGE) if not rest or rest[0].isspace() else None

    return read


def _rule(state: RuleState) -> Callable[[str], StaffCommand | None]:
    def read(rest: str) -> StaffCommand | None:
        rule = rest.strip()
        if rest and not rest[0].isspace():
            return None
        return ChangeRule(rule, state) if rule and len(rule) <= RULE_CHARS else Unclear(RULE_USAGE)

    return read


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= 9 and int(text) > 0


def _finish(rest: str) -> StaffCommand | None:
    number = rest.strip().removeprefix("#").strip()
    if not number:
        return FinishDraw(None)
    return FinishDraw(int(number)) if _is_number(number) else None


def _cancel(rest: str) -> StaffCommand | None:
    number, *reason = rest.strip().removeprefix("#").split(maxsplit=1) or [""]
    if _is_number(number) and reason:
        return CancelDraw(int(number), reason[0])
    return Unclear(CANCEL_USAGE)


def _redraw(rest: str) -> StaffCommand | None:
    number, slot, *reason = [*rest.strip().removeprefix("#").split(maxsplit=2), "", ""][:3]
    if _is_number(number) and _is_number(slot) and reason[0]:
        return RedrawSlot(int(number), int(slot), reason[0])
    return Unclear(REDRAW_USAGE)


def _draw(rest: str) -> StaffCommand | None:
    if rest and not rest[0].isspace():
        return None
    tokens = [token for token in re.split(r"[\s,、;，；]+", _JOINED_COUNT.sub(r"\1\2", rest)) if token]
    duration = parse_duration(tokens[-1]) if tokens else None
    if duration is not None:
        tokens.pop()
    prizes = [_PRIZE.fullmatch(token) for token in tokens]
    first = next((index for index, prize in enumerate(prizes) if prize), len(tokens))
    found = tuple((prize[1], int(prize[2])) for prize in prizes[first:] if prize)
    if not found or len(found) < len(tokens) - first or not _sensible(found):
        return Unclear(DRAW_USAGE)
    title = " ".join(tokens[:first]) or "、".join(name for name, _ in found)
    return StartDraw(title, found, duration)


def _sensible(prizes: tuple[tuple[str, int], ...]) -> bool:
    names = [name for name, _ in prizes]
    counts = [count for _, count in prizes]
    return len(set(names)) == len(names) and min(counts) > 0 and sum(counts) <= MOST_PRIZES


_ROOM_COMMANDS = (
    (("安静", "安靜"), _quiet),
    (("恢复", "恢復"), _resume),
    (("undo", "撤销", "撤銷"), _undo),
    (("误判", "誤判"), _review(right=False)),
    (("判对", "判對"), _review(right=True)),
    (("拉黑",), _ban(lift=False)),
    (("解除拉黑",), _ban(lift=True)),
    (("试用", "試用"), _rule(RuleState.TRIAL)),
    (("启用", "啟用"), _rule(RuleState.LIVE)),
    (("停用",), _rule(RuleState.RETIRED)),
    (("取消抽奖", "取消抽獎"), _cancel),
    (("抽奖", "抽獎"), _draw),
    (("开奖", "開獎"), _finish),
    (("补抽", "補抽", "重抽"), _redraw),
    (("绑定", "綁定"), _bind),
)
