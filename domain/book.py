"""The operators' book: everything configuration says, validated and immutable, under one revision number."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from domain.actions import Prize
from domain.policy import Policy

LOCAL_URL = "http://127.0.0.1:8080"
"""Where the public pages are unless steward.yaml says otherwise."""


@dataclass(frozen=True, slots=True)
class Example:
    """A message that an entry's author tried: it must bring the answer, or must not. ``where`` is ``file:line``."""

    text: str
    where: str = ""


@dataclass(frozen=True, slots=True)
class FollowUp:
    """What may be asked on when the answer is quoted: another entry by its id, or a question with its own answers."""

    entry: str = ""
    question: str = ""
    answers: tuple[str, ...] = ()
    where: str = ""


@dataclass(frozen=True, slots=True)
class FaqEntry:
    """One question with its answers. ``where`` is ``file:line`` for messages to operators."""

    id: str
    question: str
    answers: tuple[str, ...]
    similar: tuple[str, ...] = ()
    keywords: tuple[str, ...] = ()
    """All of these words together make a match too; a word may have alternatives ``a|b``."""
    rooms: tuple[str, ...] = ()
    """Room keys; empty: everywhere."""
    enabled: bool = True
    cooldown: int | None = None
    where: str = ""
    asks: tuple[Example, ...] = ()
    """Messages that this entry must answer; `steward faq test` holds the matcher to them."""
    refuses: tuple[Example, ...] = ()
    """Messages that it must not answer (``not`` in the file)."""
    since: date | None = None
    """The first day, on the community's calendar, on which it answers; ``until`` the last."""
    until: date | None = None
    answer_at: float | None = None
    """Thresholds of its own, addressed or not, instead of the policy's."""
    suggest_at: float | None = None
    follow_ups: tuple[FollowUp, ...] = ()
    files: tuple[str, ...] = ()
    """Images and files sent behind the answer: names relative to the config folder, ``files/map.png``."""
    files_at: tuple[str, ...] = ()
    """``file:line`` of each."""

    def valid_on(self, day: date) -> bool:
        """Whether it answers on this day."""
        return (self.since is None or self.since <= day) and (self.until is None or day <= self.until)


@dataclass(frozen=True, slots=True)
class WordList:
    """Terms of one category. ``severity`` is the level a hit reaches; a hit inside an ``allow`` phrase is none."""

    category: str
    severity: str
    terms: tuple[str, ...]
    allow: tuple[str, ...] = ()
    rule: str = "abuse"
    """Which finding it speaks for: ``abuse`` or ``advert``."""
    title: str = ""
    """How the group rule is named to members (never the word itself)."""
    whole_token: bool = False
    """Latin terms that count only as whole tokens."""
    to_somebody: str = ""
    """The level instead of ``severity`` when said to somebody's face (你 …, a mention, a quote); empty: the same."""
    trial: bool = False
    """Hits are recorded for people to review, and bring no consequence."""
    where: str = ""
    exact: bool = False
    """A term may be one character."""
    frames: tuple[str, ...] = ()
    """Terms with choices in them, as ``(滚|爬)(远|开|)点``: too many to be written out, and found as written only."""
    patterns: tuple[str, ...] = ()
    """Regular expressions of RE2 over letters and digits (no whitespace, no punctuation), found as written only."""
    as_written: bool = False
    """No other spelling of its terms is looked for."""


@dataclass(frozen=True, slots=True)
class Campaign:
    """Something at an hour: ``kind`` is ``post`` (a text, e.g. the morning call) or ``draw`` (opens a draw)."""

    id: str
    kind: str
    at: str
    """``HH:MM`` of the community's day, or ``every Nm`` for demonstrations."""
    weekdays: tuple[int, ...] = (0, 1, 2, 3, 4, 5, 6)
    rooms: tuple[str, ...] = ()
    """Room keys; empty: every room that is not private and not the agents'."""
    text: str = ""
    title: str = ""
    prizes: tuple[Prize, ...] = ()
    duration_minutes: int = 10
    enabled: bool = True
    where: str = ""


@dataclass(frozen=True, slots=True)
class Texts:
    """What the bot says: key → variants. Variables were checked when it was read."""

    variants: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def say(self, key: str, entropy: bytes = b"\0", **values: object) -> str:
        """A variant with its variables filled in; ``entropy`` chooses which.

        Values are inserted as they are, and never read as templates themselves.
        """
        variants = self.variants[key]
        template = variants[entropy[-1] % len(variants)]
        return template.format_map({name: str(value) for name, value in values.items()})


@dataclass(frozen=True, slots=True)
class Book:
    """One revision of everything operators write."""

    revision: int = 0
    """The integer key under which storage keeps this set; 0 before it is stored."""
    content_hash: str = ""
    bot_name: str = "小管家"
    policy: Policy = Policy()
    rooms: Mapping[str, Policy] = field(default_factory=dict)
    """Room key → effective policy (already merged with the deployment's)."""
    topics: Mapping[str, str] = field(default_factory=dict)
    """Room key → topic as configured: the rooms that the embedded channel opens."""
    staff_rooms: tuple[str, ...] = ()
    faq: tuple[FaqEntry, ...] = ()
    words: tuple[WordList, ...] = ()
    texts: Texts = Texts()
    synonyms: Mapping[str, str] = field(default_factory=dict)
    """Another way to say a word → that word; beside the built-in ones."""
    campaigns: tuple[Campaign, ...] = ()
    public_url: str = LOCAL_URL
    """Where receipts and the privacy notice are linked to."""

    def policy_of(self, room_key: str) -> Policy:
        """The effective policy of a room."""
        return self.rooms.get(room_key, self.policy)
