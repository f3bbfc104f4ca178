"""Where private words go: the account's private room with a member, made when it is missing."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Connection, Select, bindparam, select

from domain.decision import Judged
from domain.ids import AccountId, MemberId, RoomId
from domain.incoming import ExternalRoom, direct_room
from storage.given import many, one_of
from storage.people import find_rooms
from storage.prepared import fetch
from storage.sending import Whispers, account_of_rooms, whispered
from storage.statements import is_postgresql, unindexed
from storage.tables.people import IDENTITIES


def private_rooms(conn: Connection, own: AccountId, judged: Sequence[Judged], now: datetime) -> Whispers:
    """Where the private words of a batch go; who is unknown to the room's account is left out.

    Called before anything else of the batch is locked: making a room locks the account, as receiving does first.
    """
    wanted = dict.fromkeys(_whispers(judged))
    if not wanted:
        return {}
    accounts = account_of_rooms(conn, own, {room for room, _ in wanted})
    found: dict[tuple[RoomId, MemberId], RoomId] = {}
    for account in dict.fromkeys(accounts[room] for room, _ in wanted):
        pairs = [(room, member) for room, member in wanted if accounts[room] == account]
        outside = _external_ids(conn, account, [member for _, member in pairs])
        keys = {member: direct_room(outside[member]) for _, member in pairs if member in outside}
        rooms = find_rooms(conn, account, {key: ExternalRoom(key, private=True) for key in keys.values()}, {}, now)
        found |= {(room, member): rooms[keys[member]] for room, member in pairs if member in keys}
    return found


def _whispers(judged: Sequence[Judged]) -> Iterable[tuple[RoomId, MemberId]]:
    for one in judged:
        for action in (*one.decision.outward, *one.decision.simulated):
            to = whispered(action)
            if to is not None:
                yield to


def _external_ids(conn: Connection, account: AccountId, members: Iterable[MemberId]) -> dict[MemberId, str]:
    """The newest external id of each: after a re-login the older ones reach nobody."""
    given = {"account": account, "members": many(conn, set(members))}
    rows = fetch(conn, identities(is_postgresql(conn)), given)
    return {MemberId(row.member_id): row.external_id for row in rows}


@cache
def identities(postgresql: bool) -> Select[Any]:
    """``account``, ``members`` → their external ids there, oldest first."""
    members = one_of(postgresql, IDENTITIES.c.member_id, "members")
    columns = (IDENTITIES.c.member_id, IDENTITIES.c.external_id)
    return (
        select(*columns)
        .where(unindexed(IDENTITIES.c.account_id) == bindparam("account"), members)
        .order_by(IDENTITIES.c.id)
    )
