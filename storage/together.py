"""Different answers that wait for one room go as one message: taken together when the first of them is begun."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import Connection, Select, bindparam, or_, select, update

from domain.actions import Merge
from domain.echo import plain
from domain.facts import SendState
from domain.merge import addressed, together
from domain.outward import SendClass
from storage.columns import Moment, clean, dump
from storage.given import many, one_of
from storage.merging import TOGETHER, parts_of, parts_text
from storage.prepared import fetch, run_many
from storage.statements import is_postgresql, is_state
from storage.tables.path import OUTBOX

ANSWERS = "faq:"
"""Merge keys of answers begin so."""
LEAST, MOST = 3, 5
"""So many different answers, at least and at most, become one message."""
LONGEST = 600
"""Characters of such a message, without the @ in front; what does not fit waits for its turn."""
ALONG = timedelta(seconds=2)
"""An answer that lets people speak first may go so much early together with others."""


@cache
def _waiting(postgresql: bool) -> Select[Any]:
    query = (
        select(OUTBOX.c.id, OUTBOX.c.room_id, OUTBOX.c.merge_key, OUTBOX.c.parts)
        .where(
            OUTBOX.c.account_id == bindparam("account"),
            one_of(postgresql, OUTBOX.c.room_id, "rooms"),
            OUTBOX.c.send_class == int(SendClass.ANSWER),
            is_state(OUTBOX.c.state, SendState.WAITING),
            OUTBOX.c.merge_key.startswith(ANSWERS),
            OUTBOX.c.attempts == 0,
            or_(OUTBOX.c.not_before.is_(None), OUTBOX.c.not_before <= bindparam("soon", type_=Moment)),
            or_(OUTBOX.c.expires_at.is_(None), OUTBOX.c.expires_at > bindparam("now", type_=Moment)),
        )
        .order_by(OUTBOX.c.id)
    )
    # One that is being changed at this moment goes by itself.
    return query.with_for_update(skip_locked=True) if postgresql else query


_CHANGED = update(OUTBOX).where(OUTBOX.c.id == bindparam("held"))


def take_along(conn: Connection, account: int, heads: Iterable[Any], now: datetime) -> bool:
    """Put what waits behind rows that are about to go into them; whether any was changed."""
    answers = {row.room_id: row for row in heads if _is_answer(row)}
    if not answers:
        return False
    given = {"account": account, "rooms": many(conn, answers), "now": now, "soon": now + ALONG}
    behind: dict[int, list[Any]] = {}
    for row in fetch(conn, _waiting(is_postgresql(conn)), given):
        if row.id != answers[row.room_id].id:
            behind.setdefault(row.room_id, []).append(row)
    changed, taken = [], []
    for room, rows in behind.items():
        fitting = _fitting(answers[room], rows)
        if len(fitting) >= LEAST:
            changed.append(_values([parts_of(row.parts) for row in fitting]) | {"held": fitting[0].id})
            taken += [row.id for row in fitting[1:]]
    if changed:
        ended = {"state": SendState.CANCELLED.value, "reason": TOGETHER, "settled_at": now}
        run_many(conn, _CHANGED, changed)
        run_many(conn, _CHANGED, [ended | {"held": number} for number in taken])
    return bool(changed)


def _is_answer(row: Any) -> bool:
    return row.attempts == 0 and row.merge_key is not None and row.merge_key.startswith(ANSWERS)


def _fitting(head: Any, behind: Sequence[Any]) -> list[Any]:
    """The first row and those after it, in order, that make a message of a fitting length."""
    kept, parts = [head], [parts_of(head.parts)]
    for row in behind:
        more = [*parts, parts_of(row.parts)]
        if len(kept) < MOST and len(together(more)) <= LONGEST:
            kept, parts = [*kept, row], more
    return kept


def _values(answers: Sequence[Sequence[Merge]]) -> dict[str, Any]:
    everybody = dict.fromkeys(person for parts in answers for person in addressed(parts))
    people = list({member: [member, clean(name)] for member, name in everybody}.values())
    # The names in front stand on a line of their own.
    text = clean(("\n" if people else "") + together(answers))
    return {
        "text": text,
        "norm": plain("".join(f"@{name} " for _, name in people) + text),
        "parts": parts_text(part for parts in answers for part in parts),
        "mentions": dump(people) if people else None,
        "about_member": None,
        "about_external": "",
    }
