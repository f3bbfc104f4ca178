"""One room's effective rules: built-in default < deployment < room. Every limit and window has its default here.

Plain dataclasses; the configuration reader validates YAML against them and refuses unknown keys. Durations are
seconds unless the name says otherwise. Rule values of the small theories (ladder, hours, points) are built from
these by the handlers that use them.
"""

from dataclasses import dataclass, field
from typing import ClassVar, Literal

_STRICT: dict[str, object] = {"extra": "forbid"}
"""Read by the configuration reader (pydantic): unknown keys are errors."""


@dataclass(frozen=True, slots=True)
class NightPolicy:
    """When unaddressed messages get no answer. Times are ``HH:MM`` of the community's day; equal times: never."""

    __pydantic_config__: ClassVar[dict[str, object]] = _STRICT
    start: str = "23:00"
    end: str = "08:00"


@dataclass(frozen=True, slots=True)
class LadderPolicy:
    """Warn, mute, tell the owner; removal only where it is opted in."""

    __pydantic_config__: ClassVar[dict[str, object]] = _STRICT
    window_days: int = 7
    warnings: int = 2
    """Warnings within the window before the first mute."""
    mute_minutes: tuple[int, ...] = (10, 60, 720)
    remove: bool = False
    removals_per_minute: int = 3
    severe_starts_at_mute: bool = True
    """Whether level ``remove`` findings skip the warnings."""


@dataclass(frozen=True, slots=True)
class FloodPolicy:
    """What counts as a flood of one member in one room."""

    __pydantic_config__: ClassVar[dict[str, object]] = _STRICT
    messages: int = 8
    window: int = 10
    duplicates: int = 4
    duplicate_window: int = 60
    duplicate_min_chars: int = 6
    """Shorter texts (谢谢老板, +1, 签到) are never duplicates."""
    max_chars: int = 3000
    everybody_minutes: int = 10
    """Who calls everybody (@所有人) again within so many minutes floods; 0: as often as they like."""


@dataclass(frozen=True, slots=True)
class NewcomerPolicy:
    """What newcomers may not do yet; 0 switches a limit off. Known by when they joined, so nobody is one for ever."""

    __pydantic_config__: ClassVar[dict[str, object]] = _STRICT
    hours: int = 0
    """No links and contacts in the first so many hours."""
    messages: int = 0
    """The same for so many first messages."""
    wave_joins: int = 15
    """So many joining a room within `wave_window` are a wave: no greetings, and no links from who came with it."""
    wave_window: int = 60
    wave_minutes: int = 30
    """How long a wave's brake holds."""


@dataclass(frozen=True, slots=True)
class SpreadPolicy:
    """The same words in several rooms, or by several members: what one message alone does not show."""

    __pydantic_config__: ClassVar[dict[str, object]] = _STRICT
    rooms: int = 2
    """A text with an offer or a contact, by one member in so many rooms within `window`, is an advert."""
    window: int = 3600
    members: int = 4
    """Staff hear when so many members say the same hostile words in a room within `chorus_window`."""
    chorus_window: int = 300


@dataclass(frozen=True, slots=True)
class ModerationPolicy:
    """Keeping order. ``late``: messages older than this never cause mute or removal."""

    __pydantic_config__: ClassVar[dict[str, object]] = _STRICT
    enabled: bool = True
    late: int = 120
    recall: bool = True
    notify_staff: bool = True
    private_first: bool = True
    """Whether a member's first warning in a room is said to them alone, where the channel can."""
    private_per_minute: int = 20
    """So many in a room are warned alone within a minute; the others in the room, many in one message."""
    allowed_domains: tuple[str, ...] = ()
    ladder: LadderPolicy = LadderPolicy()
    flood: FloodPolicy = FloodPolicy()
    newcomer: NewcomerPolicy = NewcomerPolicy()
    spread: SpreadPolicy = SpreadPolicy()
    max_warnings_shown: int = 1
    quarrel_window: int = 120
    """Insults both ways within this get one sentence to both."""


@dataclass(frozen=True, slots=True)
class FaqPolicy:
    """Answering. Thresholds are probabilities; addressed messages (@, private chat) have their own."""

    __pydantic_config__: ClassVar[dict[str, object]] = _STRICT
    enabled: bool = True
    answer_at: float = 0.55
    suggest_at: float = 0.4
    addressed_answer_at: float = 0.5
    addressed_suggest_at: float = 0.17
    cooldown: int = 60
    """The same entry is not answered twice in a room within this."""
    admit: bool = True
    """Who @s the bot with a clear question that no entry is near is told so, and how to reach a person."""
    admit_every: int = 3600
    """The same member is told so once within this in a room."""


