"""Tables of check-ins, points and draws."""

import datetime as dt
from datetime import datetime

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import Field

from storage.tables.base import Base, instant, integer, maybe_instant, maybe_string, refers, row_id, string, table_of


class CheckInRow(Base, table=True):
    """One check-in of a member on a community day."""

    __tablename__ = "checkins"

    member_id: int = row_id()
    day: dt.date = Field(primary_key=True)
    room_id: int = integer()
    streak: int = integer()
    at: datetime = instant()


class LedgerRow(Base, table=True):
    """Points, append-only; a balance is the sum of a member's amounts."""

    __tablename__ = "ledger"
    __table_args__ = (UniqueConstraint("key"), Index("ix_ledger_member", "member_id", "amount"))

    id: int = row_id(autoincrement=True)
    member_id: int = integer()
    amount: int = integer()
    cause: str = string()
    key: str = string()
    at: datetime = instant()


class DrawRow(Base, table=True):
    """A draw. ``seed`` is secret until ``closed_at``; ``prizes`` is JSON ``[[name, count], …]``."""

    __tablename__ = "draws"
    __table_args__ = (Index("ix_draws_room", "room_id", "closed_at"),)

    number: int = row_id()
    room_id: int = integer()
    title: str = string()
    prizes: str = string("[]")
    seed: bytes = b""
    salt: bytes = b""
    commitment: str = string()
    opened_at: datetime = instant()
    closes_at: datetime = instant()
    source: str = string()
    closed_at: datetime | None = maybe_instant()
    receipt: str | None = maybe_string()


class EntryRow(Base, table=True):
    """A member in a draw, once."""

    __tablename__ = "entries"

    draw_number: int = refers("draws.number", primary=True)
    member_id: int = row_id()
    member_name: str = string()
    entrant: str = string()
    at: datetime = instant()


class WinnerRow(Base, table=True):
    """Who won what, at which rank of the whole ranking (from 0)."""

    __tablename__ = "winners"

    draw_number: int = refers("draws.number", primary=True)
    rank: int = row_id()
    member_id: int = integer()
    member_name: str = string()
    prize: str = string()


CHECKINS = table_of(CheckInRow)
LEDGER = table_of(LedgerRow)
DRAWS = table_of(DrawRow)
ENTRIES = table_of(EntryRow)
WINNERS = table_of(WinnerRow)
