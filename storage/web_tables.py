"""Tables of the embedded web channel's own platform state: what WeChat's servers are to the other channel."""

from sqlalchemy import BigInteger, Column, ForeignKey, Index, Text, UniqueConstraint
from sqlmodel import Field, SQLModel


class WebPerson(SQLModel, table=True):
    """Somebody who opened the page; ``id`` is random and lives in a signed cookie."""

    __tablename__ = "web_people"

    id: str = Field(primary_key=True, max_length=40)
    name: str = Field(sa_column=Column(Text, nullable=False))
    created_ms: int = Field(sa_column=Column(BigInteger, nullable=False))


class WebStay(SQLModel, table=True):
    """A person in a room, with what the platform holds against them there."""

    __tablename__ = "web_stays"

    room: str = Field(primary_key=True, max_length=80)
    person: str = Field(sa_column=Column("person", ForeignKey("web_people.id"), primary_key=True))
    joined_ms: int = Field(sa_column=Column(BigInteger, nullable=False))
    muted_until_ms: int = Field(default=0, sa_column=Column(BigInteger, nullable=False, server_default="0"))
    left: bool = False
    removed: bool = False


class WebMessage(SQLModel, table=True):
    """A message as the page shows it. ``seq`` orders them; ``order_id`` makes a bot's send idempotent."""

    __tablename__ = "web_messages"
    __table_args__ = (
        UniqueConstraint("id", name="uq_web_messages_id"),
        UniqueConstraint("order_id", name="uq_web_messages_order"),
        Index("ix_web_messages_room", "room", "seq"),
    )

    seq: int | None = Field(default=None, primary_key=True)
    id: str = Field(max_length=80)
    room: str = Field(max_length=80)
    person: str = Field(max_length=40)
    """Empty for the bot."""
    name: str = Field(sa_column=Column(Text, nullable=False))
    text: str = Field(sa_column=Column(Text, nullable=False))
    quote: str = Field(default="", sa_column=Column(Text, nullable=False))
    at_ms: int = Field(sa_column=Column(BigInteger, nullable=False))
    recalled: bool = False
    order_id: int | None = Field(default=None)
