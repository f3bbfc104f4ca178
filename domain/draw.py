"""A lucky draw that anyone can verify: commit to a seed, freeze the roster, reveal, and rank by HMAC-SHA256.

The protocol in short (all hashes are SHA-256 in lower-case hex, all text UTF-8, JSON as `canonical` writes it):

1. At opening: ``commitment = SHA256(seed)`` (32 secret random bytes) and ``rules_hash`` of title, prizes and rules.
2. At closing: the roster (entrants and those excluded, with the reason) is frozen; ``roster_hash``.
3. Ranking: entrants by ``HMAC-SHA256(key = seed, message = roster_hash + entrant id)`` ascending, both as ASCII hex.
4. The first ranks that are not excluded win, prize after prize. A redraw takes the next rank; nobody can roll again.
"""

import hashlib
import hmac
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

SEED_BYTES = 32
ENTRANT_HEX = 32


_ENCODER = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)


def canonical(value: object) -> str:
    """JSON with sorted keys, no blanks and no escapes beyond JSON's own: one value, one text. No floats."""
    return _ENCODER.encode(value)


def sha256(text: str) -> str:
    """SHA-256 of the UTF-8 form, in hex."""
    return hashlib.sha256(text.encode()).hexdigest()


def stamp(at: datetime) -> str:
    """An instant as ``2025-01-31T08:00:00.000Z`` (UTC, cut to milliseconds). Such texts sort like the instants."""
    if at.utcoffset() is None:
        raise ValueError("a naive datetime names no instant; give one with a time zone")
    return at.astimezone(UTC).isoformat(timespec="milliseconds")[:-6] + "Z"


def commitment(seed: bytes) -> str:
    """What is published at opening: the hash of the secret seed. Raises ValueError unless the seed has 32 bytes."""
    if len(seed) != SEED_BYTES:
        raise ValueError(f"a draw's seed has {SEED_BYTES} bytes, not {len(seed)}")
    return hashlib.sha256(seed).hexdigest()


def entrant_id(salt: bytes, member_id: int | str) -> str:
    """A member's id in one draw (32 hex digits): the secret salt keeps members from being followed over draws."""
    return hmac.digest(salt, str(member_id).encode(), "sha256").hex()[:ENTRANT_HEX]


@dataclass(frozen=True, slots=True)
class Prize:
    """A prize and how many of it there are."""

    name: str
    count: int

    def __post_init__(self) -> None:
        if not self.name.strip() or self.count < 1:
            raise ValueError(f"a prize has a name and a count of 1 or more, not {self.name!r} x {self.count}")


@dataclass(frozen=True, slots=True)
class Terms:
    """What is announced at opening and may not change: ``closes_at`` None means that staff or a number closes it."""

    draw_id: str
    title: str
    prizes: tuple[Prize, ...]
    opened_at: datetime
    closes_at: datetime | None = None
    rules: str = ""

    def __post_init__(self) -> None:
        if not self.prizes:
            raise ValueError("a draw has one prize or more")
        if self.closes_at is not None and self.closes_at <= self.opened_at:
            raise ValueError("a draw closes after it opens")

    def as_json(self) -> dict[str, object]:
        """The JSON value whose canonical form is hashed."""
        return {
            "draw_id": clean(self.draw_id),
            "title": clean(self.title),
            "prizes": [{"name": clean(prize.name), "count": prize.count} for prize in self.prizes],
            "opened_at": stamp(self.opened_at),
            "closes_at": stamp(self.closes_at) if self.closes_at else None,
            "rules": clean(self.rules),
        }

    @property
    def hash(self) -> str:
        """Published at opening beside the commitment."""
        return sha256(canonical(self.as_json()))


@dataclass(frozen=True, slots=True)
class Entrant:
    """Somebody who takes part: id of this draw, the public nickname, and when they entered."""

    id: str
    name: str
    at: datetime

    def as_json(self) -> dict[str, object]:
        """The entrant in the roster's JSON value."""
        return {"id": self.id, "name": clean(self.name), "at": stamp(self.at)}

    @property
    def canonical(self) -> str:
        """The canonical text of `as_json`, written by hand: twice as fast, which a million entrants are worth."""
        encode = _ENCODER.encode
        return f'{{"at":"{stamp(self.at)}","id":{encode(self.id)},"name":{encode(clean(self.name))}}}'


@dataclass(frozen=True, slots=True)
class Exclusion:
    """An entrant whom the rules bar from winning, decided before the roster is frozen, with the public reason."""

    entrant_id: str
    reason: str

    def as_json(self) -> dict[str, object]:
        """The exclusion in the roster's JSON value."""
        return {"id": self.entrant_id, "reason": clean(self.reason)}


