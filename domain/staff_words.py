"""The closed union of what staff can say to the bot; `domain.staff_command` reads it from text."""

from dataclasses import dataclass, field
from datetime import timedelta

from domain.rules import RuleState


@dataclass(frozen=True, slots=True)
class Reply:
    """`#12 回复 内容`: the text, as typed, goes to the member of case 12."""

    case: int
    text: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class TakeOver:
    """`#12 接手`."""

    case: int


@dataclass(frozen=True, slots=True)
class Transfer:
    """`#12 转给 @某`: ``to`` is the shown name without the @, ``note`` what was added after it."""

    case: int
    to: str
    note: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Resolve:
    """`#12 解决`."""

    case: int


@dataclass(frozen=True, slots=True)
class Note:
    """Any other `#12 …`: kept in the case, never shown to the member."""

    case: int
    text: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class BeQuiet:
    """`#安静 2小时`; None: no length was said."""

    duration: timedelta | None


@dataclass(frozen=True, slots=True)
class Resume:
    """`#恢复`."""


@dataclass(frozen=True, slots=True)
class Undo:
    """`#undo 45` or `#撤销 45`: the number of a sanction."""

    number: int


@dataclass(frozen=True, slots=True)
class Review:
    """`#误判 45` or `#判对 45`: whether the verdict behind a sanction was right."""

    number: int
    right: bool


@dataclass(frozen=True, slots=True)
class ChangeRule:
    """`#试用 类别`, `#启用 类别`, `#停用 类别`: what a rule of order may do."""

    rule: str
    state: RuleState


@dataclass(frozen=True, slots=True)
class BanMember:
    """`#拉黑 45`: whom sanction 45 was given to shall be in no room; `#解除拉黑 45` takes it back."""

    number: int
    lift: bool = False


@dataclass(frozen=True, slots=True)
class StartDraw:
    """`#抽奖 标题 奶茶x3 红包x10 10分钟`: prizes as (name, count) in order; None: the default length.

    Without a title the prizes' names are the title.
    """

    title: str
    prizes: tuple[tuple[str, int], ...]
    duration: timedelta | None


@dataclass(frozen=True, slots=True)
class FinishDraw:
    """`#开奖` or `#开奖 3`; None: the room's only open draw."""

    number: int | None


@dataclass(frozen=True, slots=True)
class CancelDraw:
    """`#取消抽奖 3 理由`."""

    number: int
    reason: str


@dataclass(frozen=True, slots=True)
class RedrawSlot:
    """`#补抽 3 2 理由`: in draw 3 the second prize in the list of winners goes to the next rank."""

    number: int
    slot: int
    reason: str


@dataclass(frozen=True, slots=True)
class Bind:
    """`绑定 CODE` (with or without #): the one-time code, as typed."""

    code: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Unclear:
    """A staff command for certain, but not to be carried out as typed; ``usage`` is how to write it."""

    usage: str


StaffCommand = (
    Reply
    | TakeOver
    | Transfer
    | Resolve
    | Note
    | BeQuiet
    | Resume
    | Undo
    | Review
    | ChangeRule
    | BanMember
    | StartDraw
    | FinishDraw
    | CancelDraw
    | RedrawSlot
    | Bind
    | Unclear
)
