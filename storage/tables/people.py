"""Tables of accounts, rooms and members: who is where, under our own ids and the platform's."""

from datetime import datetime

from sqlalchemy import Index, UniqueConstraint

from storage.tables.base import (
    Base,
    flag,
    instant,
    integer,
    maybe_instant,
    maybe_integer,
    row_id,
    string,
    table_of,
)


class AccountRow(Base, table=True):
    """An account the bot speaks with, and how its channel was last."""

    __tablename__ = "accounts"
    __table_args__ = (UniqueConstraint("channel", "external_id"),)

    id: int = row_id(autoincrement=True)
    channel: str = string()
    external_id: str = string()
    name: str = string()
    member_id: int | None = maybe_integer()
    created_at: datetime = instant()
    login: str = string("offline")
    reason: str = string()
    scan_url: str = string()
    since: datetime | None = maybe_instant()
    seen_at: datetime | None = maybe_instant()


class LeaseRow(Base, table=True):
    """Who decides and sends for an account. ``fence`` grows with every new holder."""

    __tablename__ = "leases"

    account_id: int = row_id()
    holder: str = string()
    fence: int = integer()
    expires_at: datetime = instant()


class RoomRow(Base, table=True):
    """A room of one account. ``key`` is ``channel:external id``; ``admins`` is a JSON list of member ids."""

    __tablename__ = "rooms"
    __table_args__ = (UniqueConstraint("account_id", "external_id"), Index("ix_rooms_key", "key"))

    id: int = row_id(autoincrement=True)
    account_id: int = integer()
    external_id: str = string()
    key: str = string()
    topic: str = string()
    private: bool = flag()
    owner_id: int | None = maybe_integer()
    admins: str = string("[]")
    quiet_until: datetime | None = maybe_instant()
    present: bool = flag(True)
    changed_at: datetime | None = maybe_instant()
    created_at: datetime = instant()


class MemberRow(Base, table=True):
    """A person over all rooms; the name is what the platform last showed."""

    __tablename__ = "members"

    id: int = row_id(autoincrement=True)
    name: str = string()
    created_at: datetime = instant()


class IdentityRow(Base, table=True):
    """The platform's id of a member. Several may point to one member after a re-login."""

    __tablename__ = "identities"
    __table_args__ = (UniqueConstraint("account_id", "external_id"), Index("ix_identities_member_id", "member_id"))

    id: int = row_id(autoincrement=True)
    account_id: int = integer()
    external_id: str = string()
    member_id: int = integer()
    created_at: datetime = instant()


class RoomMemberRow(Base, table=True):
    """A member in a room. ``spoke_at`` is the sender's time of the last message that was judged."""

    __tablename__ = "room_members"
    __table_args__ = (Index("ix_room_members_member_id", "member_id"),)

    room_id: int = row_id()
    member_id: int = row_id()
    name: str = string()
    messages: int = integer(default=0)
    spoke_at: datetime | None = maybe_instant()
    joined_at: datetime | None = maybe_instant()
    left_at: datetime | None = maybe_instant()


ACCOUNTS = table_of(AccountRow)
LEASES = table_of(LeaseRow)
ROOMS = table_of(RoomRow)
MEMBERS = table_of(MemberRow)
IDENTITIES = table_of(IdentityRow)
ROOM_MEMBERS = table_of(RoomMemberRow)
