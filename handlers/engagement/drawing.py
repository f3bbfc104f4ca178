"""Opening and closing a draw as actions: its seed is made of the event's entropy, its receipt of the frozen roster."""

import hashlib
from collections.abc import Sequence
from datetime import datetime, timedelta

from domain import draw as theory
from domain.actions import Action, CloseDraw, OpenDraw, Prize, SetTimer, Winner
from domain.calendar_day import local
from domain.draw_receipt import receipt_text, settle
from domain.events import Person
from domain.facts import DrawFacts, Facts
from domain.ids import RoomId
from handlers.speech import Voice

CLOSE_TIMER = "draw.close"
DEFAULT_DURATION = timedelta(minutes=10)
NAMES_PER_PRIZE = 10
"""Winners named in the announcement; the receipt has them all."""
MENTIONED = 5


def terms_of(draw: DrawFacts) -> theory.Terms:
    """What the receipt and the receipt page of an open draw show; its hash is published at opening."""
    prizes = tuple(theory.Prize(prize.name, prize.count) for prize in draw.prizes)
    return theory.Terms(str(draw.number), draw.title, prizes, draw.opened_at, draw.closes_at)


def link(voice: Voice, number: int) -> str:
    """The public page of a draw."""
    return f"{voice.book.public_url.rstrip('/')}/draws/{number}"


def open_draw(
    voice: Voice,
    facts: Facts,
    room_id: RoomId,
    title: str,
    prizes: Sequence[Prize],
    duration: timedelta | None,
    source: str,
) -> tuple[Action, ...]:
    """Open the room's next draw: the row, its closing timer and the announcement.

    Seed and salt are derived from the event's secret entropy, so that judging twice gives the same draw.
    """
    number = facts.world.counters.draw + 1
    at = facts.event.at
    closes_at = at + (duration or DEFAULT_DURATION)
    seed = _derived(b"draw seed", facts.event.entropy)
    text = voice.text(
        "draw.opened",
        facts,
        title=title,
        prizes=_prizes(prizes),
        number=number,
        close_time=_clock(closes_at, at, facts.policy.time_zone),
        link=link(voice, number),
    )
    return (
        OpenDraw(
            number=number,
            room_id=room_id,
            title=title,
            prizes=tuple(prizes),
            seed=seed,
            salt=_derived(b"draw salt", facts.event.entropy),
            commitment=theory.commitment(seed),
            opened_at=at,
            closes_at=closes_at,
            source=source,
        ),
        SetTimer(name=CLOSE_TIMER, room_id=room_id, due_at=closes_at, reference=str(number)),
        voice.announce(facts, text),
    )


def close_draw(voice: Voice, facts: Facts, draw: DrawFacts) -> tuple[Action, ...]:
    """Freeze the roster, reveal the seed and announce the winners.

    Raises ValueError when the roster was not loaded: winners from a part of the roster would be a lie.
    """
    if draw.roster is None:
        raise ValueError(f"the roster of draw {draw.number} was not loaded")
    terms = terms_of(draw)
    people = {entrant.entrant: entrant.member for entrant in draw.roster}
    frozen = theory.roster(terms.draw_id, [theory.Entrant(e.entrant, e.member.name, e.at) for e in draw.roster])
    winners = tuple(
        Winner(people[award.entrant_id], award.prize, award.rank) for award in settle(draw.seed, terms, frozen).awards
    )
    receipt = receipt_text(draw.seed, terms, frozen, facts.event.at)
    closing = CloseDraw(number=draw.number, at=facts.event.at, receipt=receipt, winners=winners)
    return closing, _announcement(voice, facts, draw, winners)


def _announcement(voice: Voice, facts: Facts, draw: DrawFacts, winners: Sequence[Winner]) -> Action:
    url = link(voice, draw.number)
    if not winners:
        return voice.announce(facts, voice.text("draw.nobody", facts, title=draw.title, link=url))
    by_prize: dict[str, list[str]] = {}
    for winner in winners:
        by_prize.setdefault(winner.prize, []).append(winner.member.name)
    lists = "；".join(f"{prize}：{_names(names)}" for prize, names in by_prize.items())
    text = voice.text("draw.won", facts, title=draw.title, winners=lists, link=url)
    people: tuple[Person, ...] = tuple(winner.member for winner in winners)
    return voice.announce(facts, " ".join(text.split()), people if len(people) <= MENTIONED else ())


def _names(names: Sequence[str]) -> str:
    shown = "、".join(names[:NAMES_PER_PRIZE])
    return shown if len(names) <= NAMES_PER_PRIZE else f"{shown}等{len(names)}人"


def _prizes(prizes: Sequence[Prize]) -> str:
    return "、".join(f"{prize.name}×{prize.count}" for prize in prizes)


def _clock(at: datetime, now: datetime, tz: str) -> str:
    here, today = local(at, tz), local(now, tz).date()
    clock = f"{here.hour}:{here.minute:02d}"
    return clock if here.date() == today else f"{here.month}月{here.day}日{clock}"


def _derived(label: bytes, entropy: bytes) -> bytes:
    return hashlib.sha256(label + b"\0" + entropy).digest()
