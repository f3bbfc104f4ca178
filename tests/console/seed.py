"""A small community in the tables, with one row of everything that the console shows."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import Table

from domain import draw as theory
from domain.draw_receipt import receipt_text
from domain.ids import AccountId, RoomId
from storage import accounts, books, staff
from storage.columns import dump
from storage.database import Connection
from storage.tables import engagement, order, path, people
from storage.tables.staff import GAPS

NOW = datetime(2025, 3, 3, 2, 0, tzinfo=UTC)
SEED = b"\x07" * 32
PLAIN = "三天了没人理"


@dataclass(frozen=True)
class Community:
    """The keys of what was made."""

    account: AccountId
    room: RoomId
    member: int
    case: int = 12
    sanction: int = 7
    doubtful: int = 1
    open_draw: int = 3
    closed_draw: int = 2


def community(conn: Connection, text: str = PLAIN, name: str = "阿明", topic: str = "演示群") -> Community:
    """Fill the tables; ``text``, ``name`` and ``topic`` stand wherever members and operators can put words."""
    account = accounts.ensure_account(conn, "web", "bot", name, NOW)
    accounts.set_health(conn, account, "scanning", text, "https://login.example/scan?code=1", NOW, NOW)
    room = _add(conn, people.ROOMS, account_id=account, external_id="demo", key="web:demo", topic=topic, created_at=NOW)
    member = _add(conn, people.MEMBERS, name=name, created_at=NOW)
    made = Community(account, RoomId(room), member)
    conn.execute(people.ROOM_MEMBERS.insert().values(room_id=room, member_id=member, name=name, messages=1))
    conn.execute(people.ROOMS.update().values(owner_id=member))
    _heard(conn, made, text, name)
    _order(conn, made, text, name)
    _sends(conn, made, text, name)
    _draws(conn, made, text, name)
    conn.execute(GAPS.insert().values(account_id=account, started_at=NOW, ended_at=NOW + timedelta(1), reason=text))
    books.save_revision(conn, "ab" * 32, name, {"steward.yaml": "{}"}, NOW)
    return made


def _add(conn: Connection, table: Table, **values: object) -> int:
    return int(conn.execute(table.insert().values(**values).returning(table.c.id)).scalar_one())


def _heard(conn: Connection, made: Community, text: str, name: str) -> None:
    for number, state in ((101, "decided"), (102, "failed"), (103, "unreadable")):
        conn.execute(
            path.INBOX.insert().values(
                id=number,
                account_id=made.account,
                key=f"key-{number}",
                kind="message",
                room_id=made.room,
                state=state,
                at=NOW,
                received_at=NOW,
                entropy=b"",
                payload="{}",
                traceback=f"ValueError: {text}" if state == "failed" else None,
            )
        )
    conn.execute(
        path.MESSAGES.insert().values(
            event_id=101, room_id=made.room, member_id=made.member, name=name, at=NOW, kind="text", text=text, norm=""
        )
    )
    decide(conn, made, 101, text, name)


def decide(conn: Connection, made: Community, event_id: int, why: str, actor: str = "阿明") -> None:
    """A decision about an event of the room."""
    findings = [
        {"rule": "abuse", "score": 0.01, "level": "none", "why": "无"},
        {"rule": "complaint", "score": 0.987, "level": "escalate", "why": why, "terms": [why]},
    ]
    conn.execute(
        path.FINDINGS.insert().values(
            event_id=event_id,
            account_id=made.account,
            room_id=made.room,
            member_id=made.member,
            kind="message",
            revision=1,
            at=NOW,
            decided_at=NOW,
            top="complaint:escalate",
            findings=dump(findings),
            actions=dump([{"type": "open_case", "number": made.case, "name": actor}]),
            errors=dump([why]),
        )
    )


def _order(conn: Connection, made: Community, text: str, name: str) -> None:
    who = {"room_id": made.room, "member_id": made.member, "member_name": name}
    conn.execute(
        order.CASES.insert().values(
            number=made.case, **who, state="open", reason=text, rule="complaint", event_id=101, opened_at=NOW
        )
    )
    conn.execute(
        order.CASES.insert().values(
            number=made.case - 1, **who, state="resolved", reason=text, event_id=101, opened_at=NOW, resolved_at=NOW
        )
    )
    for author in ("member", "bot", "agent", "note"):
        conn.execute(
            order.CASE_MESSAGES.insert().values(
                case_number=made.case, author=author, name=name, text=text, at=NOW, event_id=101
            )
        )
    conn.execute(
        order.SANCTIONS.insert().values(
            number=made.sanction, **who, kind="mute", rule="abuse", severity="warn", at=NOW, event_id=101, why=text
        )
    )
    conn.execute(
        order.APPEALS.insert().values(
            room_id=made.room, member_id=made.member, sanction=made.sanction, at=NOW, state="open"
        )
    )
    conn.execute(
        order.AUDIT.insert().values(at=NOW, actor=name, act="take", target=text, outcome="refused", room_id=made.room)
    )


def _sends(conn: Connection, made: Community, text: str, name: str) -> None:
    for number, state in enumerate(("doubtful", "expired", "refused", "cancelled", "waiting"), start=made.doubtful):
        conn.execute(
            path.OUTBOX.insert().values(
                id=number,
                account_id=made.account,
                room_id=made.room,
                event_id=101,
                kind="say",
                send_class=2,
                state=state,
                text=text,
                member_name=name,
                reason=text,
                created_at=NOW,
                called_at=NOW,
            )
        )


def _draws(conn: Connection, made: Community, text: str, name: str) -> None:
    prizes, end = (theory.Prize(text, 1),), NOW + timedelta(minutes=10)
    entrant = theory.entrant_id(b"salt", made.member)
    terms = theory.Terms(str(made.closed_draw), text, prizes, NOW, end)
    frozen = theory.roster(terms.draw_id, [theory.Entrant(entrant, name, NOW)])
    receipt = receipt_text(SEED, terms, frozen, end)
    for number, closed, kept in ((made.closed_draw, end, receipt), (made.open_draw, None, None)):
        conn.execute(
            engagement.DRAWS.insert().values(
                number=number,
                room_id=made.room,
                title=text,
                prizes=dump([[text, 1]]),
                seed=SEED,
                salt=b"salt",
                commitment=theory.commitment(SEED),
                opened_at=NOW,
                closes_at=end,
                source="campaign:x",
                closed_at=closed,
                receipt=kept,
            )
        )
        conn.execute(
            engagement.ENTRIES.insert().values(
                draw_number=number, member_id=made.member, member_name=name, entrant=entrant, at=NOW
            )
        )
    conn.execute(
        engagement.WINNERS.insert().values(
            draw_number=made.closed_draw, rank=0, member_id=made.member, member_name=name, prize=text
        )
    )


def add_user(conn: Connection, name: str, role: str, password_hash: str) -> int:
    """A console user."""
    return staff.add_user(conn, name, role, password_hash, NOW)
