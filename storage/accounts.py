"""Accounts: the identities the bot speaks with, and how their channels are."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select, update

from domain.facts import AccountFacts
from domain.ids import NO_MEMBER, AccountId, MemberId
from storage.columns import clean
from storage.statements import insert_into
from storage.tables.people import ACCOUNTS, IDENTITIES, MEMBERS


@dataclass(frozen=True, slots=True)
class AccountHealth:
    """How an account's channel was last, for pages."""

    id: AccountId
    channel: str
    external_id: str
    name: str
    login: str
    reason: str
    scan_url: str
    since: datetime | None
    seen_at: datetime | None


def ensure_account(conn: Connection, channel: str, external_id: str, name: str, now: datetime) -> AccountId:
    """The account of a logged-in contact, made when it is new, with the member that it is in rooms.

    A changed name is taken over.
    """
    name = clean(name)
    row = {"channel": channel, "external_id": clean(external_id), "name": name, "created_at": now}
    statement = insert_into(conn, ACCOUNTS).on_conflict_do_update(
        index_elements=["channel", "external_id"], set_={"name": name}
    )
    held = conn.execute(statement.returning(ACCOUNTS.c.id, ACCOUNTS.c.member_id), row).one()
    account = AccountId(held.id)
    if held.member_id is None:
        _make_own_member(conn, account, row["external_id"], name, now)
    else:
        conn.execute(update(MEMBERS).where(MEMBERS.c.id == held.member_id).values(name=name))
    return account


def _make_own_member(conn: Connection, account: AccountId, external_id: object, name: str, now: datetime) -> None:
    known = select(IDENTITIES.c.member_id).where(
        IDENTITIES.c.account_id == account, IDENTITIES.c.external_id == external_id
    )
    member = conn.execute(known).scalar_one_or_none()
    if member is None:
        made = conn.execute(MEMBERS.insert().values(name=name, created_at=now).returning(MEMBERS.c.id))
        member = made.scalar_one()
        conn.execute(
            IDENTITIES.insert().values(account_id=account, external_id=external_id, member_id=member, created_at=now)
        )
    conn.execute(update(ACCOUNTS).where(ACCOUNTS.c.id == account).values(member_id=member))


def account_facts(row: Any) -> AccountFacts:
    """The facts of an accounts row."""
    return AccountFacts(
        AccountId(row.id),
        MemberId(row.member_id or NO_MEMBER),
        row.name,
        row.external_id,
        row.channel,
    )


def set_health(
    conn: Connection,
    account: AccountId,
    login: str,
    reason: str,
    scan_url: str,
    since: datetime | None,
    now: datetime,
) -> None:
    """Keep how the account's channel is, for the console."""
    values = {"login": login, "reason": clean(reason), "scan_url": scan_url, "since": since, "seen_at": now}
    conn.execute(update(ACCOUNTS).where(ACCOUNTS.c.id == account).values(**values))


_HEALTH = [ACCOUNTS.c[name] for name in AccountHealth.__slots__]


def find_health(conn: Connection, account: AccountId) -> AccountHealth:
    """How an account's channel was when its health was last stored. Raises when the account is unknown."""
    return AccountHealth(*conn.execute(select(*_HEALTH).where(ACCOUNTS.c.id == account)).one())
