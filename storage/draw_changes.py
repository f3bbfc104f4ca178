"""What a batch does to draws: opened, entered, closed; on the roster they were judged on."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, func, select, update

from domain import actions as act
from domain.errors import CounterMoved
from domain.facts import DrawFacts
from storage.columns import clean, dump
from storage.done import Effects
from storage.statements import insert_many, locked
from storage.tables.engagement import DRAWS, ENTRIES, WINNERS


def save_draws(conn: Connection, effects: Effects, before: Mapping[int, DrawFacts]) -> None:
    """Apply all draw actions. Raises `CounterMoved` when somebody else entered or closed a draw meanwhile."""
    opened, entered, closed = effects.of(act.OpenDraw), effects.of(act.EnterDraw), effects.of(act.CloseDraw)
    if not (opened or entered or closed):
        return
    new = {action.number for action in opened}
    _compare_draws(conn, {a.number for a in (*entered, *closed)} - new, {a.number for a in closed}, before)
    insert_many(conn, DRAWS, [_draw(action) for action in opened])
    entries = [
        {
            "draw_number": a.number,
            "member_id": a.member.id,
            "member_name": clean(a.member.name),
            "entrant": a.entrant,
            "at": a.at,
        }
        for a in entered
    ]
    insert_many(conn, ENTRIES, sorted(entries, key=lambda row: (row["draw_number"], row["member_id"])))
    for action in closed:
        values = {"closed_at": action.at, "receipt": action.receipt}
        conn.execute(update(DRAWS).where(DRAWS.c.number == action.number).values(**values))
    insert_many(conn, WINNERS, [_winner(action.number, one) for action in closed for one in action.winners])


def _compare_draws(conn: Connection, touched: set[int], closing: set[int], before: Mapping[int, DrawFacts]) -> None:
    """Nobody enters a draw that was closed meanwhile, and none is closed on a part of its roster."""
    if not touched:
        return
    query = select(DRAWS.c.number, DRAWS.c.closed_at).where(DRAWS.c.number.in_(touched)).order_by(DRAWS.c.number)
    for row in conn.execute(locked(conn, query)).all():
        facts = before.get(row.number)
        counted = select(func.count()).select_from(ENTRIES).where(ENTRIES.c.draw_number == row.number)
        grown = row.number in closing and facts is not None and conn.scalar(counted) != facts.entrants
        if facts is None or (row.closed_at is not None) != facts.closed or grown:
            raise CounterMoved(f"draw {row.number} was changed by somebody else")


def _draw(action: act.OpenDraw) -> dict[str, Any]:
    return {
        "number": action.number,
        "room_id": action.room_id,
        "title": clean(action.title),
        "prizes": dump([[clean(prize.name), prize.count] for prize in action.prizes]),
        "seed": action.seed,
        "salt": action.salt,
        "commitment": action.commitment,
        "opened_at": action.opened_at,
        "closes_at": action.closes_at,
        "source": clean(action.source),
    }


def _winner(number: int, winner: act.Winner) -> dict[str, Any]:
    return {
        "draw_number": number,
        "rank": winner.rank,
        "member_id": winner.member.id,
        "member_name": clean(winner.member.name),
        "prize": clean(winner.prize),
    }
