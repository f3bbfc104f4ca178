"""Staff commands as text, built so that they read back as exactly what was meant.

The console writes the grammar that agents type (`domain.staff_command`). What somebody typed into a form must not
turn into another command: a note that begins with 回复 would otherwise reach the member.
"""

import re
import unicodedata

from domain.rules import RuleState
from domain.staff_command import parse_staff_command
from domain.staff_words import (
    BanMember,
    ChangeRule,
    Note,
    Reply,
    Resolve,
    Review,
    StaffCommand,
    TakeOver,
    Transfer,
    Undo,
)

LONGEST_TEXT = 2000
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")
_NOTE_MARK = "备注："


class Unsayable(ValueError):
    """The text cannot be put into a command; the message says why, in Chinese."""


def tidy(text: str) -> str:
    """What was typed, with one kind of line end and without control characters and outer blanks."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    return _CONTROL.sub("", lines.encode("utf-8", "replace").decode()).strip()


def reply(case: int, text: str) -> str:
    """`#12 回复：…`: the text goes to the member as it is."""
    words = _said(text)
    return _checked(f"#{case} 回复：{words}", Reply(case, words))


def note(case: int, text: str) -> str:
    """`#12 …`: kept in the case; marked where it would otherwise be read as a command."""
    words = _said(text)
    if parse_staff_command(f"#{case} {words}") == Note(case, words):
        return f"#{case} {words}"
    marked = f"{_NOTE_MARK}{words}"
    return _checked(f"#{case} {marked}", Note(case, marked))


def take(case: int) -> str:
    """`#12 接手`."""
    return _checked(f"#{case} 接手", TakeOver(case))


def resolve(case: int) -> str:
    """`#12 解决`."""
    return _checked(f"#{case} 解决", Resolve(case))


def transfer(case: int, name: str, why: str = "") -> str:
    """`#12 转给 @某`, with what else the colleague should know."""
    words = tidy(why)[:LONGEST_TEXT]
    return _checked(f"#{case} 转给 @{name}\u2005{words}", Transfer(case, name, words))


def undo(sanction: int) -> str:
    """`#undo 45`."""
    return _checked(f"#undo {sanction}", Undo(sanction))


def review(sanction: int, right: bool) -> str:
    """`#判对 45` or `#误判 45`."""
    return _checked(f"#{'判对' if right else '误判'} {sanction}", Review(sanction, right))


def change_rule(rule: str, state: RuleState) -> str:
    """`#试用 类别` and the like."""
    words = {RuleState.TRIAL: "试用", RuleState.LIVE: "启用", RuleState.RETIRED: "停用"}
    return _checked(f"#{words[state]} {rule}", ChangeRule(rule, state))


def ban(sanction: int, lift: bool) -> str:
    """`#拉黑 45` or `#解除拉黑 45`."""
    return _checked(f"#{'解除拉黑' if lift else '拉黑'} {sanction}", BanMember(sanction, lift))


def quiet(hours: int) -> str:
    """`#安静 2小时`."""
    return f"#安静 {hours}小时"


RESUME = "#恢复"


def settle_send(outbox_id: int, resend: bool) -> str:
    """`#重发 7` or `#已发 7`: what becomes of a doubtful send. Only the console says this."""
    return f"#重发 {outbox_id}" if resend else f"#已发 {outbox_id}"


def _said(text: str) -> str:
    words = tidy(text)
    visible = any(unicodedata.category(character)[0] not in "ZC" for character in words)
    if not visible:
        raise Unsayable("先写点内容再提交")
    if len(words) > LONGEST_TEXT:
        raise Unsayable(f"内容太长，最多 {LONGEST_TEXT} 字")
    return words


def _checked(command: str, meant: StaffCommand) -> str:
    if parse_staff_command(command) != meant:
        raise Unsayable("这段内容没法原样提交，请改一改再试")
    return command