@dataclass(frozen=True, slots=True)
class Roster:
    """The frozen list. Build it with `roster`, which sorts and checks."""

    draw_id: str
    entrants: tuple[Entrant, ...]
    exclusions: tuple[Exclusion, ...] = ()

    def as_json(self) -> dict[str, object]:
        """The JSON value whose canonical form is hashed."""
        return {
            "draw_id": clean(self.draw_id),
            "entrants": [one.as_json() for one in self.entrants],
            "exclusions": [one.as_json() for one in self.exclusions],
        }

    @property
    def hash(self) -> str:
        """Published before the seed is revealed. Hashed piece by piece: a million entrants are 100 MB of text."""
        digest = hashlib.sha256(f'{{"draw_id":{canonical(clean(self.draw_id))},"entrants":['.encode())
        for index, one in enumerate(self.entrants):
            digest.update((f",{one.canonical}" if index else one.canonical).encode())
        digest.update(f'],"exclusions":{canonical([one.as_json() for one in self.exclusions])}}}'.encode())
        return digest.hexdigest()


def roster(draw_id: str, entrants: Iterable[Entrant], exclusions: Iterable[Exclusion] = ()) -> Roster:
    """Freeze the list, sorted by id. Raises ValueError for an id that appears twice or is excluded but not entered."""
    listed = tuple(sorted(entrants, key=lambda one: one.id))
    barred = tuple(sorted(exclusions, key=lambda one: one.entrant_id))
    ids, barred_ids = {one.id for one in listed}, {one.entrant_id for one in barred}
    if len(ids) < len(listed) or len(barred_ids) < len(barred):
        raise ValueError("an entrant appears twice in the roster")
    if not barred_ids <= ids:
        raise ValueError("somebody is excluded who did not enter")
    return Roster(draw_id, listed, barred)


def ranking(seed: bytes, roster_hash: str, entrant_ids: Iterable[str]) -> list[str]:
    """All entrants' ids, luckiest first. Ties would need a SHA-256 collision and would go by id."""
    prefix = roster_hash.encode()
    # Digests are equally long, so appending the id orders ties by it.
    return sorted(entrant_ids, key=lambda one: hmac.digest(seed, prefix + one.encode(), "sha256") + one.encode())


@dataclass(frozen=True, slots=True)
class Redraw:
    """A winner who does not take the prize, why, and when it was decided. ``slot`` counts prizes from 1."""

    slot: int
    entrant_id: str
    reason: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Award:
    """Who gets the prize of a slot; ``rank`` counts from 0 in the whole ranking."""

    slot: int
    prize: str
    entrant_id: str
    rank: int


@dataclass(frozen=True, slots=True)
class Outcome:
    """Awards by slot, and for each redraw in order who moved up (None: nobody was left, the slot stays empty)."""

    awards: tuple[Award, ...]
    successors: tuple[str | None, ...]


def slots(prizes: Iterable[tuple[str, int]]) -> Iterator[str]:
    """The prize of each slot: every prize as often as there are of it, in the announced order."""
    for name, count in prizes:
        yield from [name] * count


def outcome(
    ranked: Sequence[str],
    excluded: Iterable[str],
    prizes: Iterable[tuple[str, int]],
    redraws: Iterable[tuple[int, str]] = (),
) -> Outcome:
    """Give out the prizes: ``prizes`` as (name, count), ``redraws`` as (slot, who held it), both in order.

    With fewer people than prizes the later slots stay empty. Raises ValueError when a redraw names a slot that its
    entrant does not hold.
    """
    barred = set(excluded)
    waiting = ((one, rank) for rank, one in enumerate(ranked) if one not in barred)
    holders = dict(enumerate(zip(slots(prizes), waiting, strict=False), start=1))
    successors: list[str | None] = []
    for slot, leaver in redraws:
        if slot not in holders or holders[slot][1][0] != leaver:
            raise ValueError(f"slot {slot} is not held by {leaver}")
        prize, _ = holders.pop(slot)
        successor = next(waiting, None)
        successors.append(successor and successor[0])
        if successor is not None:
            holders[slot] = (prize, successor)
    awards = tuple(Award(slot, prize, one, rank) for slot, (prize, (one, rank)) in sorted(holders.items()))
    return Outcome(awards, tuple(successors))


def clean(text: str) -> str:
    """The text with lone surrogates replaced, since they have no UTF-8 form."""
    return text.encode("utf-8", "replace").decode()
