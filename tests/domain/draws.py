"""Draws to test with: terms, rosters and a receipt, all from fixed seeds."""

import hashlib
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from domain.draw import Entrant, Exclusion, Prize, Redraw, Roster, Terms, entrant_id, roster
from domain.draw_receipt import receipt

OPENED = datetime(2026, 5, 1, 12, tzinfo=UTC)
CLOSES = OPENED + timedelta(minutes=10)
CLOSED = CLOSES + timedelta(seconds=2)
SALT = b"salt of this draw"


def seed_of(text: str) -> bytes:
    return hashlib.sha256(text.encode()).digest()


SEED = seed_of("a fixed seed")


def terms(*prizes: Prize, draw_id: str = "7", closes_at: datetime | None = CLOSES) -> Terms:
    return Terms(draw_id, "五一抽奖", prizes or (Prize("奶茶", 2), Prize("红包", 1)), OPENED, closes_at, "每人一次")


def people(count: int) -> list[Entrant]:
    return [Entrant(entrant_id(SALT, n), f"成员{n}", OPENED + timedelta(seconds=n % 600)) for n in range(count)]


def frozen(count: int = 10, exclusions: Sequence[Exclusion] = (), draw_id: str = "7") -> Roster:
    return roster(draw_id, people(count), exclusions)


def sample(count: int = 10, redraws: Sequence[Redraw] = (), exclusions: Sequence[Exclusion] = ()) -> dict[str, object]:
    return receipt(SEED, terms(), frozen(count, exclusions), CLOSED, redraws)
