"""One call to a platform: an outbox row in the channel's words, and what its receipt means for the row."""

import asyncio
import logging
from datetime import datetime, timedelta
from pathlib import Path

from bot import logs
from bot.channels.port import Channel, Mentioned, Order, Outcome, Receipt
from bot.config.attachments import attachment
from domain.ids import AccountId
from storage import outbox
from storage.outbox import Call, Settlement

CALL_SECONDS = 130.0
"""A channel ends a call within 120 s; beyond this the outcome is unknown."""
RETRY_FIRST, RETRY_MOST = timedelta(seconds=1), timedelta(seconds=60)

_log = logs.logger("respond")


async def perform(channel: Channel, account: AccountId, call: Call, folder: Path | None = None) -> Receipt:
    """Have the channel do it. Never raises: what went wrong is in the receipt. ``folder``: where files to send lie."""
    try:
        order = order_of(call, _file(call, folder))
    except ValueError as error:
        return Receipt(Outcome.REFUSED, reason=str(error))
    try:
        async with asyncio.timeout(CALL_SECONDS):
            return await channel.perform(order)
    except TimeoutError:
        return Receipt(Outcome.DOUBTFUL, reason=f"no reply within {CALL_SECONDS:.0f} s")
    except Exception as error:
        # A channel that raises has broken its promise; whether the platform saw the call, nobody knows.
        logs.line(_log, "raised", logging.ERROR, trace=True, account=account, out=call.id)
        return Receipt(Outcome.DOUBTFUL, reason=type(error).__name__)


def order_of(call: Call, file: Path | None = None) -> Order:
    """The channel's view of an outbox row whose call begins."""
    return Order(
        id=call.id,
        kind=call.kind,
        room=call.room,
        private=call.private,
        text=call.text,
        mentions=tuple(Mentioned(external_id, name) for external_id, name in call.mentions),
        member=call.member,
        member_name=call.member_name,
        reference=call.reference,
        until=call.until,
        file=file,
    )


def _file(call: Call, folder: Path | None) -> Path | None:
    """The file that a row sends, if it does. Raises ValueError when it is not there any more."""
    if call.kind != "send_file":
        return None
    if folder is None:
        raise ValueError("there is no folder with files")
    return attachment(folder, call.reference)


def settlement(call: Call, receipt: Receipt, now: datetime, paused_until: datetime | None) -> Settlement:
    """How the row ends. ``paused_until``: when a call that the platform throttled may go again."""
    not_before = paused_until if receipt.outcome is Outcome.THROTTLED else None
    if receipt.outcome is Outcome.RETRY:
        not_before = now + min(RETRY_FIRST * 2 ** min(call.attempts - 1, 10), RETRY_MOST)
    outcome = outbox.Outcome(receipt.outcome.value)
    return Settlement(call.id, outcome, receipt.external_id, receipt.reason, not_before)
