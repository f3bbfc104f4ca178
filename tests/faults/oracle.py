"""What the gateway says was said, asked for and delivered, held against what is on record: the judge of fault tests.

People ask for draws that there are not (`参加 4711`): each answer names the number of its question, so the gateway's
own log tells which message was answered how often.
"""

import re
from collections import Counter
from collections.abc import Container, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from sqlalchemy import func, select

from domain.facts import SendState
from domain.incoming import IncomingKind
from storage import views_events
from storage.columns import load
from storage.database import Connection
from storage.tables.path import INBOX, MESSAGES, OUTBOX
from storage.tables.people import ACCOUNTS, ROOM_MEMBERS
from tests.gateway import Gateway
from tests.gateway.community import Entry
from tests.story.record import look, until

T = TypeVar("T")
OPEN = (SendState.WAITING.value, SendState.CALLING.value)
SETTLING_SECONDS = 3.0
"""A reply is on record so long after it came at the latest, on a busy machine too."""
_SENDS = ("id", "kind", "text", "state", "external_id", "attempts", "called_at")


@dataclass(frozen=True, slots=True)
class Record:
    """What the bot has on record of WeChat: inbox rows by state, ids of messages heard, sends, gaps."""

    inbox: Counter[str]
    heard: Counter[str]
    """Members' messages in the inbox by the gateway's id."""
    own: Counter[str]
    """The account's own messages in the inbox by the gateway's id."""
    judged: Counter[str]
    """Members' messages in the history by the gateway's id."""
    counted: int
    """Members' messages as the running totals of rooms and members say."""
    windows: list[float]
    """From a message's id on the stream to its commit, in ms, sorted."""
    sends: list[Any]
    gaps: list[views_events.GapView]

    def answers(self, number: int) -> list[Any]:
        """The sends that answer the message with this number."""
        return [row for row in self.sends if row.text and answered(row.text) == number]

    @property
    def doubtful(self) -> list[Any]:
        """The sends of unknown outcome."""
        return [row for row in self.sends if row.state == SendState.DOUBTFUL]

    def deaf(self, at_ms: float) -> bool:
        """Whether a recorded gap holds this moment (milliseconds since 1970)."""
        return any(gap.started_at.timestamp() * 1000 <= at_ms <= gap.ended_at.timestamp() * 1000 for gap in self.gaps)


@dataclass(frozen=True, slots=True)
class Counts:
    """What a run came to, for its report."""

    asked: int
    missed: int
    """Not heard, in a recorded gap."""
    delivered: int
    """Answers that the gateway delivered."""
    doubtful: int


def answered(text: str) -> int | None:
    """The number of the draw that is not: it tells which message a text answers."""
    found = re.search(r"第 (\d+) 场", text)
    return int(found[1]) if found is not None else None


async def asked(gateway: Gateway) -> dict[int, Entry]:
    """What members asked so far, as the gateway emitted it, by number: messageId, at (ms), listened …"""
    said = [one for one in await gateway.emitted(kinds=["message"]) if one["talker"] != gateway.self_id]
    return {int(one["text"].removeprefix("参加 ")): one for one in said if one["text"].startswith("参加 ")}


# ---- what is on record -----------------------------------------------------------------------------------------------


def _record(conn: Connection) -> Record:
    wechat = select(ACCOUNTS.c.id).where(ACCOUNTS.c.channel == "wechaty")
    columns = (INBOX.c.kind, INBOX.c.state, INBOX.c.payload, INBOX.c.window)
    inbox = conn.execute(select(*columns).where(INBOX.c.account_id.in_(wechat))).all()
    sends = select(*(OUTBOX.c[name] for name in _SENDS)).where(OUTBOX.c.account_id.in_(wechat)).order_by(OUTBOX.c.id)
    messages = conn.execute(select(MESSAGES.c.external_id).where(~MESSAGES.c.own))
    counted = conn.execute(select(func.sum(ROOM_MEMBERS.c.messages))).scalar_one()
    return Record(
        Counter(row.state for row in inbox),
        Counter(load(row.payload)["id"] for row in inbox if row.kind == IncomingKind.MESSAGE),
        Counter(load(row.payload)["id"] for row in inbox if row.kind == IncomingKind.OWN_MESSAGE),
        Counter(messages.scalars()),
        int(counted or 0),
        sorted(row.window / 1000 for row in inbox if row.kind == IncomingKind.MESSAGE and row.window is not None),
        list(conn.execute(sends).all()),
        views_events.gaps(conn, limit=1000),
    )


async def record(url: str) -> Record:
    """The record as it is now."""
    return await look(url, _record)


def _unfinished(conn: Connection) -> int:
    # What could not be read when it was heard is fetched again within half a minute.
    waiting = select(func.count()).where(INBOX.c.state.in_(("waiting", "unreadable")))
    going = select(func.count()).where(OUTBOX.c.state.in_(OPEN))
    return conn.execute(waiting).scalar_one() + conn.execute(going).scalar_one()


