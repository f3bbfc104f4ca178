"""The gateway's Node process: started, killed, frozen, brought back with the same community on the same port."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import signal
from asyncio.subprocess import PIPE, STDOUT, Process
from collections import deque
from pathlib import Path
from typing import Any, Self

import aiohttp

from tests.gateway.node import find_node
from tests.gateway.packages import ensure_installed

PROGRAM = Path(__file__).resolve().parent / "program" / "main.mjs"
READY = "GATEWAY "
START_SECONDS = 60.0
STOP_SECONDS = 10.0
LOG_LINES = 200


class GatewayError(RuntimeError):
    """The gateway did not start, is not there, or refused an order."""


class GatewayProcess:
    """One gateway on loopback. `endpoint` and `token` hold across kill and restart; `self_id` is the bot's account."""

    def __init__(self, *, port: int = 0, token: str = "puppet_test_token", login: str = "boot") -> None:
        """`login`: boot (logged in from the start), start (when the client calls Start) or never."""
        self.token = token
        self.login = login
        self.port = port
        self.self_id = ""
        self.log: deque[str] = deque(maxlen=LOG_LINES)
        self._control = ""
        self._process: Process | None = None
        self._reader: asyncio.Task[None] | None = None
        self._session: aiohttp.ClientSession | None = None
        self._memory: Any = None

    @property
    def endpoint(self) -> str:
        """host:port of the puppet service; no TLS."""
        return f"127.0.0.1:{self.port}"

    @property
    def environment(self) -> dict[str, str]:
        """The two variables by which the Wechaty world names a gateway."""
        return {
            "WECHATY_PUPPET_SERVICE_ENDPOINT": self.endpoint,
            "WECHATY_PUPPET_SERVICE_TOKEN": self.token,
        }

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.stop()

    async def start(self) -> None:
        """Install the packages if needed, start Node and wait until both ports answer."""
        await asyncio.to_thread(ensure_installed)
        node = await asyncio.to_thread(find_node)
        self._process = await asyncio.create_subprocess_exec(
            str(node.node),
            str(PROGRAM),
            f"--port={self.port}",
            f"--token={self.token}",
            f"--login={self.login}",
            # After a kill nobody may connect before the community is back.
            *(["--closed"] if self._memory is not None else []),
            stdin=PIPE,
            stdout=PIPE,
            stderr=STDOUT,
            env={**os.environ, "WECHATY_LOG": os.environ.get("WECHATY_LOG", "silent")},
        )
        try:
            ready = await asyncio.wait_for(self._read_until_ready(self._process), START_SECONDS)
        except TimeoutError as error:
            await self.stop()
            raise GatewayError(f"the gateway was not ready within {START_SECONDS} s:\n{self._tail()}") from error
        self.port = int(ready["endpoint"].rpartition(":")[2])
        self.self_id = ready["self"]
        self._control = f"http://127.0.0.1:{ready['control']}"
        self._session = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=None, sock_connect=10))
        self._reader = asyncio.create_task(self._drain(self._process))

    async def stop(self) -> None:
        """End the process; what it knew is forgotten. Does nothing when it is not running."""
        if self._process is not None and self._process.stdin is not None:
            with contextlib.suppress(ProcessLookupError, ConnectionError):
                self._process.send_signal(signal.SIGCONT)
                self._process.stdin.close()
        await self._end(STOP_SECONDS)

    async def kill(self) -> None:
        """Kill -9. The community, the ledger and the settings as of this moment come back with `restart`."""
        self._memory = await self.control("halt")
        if self._process is not None:
            with contextlib.suppress(ProcessLookupError):
                self._process.kill()
        await self._end(STOP_SECONDS)

    async def restart(self) -> None:
        """Start again on the same port, with what the killed process knew."""
        if self._process is not None:
            await self.kill()
        await self.start()
        memory, self._memory = self._memory, None
        if memory is not None:
            await self.control("load", **memory)
            await self.control("server", action="start")

    def freeze(self) -> None:
        """Stop the process without ending it: connections stay, nothing answers."""
        self._running().send_signal(signal.SIGSTOP)

    def thaw(self) -> None:
        """Let a frozen process go on."""
        self._running().send_signal(signal.SIGCONT)

    async def control(self, verb: str, /, **fields: Any) -> Any:
        """Give one order to the control port and return its JSON answer; raises GatewayError with its reason."""
        if self._session is None:
            raise GatewayError("the gateway is not running")
        async with self._session.post(f"{self._control}/{verb}", data=json.dumps(fields)) as response:
            answer = await response.json()
        if response.status != 200:
            raise GatewayError(f"{verb}: {answer['error']}")
        return answer

    def _running(self) -> Process:
        if self._process is None:
            raise GatewayError("the gateway is not running")
        return self._process

    async def _read_until_ready(self, process: Process) -> dict[str, Any]:
        assert process.stdout is not None
        async for raw in process.stdout:
            line = raw.decode(errors="replace").rstrip()
            if line.startswith(READY):
                answer: dict[str, Any] = json.loads(line.removeprefix(READY))
                return answer
            self.log.append(line)
        await self._end(STOP_SECONDS)
        raise GatewayError(f"the gateway ended before it was ready:\n{self._tail()}")

    async def _drain(self, process: Process) -> None:
        assert process.stdout is not None
        async for raw in process.stdout:
            self.log.append(raw.decode(errors="replace").rstrip())

    async def _end(self, seconds: float) -> None:
        session, self._session = self._session, None
        if session is not None:
            await session.close()
        process, self._process = self._process, None
        if process is not None:
            try:
                await asyncio.wait_for(process.wait(), seconds)
            except TimeoutError:
                process.kill()
                await process.wait()
        reader, self._reader = self._reader, None
        if reader is not None:
            await reader

    def _tail(self) -> str:
        return "\n".join(self.log)
