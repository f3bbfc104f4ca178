"""What anybody may see of a draw: its terms while it is open, and its receipt once it is closed."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, func, select

from domain.actions import Prize
from storage.columns import load
from storage.tables.engagement import DRAWS, ENTRIES, WINNERS


@dataclass(frozen=True, slots=True)
class PublicWinner:
    """Who won what, by the nickname of that moment; ``rank`` counts from 0."""

    name: str
    prize: str
    rank: int


@dataclass(frozen=True, slots=True)
class DrawView:
    """A draw without its secrets. ``receipt`` is the canonical JSON text once it is closed, else None."""

    number: int
    title: str
    prizes: tuple[Prize, ...]
    commitment: str
    opened_at: datetime
    closes_at: datetime
    closed_at: datetime | None
    entrants: int
    winners: tuple[PublicWinner, ...]
    receipt: str | None


def draw(conn: Connection, number: int) -> DrawView | None:
    """One draw, or None."""
    row = conn.execute(select(DRAWS).where(DRAWS.c.number == number)).one_or_none()
    if row is None:
        return None
    entrants = select(func.count()).select_from(ENTRIES).where(ENTRIES.c.draw_number == number)
    winners = select(WINNERS).where(WINNERS.c.draw_number == number).order_by(WINNERS.c.rank)
    return DrawView(
        number=row.number,
        title=row.title,
        prizes=tuple(Prize(name, count) for name, count in load(row.prizes)),
        commitment=row.commitment,
        opened_at=row.opened_at,
        closes_at=row.closes_at,
        closed_at=row.closed_at,
        entrants=conn.execute(entrants).scalar_one(),
        winners=tuple(PublicWinner(one.member_name, one.prize, one.rank) for one in conn.execute(winners)),
        receipt=row.receipt,
    )
