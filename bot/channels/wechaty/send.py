"""What the bot does on WeChat: an `Order` becomes a call, and what came of it a `Receipt`.

What the receipt says is a promise: RETRY only where the platform certainly did nothing (or doing it twice does no
harm), DOUBTFUL wherever words may be out.
"""

import asyncio
import base64
import json
import logging
import re
from pathlib import Path
from types import MappingProxyType
from typing import Any

from wechaty_grpc.wechaty import puppet as pb

from bot import logs
from bot.channels.mentions import with_mentions
from bot.channels.port import Order, Outcome, Receipt
from bot.channels.wechaty.connection import Connection
from bot.channels.wechaty.directory import Directory
from bot.channels.wechaty.echoes import Echoes
from bot.channels.wechaty.pace import Pace
from bot.channels.wechaty.status import CallError
from bot.channels.wechaty.wire import write
from domain.incoming import direct_person

SEPARATOR = "\u2005"
"""WeChat ends a mentioned name with it."""

_FREQUENT = re.compile(r"频繁|过快|too (?:often|frequent|many|fast)|rate.?limit|frequency", re.IGNORECASE)
_FORBIDDEN = re.compile(
    r"无权|没有权限|权限不足|不是(?:群主|管理员|好友)|不在群|被移出"
    r"|permission|not (?:a |an |the )?(?:friend|owner|admin|member)",
    re.IGNORECASE,
)
_ONCE = ("say", "send_file")
"""What must not be done twice."""
_log = logs.logger("wechaty")

_TOO_BIG = re.compile(r"larger than max", re.IGNORECASE)

_NOT_DONE = MappingProxyType(
    {
        # The gateway refuses these before it asks the platform.
        "FAILED_PRECONDITION": "账号未登录",
        "UNAUTHENTICATED": "网关不接受令牌",
    }
)
_NO = MappingProxyType(
    {
        "PERMISSION_DENIED": "平台不允许",
        "INVALID_ARGUMENT": "平台不接受这个请求",
        "OUT_OF_RANGE": "平台不接受这个请求",
        "NOT_FOUND": "平台找不到对象",
        "ALREADY_EXISTS": "平台说已经做过",
        "UNIMPLEMENTED": "网关不会做这件事",
    }
)


def receipt_for(kind: str, error: CallError) -> Receipt:
    """What a failed call means. The order of these questions is the order of certainty."""
    if not error.left:
        # Connecting failed, so no byte of the request went out.
        return Receipt(Outcome.RETRY, reason="连不上网关")
    if error.says(_FREQUENT):
        # The platform looked at it and refused: nothing is out, and more attempts now would make it worse.
        return Receipt(Outcome.THROTTLED, reason="平台提示操作频繁")
    if error.code == "RESOURCE_EXHAUSTED":
        # A gateway refuses what is too big for it; otherwise it is the gateway's word for “too much”.
        too_big = error.says(_TOO_BIG)
        return Receipt(Outcome.REFUSED if too_big else Outcome.THROTTLED, reason="内容太大" if too_big else "网关限流")
    if error.code in _NOT_DONE:
        return Receipt(Outcome.RETRY, reason=_NOT_DONE[error.code])
    if error.code in _NO:
        return Receipt(Outcome.REFUSED, reason=_NO[error.code])
    if error.code == "UNKNOWN" and error.says(_FORBIDDEN):
        # A puppet's own error, whose words leave no doubt that nothing was done.
        return Receipt(Outcome.REFUSED, reason="平台不允许")
    if kind in _ONCE:
        # UNAVAILABLE in mid-call, DEADLINE_EXCEEDED, CANCELLED, UNKNOWN, INTERNAL …: the words may be out. Only the
        # account's own echo or a person can tell; repeating would say them twice.
        return Receipt(Outcome.DOUBTFUL, reason=f"结果不明（{error.code}）")
    # Recall, removal and acceptance leave the same state when done twice.
    return Receipt(Outcome.RETRY, reason=f"结果不明，可重做（{error.code}）")


def _file_box(path: Path) -> str:
    """The file as the protocol's FileBox: its bytes in base64 under both names that gateways know."""
    data = base64.b64encode(path.read_bytes()).decode()
    return json.dumps({"type": 1, "boxType": 1, "name": path.name, "base64": data, "metadata": {}})