async def settled(url: str, seconds: float = 90.0) -> Record:
    """The record as soon as nothing waits for being decided, sent or settled."""

    async def quiet() -> bool:
        return await look(url, _unfinished) == 0

    await until(quiet, seconds)
    return await record(url)


# ---- the judgement ---------------------------------------------------------------------------------------------------


async def judge(gateway: Gateway, record: Record, deaths: Sequence[float] = ()) -> Counts:
    """Hold the record against the gateway. ``deaths``: when the bot was killed (s since 1970), if it was.

    - Whatever a member said was answered at the gateway once, or its answer is doubtful, or it lies in a recorded gap.
    - What is in the inbox took effect once: in the history, in the running totals, in the outbox.
    - Nothing reached the gateway twice.
    - An answer is doubtful when neither its call's reply nor its echo was heard, and for no other reason.
    """
    said = await asked(gateway)
    texts = [one for one in await gateway.sent(kinds=["text"]) if answered(one["text"]) is not None]
    delivered = _by_number((answered(one["text"]), one) for one in texts if one["delivered"])
    _nothing_twice(texts)
    missed = _each_asked_once(said, delivered, record)
    _effect_once(record)
    assert {answered(one["text"]) for one in texts} <= {answered(row.text or "") for row in record.sends}
    for row in record.sends:
        if (number := answered(row.text or "")) is not None:
            _outcome_known(row, {one["id"]: one for one in delivered.get(number, ())}, record)
    if deaths:
        _doubtful_by_death(texts, record, deaths)
    return Counts(len(said), missed, sum(map(len, delivered.values())), len(record.doubtful))


def _by_number(pairs: Iterable[tuple[int | None, T]]) -> dict[int | None, list[T]]:
    found: dict[int | None, list[T]] = {}
    for number, one in pairs:
        found.setdefault(number, []).append(one)
    return found


def _nothing_twice(texts: Sequence[Entry]) -> None:
    """A send that the gateway refused before it delivered anything may be tried again; nothing else may."""
    asked_for = Counter(one["text"] for one in texts if one["delivered"] or one["outcome"] != "failed")
    assert [text for text, times in asked_for.items() if times > 1] == [], "sent twice"


def _each_asked_once(said: dict[int, Entry], at_gateway: Container[int | None], record: Record) -> int:
    """How many were not heard; each of these in a recorded gap."""
    sends = _by_number((answered(row.text or ""), row) for row in record.sends)
    missed = 0
    for number, message in said.items():
        answers = sends.get(number, [])
        if message["messageId"] in record.heard:
            assert len(answers) == 1, f"message {number} has {len(answers)} answers on record"
            in_doubt = answers[0].state == SendState.DOUBTFUL
            assert number in at_gateway or in_doubt, f"message {number} has no answer at the gateway, and no doubt"
        else:
            missed += 1
            assert not answers and number not in at_gateway, f"message {number} was never heard and has an answer"
            assert record.deaf(message["at"]), f"message {number} was missed in no recorded gap"
    return missed


def _effect_once(record: Record) -> None:
    assert set(record.inbox) <= {"decided"}, record.inbox
    assert record.heard == record.judged, "heard and judged differ"
    assert max(record.heard.values(), default=1) == 1, "in the inbox twice"
    assert record.counted == record.heard.total(), "the running totals differ from what was heard"


def _outcome_known(row: Any, mine: dict[str, Entry], record: Record) -> None:
    """A send on record as sent was delivered, and that could be known; a doubtful one was called, and has no echo.

    ``mine``: what was delivered of it, by id.
    """
    if row.state == SendState.SENT:
        assert mine, f"send {row.id} is on record as sent and was not delivered"
        assert row.external_id is None or row.external_id in mine, f"send {row.id} has another's id"
        heard = any(entry["outcome"] == "replied" or one in record.own for one, entry in mine.items())
        assert heard, f"send {row.id} is on record as sent, and nobody can have known"
    else:
        assert row.state == SendState.DOUBTFUL, f"send {row.id} is {row.state}"
        assert row.called_at is not None, f"send {row.id} was never called and is doubtful"
        assert not set(mine) & set(record.own), f"send {row.id} is doubtful although its echo was heard"


def _doubtful_by_death(texts: Sequence[Entry], record: Record, deaths: Sequence[float]) -> None:
    """Calls that a death cut off, without an echo, are doubtful; calls that ended well before any death are not."""
    doubtful = {answered(row.text): row for row in record.doubtful}
    for one in texts:
        cut_off = any(one["at"] / 1000 <= death < _ended(one) for death in deaths)
        listed = answered(one["text"]) in doubtful
        assert listed or not cut_off or one["id"] in record.own, f"{one['text']!r} is not listed as doubtful"
    ends = {answered(one["text"]): _ended(one) for one in texts}
    for number, row in doubtful.items():
        began = row.called_at.timestamp()
        latest = ends.get(number, began) + SETTLING_SECONDS
        assert any(began <= death < latest for death in deaths), f"send {row.id} is doubtful, and no death explains it"


def _ended(text: Entry) -> float:
    """When the gateway answered for it (s since 1970); never for a call that it still holds."""
    return float(text.get("settled_at", float("inf"))) / 1000
