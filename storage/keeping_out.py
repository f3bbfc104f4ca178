"""Whether the bot keeps somebody out of a room: what a channel asks that has nobody to invite people back."""

from sqlalchemy import Connection, select

from domain.ids import AccountId
from domain.order_actions import SanctionKind
from storage.columns import clean
from storage.tables.order import BANS, SANCTIONS
from storage.tables.people import IDENTITIES, ROOMS


def kept_out(conn: Connection, account: AccountId, room: str, person: str) -> bool:
    """Whether a ban or a removal from this room that was not taken back stands; external ids."""
    identity = (IDENTITIES.c.account_id == account) & (IDENTITIES.c.external_id == clean(person))
    banned = select(BANS.c.member_id).join(IDENTITIES, IDENTITIES.c.member_id == BANS.c.member_id).where(identity)
    removed = (
        select(SANCTIONS.c.number)
        .join(ROOMS, ROOMS.c.id == SANCTIONS.c.room_id)
        .join(IDENTITIES, IDENTITIES.c.member_id == SANCTIONS.c.member_id)
        .where(
            identity,
            ROOMS.c.account_id == account,
            ROOMS.c.external_id == clean(room),
            SANCTIONS.c.kind == SanctionKind.REMOVE.value,
            SANCTIONS.c.enforced,
            SANCTIONS.c.reversed_at.is_(None),
        )
    )
    return any(conn.execute(query.limit(1)).first() is not None for query in (banned, removed))
