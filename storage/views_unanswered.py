"""Questions without an answer by the bot or by staff, and the answers that agents gave in cases."""

from collections import defaultdict, deque
from collections.abc import Callable, Collection, Iterable
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, select

from domain.case_actions import Author
from domain.unanswered import Asked
from storage.columns import load
from storage.tables.order import CASE_MESSAGES, CASES
from storage.tables.path import FINDINGS, INBOX, MESSAGES
from storage.tables.people import ROOMS
from storage.tables.staff import BINDINGS
from storage.views_decisions import room_title

WAIT = timedelta(minutes=10)
"""How long a question may wait for an answer before it counts as unanswered."""
MOST_MESSAGES = 20_000
"""Messages that are looked through."""
MOST_CASES = 500
_ANSWERS = frozenset({"say", "open_case", "append_to_case"})
"""What the bot may have done about a message so that its asker is not left alone."""
_WRONG = ("abuse:warn", "abuse:remove", "advert:warn", "advert:remove")


def unanswered(
    conn: Connection,
    since: datetime,
    now: datetime,
    staff_rooms: Collection[str],
    is_question: Callable[[str], bool],
) -> list[Asked]:
    """Questions by members since then that the bot and staff left alone for ten minutes, newest first.

    ``is_question`` is told the normalised text. Staff are bound members, a room's owner and admins, and whoever types
    on the account's phone.
    """
    staff = set(conn.execute(select(BINDINGS.c.member_id)).scalars())
    rows = conn.execute(_query(since, staff_rooms)).all()
    spoken: dict[int, deque[datetime]] = defaultdict(deque)
    found: list[Asked] = []
    # Newest first: what staff said after a question is known when it comes.
    for row in rows:
        if row.own or row.member_id in staff or _leads(row):
            if not row.own or '"owner"' in (row.findings or ""):
                spoken[row.room_id].appendleft(row.at)
        elif row.at <= now - WAIT and is_question(row.norm) and _left_alone(row):
            after = spoken[row.room_id]
            if not any(row.at <= at <= row.at + WAIT for at in after):
                payload = load(row.payload) if row.payload else {}
                if "bot" in payload or row.private or not payload.get("mentions"):
                    found.append(_asked(row, "bot" in payload or row.private))
    return found


def _query(since: datetime, staff_rooms: Collection[str]) -> Any:
    message = (MESSAGES.c.event_id, MESSAGES.c.room_id, MESSAGES.c.member_id, MESSAGES.c.at, MESSAGES.c.own)
    room = (ROOMS.c.topic, ROOMS.c.private, ROOMS.c.key, ROOMS.c.owner_id, ROOMS.c.admins)
    judged = (FINDINGS.c.top, FINDINGS.c.findings, FINDINGS.c.actions)
    return (
        select(*message, MESSAGES.c.text, MESSAGES.c.norm, *room, *judged, INBOX.c.payload)
        .join(ROOMS, ROOMS.c.id == MESSAGES.c.room_id)
        .join(FINDINGS, FINDINGS.c.event_id == MESSAGES.c.event_id, isouter=True)
        .join(INBOX, INBOX.c.id == MESSAGES.c.event_id, isouter=True)
        .where(MESSAGES.c.at >= since, MESSAGES.c.kind == "text", MESSAGES.c.recalled_at.is_(None))
        .where(ROOMS.c.key.not_in(list(staff_rooms)))
        .order_by(MESSAGES.c.event_id.desc())
        .limit(MOST_MESSAGES)
    )


def _leads(row: Any) -> bool:
    return row.member_id == row.owner_id or row.member_id in load(row.admins)


def _left_alone(row: Any) -> bool:
    if row.top in _WRONG:
        return False
    if not any(action.get("type") in _ANSWERS for action in load(row.actions) or ()):
        return True
    # To say that one does not know is no answer.
    return any(finding.get("rule") == "unknown" for finding in load(row.findings) or ())


def _asked(row: Any, addressed: bool) -> Asked:
    return Asked(row.event_id, row.at, room_title(row.topic, row.private, row.key), row.text, addressed)


def answered_in_cases(conn: Connection, since: datetime, is_question: Callable[[str], bool]) -> list[Asked]:
    """What members asked in cases opened since then, with the agent's next words, newest case first.

    ``is_question`` is told the words as they were written.
    """
    latest = select(CASES.c.number).where(CASES.c.opened_at >= since).order_by(CASES.c.number.desc()).limit(MOST_CASES)
    query = (
        select(CASE_MESSAGES, ROOMS.c.topic, ROOMS.c.private, ROOMS.c.key)
        .join(CASES, CASES.c.number == CASE_MESSAGES.c.case_number)
        .join(ROOMS, ROOMS.c.id == CASES.c.room_id, isouter=True)
        .where(CASE_MESSAGES.c.case_number.in_(latest))
        .where(CASE_MESSAGES.c.author.in_((Author.MEMBER.value, Author.AGENT.value)))
        .order_by(CASE_MESSAGES.c.case_number.desc(), CASE_MESSAGES.c.id)
    )
    cases: dict[int, list[Any]] = defaultdict(list)
    for row in conn.execute(query):
        cases[row.case_number].append(row)
    return [asked for rows in cases.values() for asked in _pairs(rows, is_question)]


def _pairs(rows: Iterable[Any], is_question: Callable[[str], bool]) -> Iterable[Asked]:
    """Each question of a case with what the agent said next, once."""
    open_question: Any = None
    for row in rows:
        if row.author == Author.MEMBER.value:
            open_question = row if is_question(row.text) else open_question
        elif open_question is not None and row.text.strip():
            room = room_title(row.topic, row.private, row.key)
            yield Asked(
                open_question.event_id or 0, open_question.at, room, open_question.text, True, row.text, row.case_number
            )
            open_question = None