@dataclass(frozen=True, slots=True)
class HoursPolicy:
    """When agents are there. ``open`` maps weekday ranges to intervals, e.g. ``{"mon-fri": ["09:00-12:00"]}``."""

    __pydantic_config__: ClassVar[dict[str, object]] = _STRICT
    open: dict[str, tuple[str, ...]] = field(
        default_factory=lambda: {"mon-fri": ("09:00-12:00", "13:30-18:00"), "sat-sun": ("10:00-17:00",)}
    )
    closed_dates: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class EscalationPolicy:
    """Handing over to people."""

    __pydantic_config__: ClassVar[dict[str, object]] = _STRICT
    enabled: bool = True
    hours: HoursPolicy = HoursPolicy()
    keywords: tuple[str, ...] = ()
    """Further words that open a case, beside the built-in phrases."""
    escalate_at: float = 0.97
    watch_at: float = 0.8
    takeover_minutes: int = 30
    reminder_minutes: tuple[int, ...] = (10, 20)
    ask_satisfaction: bool = True
    satisfaction_hours: int = 24
    same_case_hours: int = 24


@dataclass(frozen=True, slots=True)
class EngagementPolicy:
    """Check-ins and draws."""

    __pydantic_config__: ClassVar[dict[str, object]] = _STRICT
    enabled: bool = True
    points_base: int = 5
    streak_bonus: dict[int, int] = field(default_factory=lambda: {3: 2, 7: 10, 30: 50})
    """Extra points on reaching a streak of this many days."""
    merge_window: int = 10
    merge_hold: float = 1.0
    """How long an acknowledgement waits for others to join it."""


@dataclass(frozen=True, slots=True)
class WelcomePolicy:
    """Newcomers and invitations."""

    __pydantic_config__: ClassVar[dict[str, object]] = _STRICT
    enabled: bool = True
    accept_invites: Literal["staff", "anybody", "nobody"] = "staff"
    """Whose invitations into rooms are accepted: bound staff, anybody, or nobody's."""
    gather: int = 10
    """A greeting waits this long for further newcomers."""


@dataclass(frozen=True, slots=True)
class TalkPolicy:
    """How the bot keeps out of the way when people talk."""

    __pydantic_config__: ClassVar[dict[str, object]] = _STRICT
    people_first: int = 5
    """An answer that nobody asked the bot for waits this long, and is dropped when staff answer meanwhile."""
    company_wait: int = 45
    """有人吗 is answered after this, unless somebody spoke to the member."""
    company_every: int = 3600
    opener_wait: int = 6
    """A greeting or 我想问下 said to the bot waits this long for the rest."""
    join_window: int = 20
    """Several short messages of one member within this are read as one, too."""
    join_messages: int = 5
    join_chars: int = 30
    loop_messages: int = 5
    """So many messages in a row that each got a reply within `loop_window` look like another bot's."""
    loop_window: int = 120
    loop_pause: int = 300


@dataclass(frozen=True, slots=True)
class ExpiryPolicy:
    """How long unsent words stay true; staff text never expires."""

    __pydantic_config__: ClassVar[dict[str, object]] = _STRICT
    answer: int = 180
    warning: int = 120
    greeting: int = 600
    acknowledgement: int = 1800


@dataclass(frozen=True, slots=True)
class RetentionPolicy:
    """Days after which things are deleted (0 = kept)."""

    __pydantic_config__: ClassVar[dict[str, object]] = _STRICT
    messages: int = 90
    findings: int = 90
    cases: int = 730
    audit: int = 365


@dataclass(frozen=True, slots=True)
class Policy:
    """Everything a room is governed by."""

    __pydantic_config__: ClassVar[dict[str, object]] = _STRICT
    simulate: bool = False
    """Judged and audited, nothing sent."""
    time_zone: str = "Asia/Shanghai"
    night: NightPolicy = NightPolicy()
    moderation: ModerationPolicy = ModerationPolicy()
    faq: FaqPolicy = FaqPolicy()
    escalation: EscalationPolicy = EscalationPolicy()
    engagement: EngagementPolicy = EngagementPolicy()
    welcome: WelcomePolicy = WelcomePolicy()
    talk: TalkPolicy = TalkPolicy()
    expiry: ExpiryPolicy = ExpiryPolicy()
    retention: RetentionPolicy = RetentionPolicy()
    empty_mention_window: int = 120
    """After an empty @ the member's next message within this counts as addressed."""