class Sender:
    """Performs orders over the connection; one call each, with a deadline."""

    def __init__(self, connection: Connection, directory: Directory, echoes: Echoes, pace: Pace) -> None:
        self._connection = connection
        self._directory = directory
        self._echoes = echoes
        self._pace = pace

    async def perform(self, order: Order, own_id: str) -> Receipt:
        """Do one thing; ends within the send deadline and a few seconds."""
        act = {
            "say": self._say,
            "send_file": self._send_file,
            "recall": self._recall,
            "remove": self._remove,
            "accept_invite": self._accept,
        }.get(order.kind)
        if act is None:
            # A single member cannot be muted on WeChat.
            return Receipt(Outcome.REFUSED, reason=f"微信不支持 {order.kind}")
        if not await self._connection.connected(self._pace.connected):
            return Receipt(Outcome.RETRY, reason="连不上网关")
        try:
            return await act(order, own_id)
        except CallError as error:
            return receipt_for(order.kind, error)
        except Exception as error:
            # Not the gateway's doing; whether the call went out before this, nobody knows.
            logs.line(_log, "failed", logging.ERROR, out=order.id, kind=order.kind, outcome=type(error).__name__)
            outcome = Outcome.DOUBTFUL if order.kind in _ONCE else Outcome.REFUSED
            return Receipt(outcome, reason=type(error).__name__)

    async def _say(self, order: Order, own_id: str) -> Receipt:
        names = [one.name or await self._name_of(order.room, one.external_id) for one in order.mentions]
        text = with_mentions(order.text, tuple(names), SEPARATOR)
        conversation = direct_person(order.room) or order.room
        request = write(
            pb.MessageSendTextRequest,
            conversation_id=conversation,
            text=text,
            mentonal_ids=[one.external_id for one in order.mentions],
        )
        self._echoes.begin(conversation)
        try:
            answer = await self._call("MessageSendText", request, pb.MessageSendTextResponse)
            self._echoes.sent(answer.id or "")
        finally:
            self._echoes.end(conversation)
        return Receipt(Outcome.SENT, answer.id or "")

    async def _send_file(self, order: Order, own_id: str) -> Receipt:
        if order.file is None:
            return Receipt(Outcome.REFUSED, reason="没有文件")
        conversation = direct_person(order.room) or order.room
        filebox = await asyncio.to_thread(_file_box, order.file)
        request = write(pb.MessageSendFileRequest, conversation_id=conversation, filebox=filebox)
        self._echoes.begin(conversation)
        try:
            answer = await self._call("MessageSendFile", request, pb.MessageSendFileResponse)
            self._echoes.sent(answer.id or "")
        finally:
            self._echoes.end(conversation)
        return Receipt(Outcome.SENT, answer.id or "")

    async def _recall(self, order: Order, own_id: str) -> Receipt:
        request = write(pb.MessagePayloadRequest, id=order.reference)
        payload = await self._call("MessagePayload", request, pb.MessagePayloadResponse)
        if payload.from_id != own_id:
            return Receipt(Outcome.REFUSED, reason="微信只能撤回自己的消息")
        answer = await self._call(
            "MessageRecall", write(pb.MessageRecallRequest, id=order.reference), pb.MessageRecallResponse
        )
        if not answer.success:
            return Receipt(Outcome.REFUSED, reason="平台没有撤回（微信限两分钟内）")
        return Receipt(Outcome.SENT)

    async def _remove(self, order: Order, own_id: str) -> Receipt:
        request = write(pb.RoomDelRequest, id=order.room, contact_id=order.member)
        await self._call("RoomDel", request, pb.RoomDelResponse)
        return Receipt(Outcome.SENT)

    async def _accept(self, order: Order, own_id: str) -> Receipt:
        request = write(pb.RoomInvitationAcceptRequest, id=order.reference)
        await self._call("RoomInvitationAccept", request, pb.RoomInvitationAcceptResponse)
        return Receipt(Outcome.SENT)

    async def _name_of(self, room_id: str, contact_id: str) -> str:
        """The name in the room of somebody who was never heard in it; empty when nobody knows."""
        until = asyncio.get_running_loop().time() + self._pace.lookup
        person = await self._directory.member(room_id, contact_id, until)
        return person.alias or person.name

    async def _call(self, method: str, request: bytes, response: type[Any]) -> Any:
        return await self._connection.call(method, request, response, seconds=self._pace.send)
