"""Tables of the embedded web channel's own platform state: what WeChat's servers are to the other channel."""

from sqlalchemy import BigInteger, Column, ForeignKey, Index, UniqueConstraint
from sqlmodel import Field

from storage.tables.base import Base, flag, integer, partial_index, row_id, string, table_of


class WebPerson(Base, table=True):
    """Somebody who opened the page; ``id`` is random and lives in a signed cookie."""

    __tablename__ = "web_people"

    id: str = Field(primary_key=True)
    name: str = string()
    created_ms: int = integer()


class WebStay(Base, table=True):
    """A person in a room, with what the platform holds against them there."""

    __tablename__ = "web_stays"

    room: str = Field(primary_key=True)
    person: str = Field(sa_column=Column("person", ForeignKey("web_people.id"), primary_key=True))
    joined_ms: int = integer()
    muted_until_ms: int = integer(default=0)
    seen_seq: int = integer(default=0)
    """The last message that the person has seen (kept for private chats)."""
    left: bool = flag()
    removed: bool = flag()


class WebMessage(Base, table=True):
    """A message as the page shows it. ``seq`` orders them; ``order_id`` makes a bot's send idempotent."""

    __tablename__ = "web_messages"
    __table_args__ = (
        UniqueConstraint("id"),
        UniqueConstraint("order_id"),
        Index("ix_web_messages_room", "room", "seq"),
        partial_index("ix_web_messages_file", "file", where="file <> ''"),
    )

    seq: int = row_id(autoincrement=True)
    id: str = string()
    room: str = string()
    person: str = string()
    """Empty for the bot."""
    name: str = string()
    text: str = string()
    quote: str = string()
    at_ms: int = integer()
    recalled: bool = flag()
    order_id: int | None = Field(default=None, sa_type=BigInteger)
    file: str = string()
    """The name of an image or file, relative to the config folder."""


WEB_PEOPLE = table_of(WebPerson)
WEB_STAYS = table_of(WebStay)
WEB_MESSAGES = table_of(WebMessage)
