"""What members say to the bot in one word: 签到, 积分, 参加 3 …, recognised only when it is the whole message."""

import re
import unicodedata
from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum

LONGEST = 80
"""Characters. Nobody decorates a one-word command beyond this."""


class CommandKind(StrEnum):
    """The closed list of member commands."""

    CHECK_IN = "check_in"
    POINTS = "points"
    JOIN_DRAW = "join_draw"
    MY_ENTRIES = "my_entries"
    PROGRESS = "progress"
    HELP = "help"
    PRIVACY = "privacy"
    APPEAL = "appeal"
    MY_WARNINGS = "my_warnings"
    HUMAN = "human"
    SATISFACTION = "satisfaction"


@dataclass(frozen=True, slots=True)
class MemberCommand:
    """A command; ``argument`` is the draw's number for JOIN_DRAW (None: not said) and 1–5 for SATISFACTION."""

    kind: CommandKind
    argument: int | None = None


WORDS: dict[str, CommandKind] = {
    "签到": CommandKind.CHECK_IN,
    "打卡": CommandKind.CHECK_IN,
    "积分": CommandKind.POINTS,
    "我的积分": CommandKind.POINTS,
    "我的参与": CommandKind.MY_ENTRIES,
    "我的抽奖": CommandKind.MY_ENTRIES,
    "进度": CommandKind.PROGRESS,
    "我的进度": CommandKind.PROGRESS,
    "帮助": CommandKind.HELP,
    "help": CommandKind.HELP,
    "隐私": CommandKind.PRIVACY,
    "申诉": CommandKind.APPEAL,
    "我的警告": CommandKind.MY_WARNINGS,
    "人工": CommandKind.HUMAN,
    "转人工": CommandKind.HUMAN,
    "人工客服": CommandKind.HUMAN,
    "转人工客服": CommandKind.HUMAN,
}

_JOIN = re.compile(r"(?:我要)?参加 ?(?:第? ?#?([1-9][0-9]{0,8})号?)?")
_SCORE = re.compile(r"(?:满意度 ?)?(?:([1-5]) ?(?:分|星)?|([一二三四五]) ?(?:分|星))")
_CHINESE_SCORES = "一二三四五"
_SIGNS = frozenset("签卡积参抽度助p隐诉警工" + "12345" + _CHINESE_SCORES)
"""Every command has one of these signs, and most messages have none."""
_MENTION = re.compile(r"@(\S{1,40})(?: |$)")
_EMOTE = re.compile(r"\[[^\[\]]{1,8}\]\Z")
_SIMPLIFIED = str.maketrans("簽積參進幫隱訴轉與獎滿", "签积参进帮隐诉转与奖满")
# These carry meaning at the edge of a number or word ("+1", "5%", "#1"), so they are no decoration.
_MEANINGFUL = frozenset("+-*/=<>%#$&@^|~_0123456789")
_EVERYBODY = ("所有人", "全体成员", "all")
_TAIL_WAVES = frozenset("~^_")


def parse_member_command(text: str, names: Collection[str] | None = None) -> MemberCommand | None:
    """Read a member's message as a command; None when it is a message like any other.

    Case, width, traditional characters, a leading or trailing @mention, emoji and punctuation around the command do
    not matter; any further word does. ``names`` are those under which the bot is addressed in this room: a mention of
    anybody else then makes it no command (``@小王 签到`` tells 小王 to). None accepts any one
    mention but that of everybody.
    """
    if len(text) > LONGEST:
        return None
    folded = _folded(text)
    if _SIGNS.isdisjoint(folded):
        return None
    plain = _unwrap(_seen(folded), names)
    if plain is None:
        return None
    kind = WORDS.get(plain)
    if kind is not None:
        return MemberCommand(kind)
    if joined := _JOIN.fullmatch(plain):
        return MemberCommand(CommandKind.JOIN_DRAW, int(joined[1]) if joined[1] else None)
    if scored := _SCORE.fullmatch(plain):
        score = int(scored[1]) if scored[1] else _CHINESE_SCORES.index(scored[2]) + 1
        return MemberCommand(CommandKind.SATISFACTION, score)
    return None


def _folded(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold().translate(_SIMPLIFIED)


def _seen(folded: str) -> str:
    """One form per command: NFKC, lower case, simplified, invisible characters gone, blanks single."""
    seen = "".join(character for character in folded if unicodedata.category(character) not in ("Cf", "Mn", "Me", "Cs"))
    return " ".join(seen.split())


def _unwrap(text: str, names: Collection[str] | None) -> str | None:
    """The text without decoration and without one mention; None when somebody else is addressed."""
    text = _strip(text)
    if "@" not in text:
        return text
    if names is not None:
        for name in sorted({_seen(_folded(name)) for name in names}, key=len, reverse=True):
            if text.startswith(f"@{name}"):
                return _strip(text[len(name) + 1 :])
            if text.endswith(f"@{name}"):
                return _strip(text[: -len(name) - 1])
        return None
    if (mention := _MENTION.match(text)) is not None:
        if mention[1] in _EVERYBODY:
            return None
        # "@签到" without a name is the command itself behind a slip of the finger.
        return _strip(text[mention.end() :]) or mention[1]
    before, _, name = text.rpartition("@")
    return _strip(before) if name and " " not in name else None


def _strip(text: str) -> str:
    """Take decoration off both ends until nothing comes off any more."""
    while True:
        start, end = 0, len(text)
        while end and (text[end - 1] in _TAIL_WAVES or _decorates(text[end - 1])):
            if (emote := _EMOTE.search(text, 0, end)) is not None:
                end = emote.start()
            else:
                end -= 1
        # A wave before a number means “about”, before a word it is only friendly.
        while start < end and (_decorates(text[start]) or (text[start] == "~" and not text[start + 1 : end].isdigit())):
            start += 1
        if end - start == len(text):
            return text
        text = text[start:end]


def _decorates(character: str) -> bool:
    category = unicodedata.category(character)
    return character not in _MEANINGFUL and category != "Sc" and category[0] in "PSZC"
