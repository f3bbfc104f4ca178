"""`steward run` as a process of its own, on a free port, with a data folder of its own; ended as operators end it."""

import asyncio
import json
import os
import signal
import socket
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self

import aiohttp

from tests.story.community import configure

STEWARD = Path(sys.executable).with_name("steward")
START_SECONDS = 60.0
STOP_SECONDS = 60.0
PASSWORD = "密码 password"
KEPT_OUT = ("STEWARD_", "WECHATY_")
"""Settings of whoever runs the tests are no settings of the bot under test."""


def free_port() -> int:
    """A port that nobody listens on; receipts are linked to by it, so it must be known before the start."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@dataclass
class Steward:
    """One running bot. ``home`` is its working folder, ``password`` what it printed for its first user."""

    home: Path
    config: Path
    database_url: str
    port: int
    more: Mapping[str, str] = field(default_factory=dict)
    password: str = ""
    _process: Process | None = None
    _reading: "asyncio.Task[None] | None" = None

    @property
    def url(self) -> str:
        """Where its pages are."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def log(self) -> Path:
        """Its log, one JSON object a line."""
        return self.home / "steward.log"

    async def __aenter__(self) -> Self:
        with self.log.open("ab") as log:
            self._process = await asyncio.create_subprocess_exec(
                str(STEWARD),
                "run",
                "--config",
                str(self.config),
                cwd=self.home,
                env=self._env(),
                stdout=PIPE,
                stderr=log,
            )
        self._reading = asyncio.create_task(self._read(self._process))
        try:
            async with asyncio.timeout(START_SECONDS):
                await self._ready()
        except BaseException:
            await self._end()
            print(self.log.read_text(encoding="utf-8"))
            raise
        return self

    async def __aexit__(self, *_: object) -> None:
        code = await self._end()
        assert code == 0, f"steward run ended with {code}:\n{self.log.read_text(encoding='utf-8')[-4000:]}"

    async def command(self, *arguments: str) -> tuple[int, str]:
        """Another `steward` command on the same database: its exit code and its standard output."""
        process = await asyncio.create_subprocess_exec(
            str(STEWARD), *arguments, cwd=self.home, env=self._env(), stdout=PIPE, stderr=PIPE
        )
        out, err = await process.communicate()
        assert process.returncode in (0, 1), err.decode()
        return process.returncode, out.decode()

    def faults(self) -> list[dict[str, Any]]:
        """The lines of the log that tell of an error of ours."""
        lines = [json.loads(line) for line in self.log.read_text(encoding="utf-8").splitlines()]
        return [line for line in lines if line["level"] in ("error", "critical")]

    def log_holds(self, *words: str) -> list[str]:
        """Those of the words that the log holds; it may hold no word of members and no secret."""
        text = self.log.read_text(encoding="utf-8")
        return [word for word in words if word in text]

    def _env(self) -> dict[str, str]:
        inherited = {name: value for name, value in os.environ.items() if not name.startswith(KEPT_OUT)}
        return inherited | {
            "STEWARD_DATABASE_URL": self.database_url,
            "STEWARD_HTTP_PORT": str(self.port),
            "STEWARD_LOG_FORMAT": "json",
            **self.more,
        }

    async def _read(self, process: Process) -> None:
        assert process.stdout is not None
        async for raw in process.stdout:
            line = raw.decode()
            if PASSWORD in line:
                self.password = line.split(PASSWORD)[1].split()[0]

    async def _ready(self) -> None:
        async with aiohttp.ClientSession() as session:
            while not (await self._answers(session) and self.password):
                assert self._process is not None
                assert self._process.returncode is None, "steward run ended before it was ready"
                await asyncio.sleep(0.05)

    async def _answers(self, session: aiohttp.ClientSession) -> bool:
        try:
            async with session.get(f"{self.url}/readyz") as answer:
                return answer.status == 200
        except aiohttp.ClientError:
            return False

    async def _end(self) -> int:
        process, self._process = self._process, None
        assert process is not None
        if process.returncode is None:
            process.send_signal(signal.SIGTERM)
        try:
            code = await asyncio.wait_for(process.wait(), STOP_SECONDS)
        except TimeoutError:
            process.kill()
            code = await process.wait()
        if self._reading is not None:
            await self._reading
        return code


@asynccontextmanager
async def embedded(home: Path, database_url: str, rooms: str, *unsaid: str) -> AsyncIterator[Steward]:
    """A bot with the embedded community alone. Nothing may fail, and its log holds none of ``unsaid`` at the end."""
    port = free_port()
    config = configure(home / "config", f"http://127.0.0.1:{port}", "web:agents", rooms)
    async with Steward(home, config, database_url, port) as running:
        yield running
        assert running.faults() == []
        assert running.log_holds(*unsaid, running.password) == []
