"""What shall be done: the closed union that storage applies in the transaction of the decision.

Outward actions become outbox rows and reach a channel later; inward ones change our own state. The values stand
in one module per subject and are gathered here.
"""

from domain.case_actions import (
    AgentSpoke,
    AppendToCase,
    Author,
    CaseState,
    OpenCase,
    RateCase,
    ReleaseCase,
    RemindedAgent,
    ResolveCase,
    TakeCase,
)
from domain.engagement_actions import CheckIn, CloseDraw, CreditPoints, EnterDraw, OpenDraw, Prize, Winner
from domain.order_actions import (
    AddAppeal,
    AddSanction,
    Ban,
    EaseSanction,
    JudgeSanction,
    LiftBan,
    ReverseSanction,
    SanctionKind,
    SetRule,
)
from domain.outward import AcceptInvite, Guard, Merge, Mute, Outward, Recall, Remove, Say, SendClass, SendFile, Unmute
from domain.room_actions import (
    AnswerDoubtful,
    Audit,
    BindStaff,
    CancelSends,
    Cause,
    MarkRecalled,
    Remember,
    RenameRoom,
    SetPresence,
    SetQuiet,
    SetRoomPresence,
    SetTimer,
    SettleSend,
    VoidCode,
)

Inward = (
    AddSanction
    | ReverseSanction
    | EaseSanction
    | JudgeSanction
    | SetRule
    | Ban
    | LiftBan
    | AddAppeal
    | OpenCase
    | AppendToCase
    | TakeCase
    | AgentSpoke
    | ReleaseCase
    | RemindedAgent
    | ResolveCase
    | RateCase
    | CheckIn
    | CreditPoints
    | OpenDraw
    | EnterDraw
    | CloseDraw
    | SetQuiet
    | Remember
    | SetTimer
    | SetPresence
    | SetRoomPresence
    | RenameRoom
    | MarkRecalled
    | CancelSends
    | BindStaff
    | VoidCode
    | Audit
    | SettleSend
    | AnswerDoubtful
)
Action = Outward | Inward

__all__ = [
    "AcceptInvite",
    "Action",
    "AddAppeal",
    "AddSanction",
    "AgentSpoke",
    "AnswerDoubtful",
    "AppendToCase",
    "Audit",
    "Author",
    "Ban",
    "BindStaff",
    "CancelSends",
    "CaseState",
    "Cause",
    "CheckIn",
    "CloseDraw",
    "CreditPoints",
    "EaseSanction",
    "EnterDraw",
    "Guard",
    "Inward",
    "JudgeSanction",
    "LiftBan",
    "MarkRecalled",
    "Merge",
    "Mute",
    "OpenCase",
    "OpenDraw",
    "Outward",
    "Prize",
    "RateCase",
    "Recall",
    "ReleaseCase",
    "Remember",
    "RemindedAgent",
    "Remove",
    "RenameRoom",
    "ResolveCase",
    "ReverseSanction",
    "SanctionKind",
    "Say",
    "SendClass",
    "SendFile",
    "SetPresence",
    "SetQuiet",
    "SetRoomPresence",
    "SetRule",
    "SetTimer",
    "SettleSend",
    "TakeCase",
    "Unmute",
    "VoidCode",
    "Winner",
]
