"""A bot process that can be killed, frozen and started again on the same database."""

import asyncio
import json
import os
import signal
import sys
import time
from asyncio.subprocess import DEVNULL, Process
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import aiohttp

from bot.settings import from_env
from domain.budget import SendRule
from tests.faults.crashing import ARMED
from tests.story.process import KEPT_OUT, free_port

ROOT = Path(__file__).resolve().parents[2]
SECONDS = 60.0
LEASE_SECONDS = 2.0


@dataclass
class Bot:
    """One bot on one database. ``more`` are settings beside the database's: the gateway and the send budget."""

    home: Path
    config: Path
    database_url: str
    more: Mapping[str, str] = field(default_factory=dict)
    name: str = "bot"
    lease_seconds: float = LEASE_SECONDS
    port: int = 0
    crash_at: str = ""
    """The point of `tests.faults.crashing` at which it dies once it is armed."""
    deaths: list[float] = field(default_factory=list)
    """When it was killed or killed itself: the moments (s since 1970) at which that was sure."""
    _process: Process | None = None

    @property
    def url(self) -> str:
        """Where its pages are."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def environment(self) -> dict[str, str]:
        """What the process is told by its environment."""
        inherited = {name: value for name, value in os.environ.items() if not name.startswith(KEPT_OUT)}
        return inherited | {
            "STEWARD_DATABASE_URL": self.database_url,
            "STEWARD_HTTP_PORT": str(self.port),
            "STEWARD_LOG_FORMAT": "json",
            "STEWARD_SECRET_KEY": "k" * 64,
            "LEASE_SECONDS": str(self.lease_seconds),
            "CRASH_AT": self.crash_at,
            "PYTHONPATH": str(ROOT),
            **self.more,
        }

    @property
    def budget(self) -> SendRule:
        """The send budget that it runs under."""
        return from_env(self.environment).send_rule

    @property
    def log(self) -> Path:
        """The log of all its processes, one JSON object a line."""
        return self.home / f"{self.name}.log"

    @property
    def pid(self) -> int:
        """The running process."""
        assert self._process is not None
        return self._process.pid

    @property
    def running(self) -> bool:
        """Whether the process is there."""
        return self._process is not None and self._process.returncode is None

    async def start(self, crash_at: str = "", *, wait: bool = True) -> None:
        """Start it, armed with a point of `tests.faults.crashing` or not; ``wait`` until it is ready."""
        self.port, self.crash_at = free_port(), crash_at
        command = [sys.executable, "-m", "tests.faults.crashing", "run", "--config", str(self.config)]
        with self.log.open("ab") as log:
            self._process = await asyncio.create_subprocess_exec(
                *command, cwd=self.home, env=self.environment, stdout=DEVNULL, stderr=log
            )
        if wait:
            await self.ready()

    async def ready(self) -> None:
        """Wait until `/readyz` is green."""
        await self.condition(lambda status, troubles: status == 200)

    async def red(self, part: str) -> str:
        """Wait until `/readyz` is red because of a part; the reason that it gives."""
        troubles = await self.condition(lambda status, troubles: status == 503 and part in troubles)
        return troubles[part]

    async def condition(self, wanted: Any) -> dict[str, str]:
        """Wait until `/readyz` is as wanted (status, troubles by part); these troubles."""
        async with aiohttp.ClientSession() as session, asyncio.timeout(SECONDS):
            while True:
                assert self.running, f"{self.name} ended by itself:\n{self.tail()}"
                try:
                    async with session.get(f"{self.url}/readyz") as answer:
                        troubles: dict[str, str] = (await answer.json())["troubles"]
                        if wanted(answer.status, troubles):
                            return troubles
                except aiohttp.ClientError:
                    pass
                await asyncio.sleep(0.1)

    async def dies(self) -> None:
        """Wait until it has killed itself."""
        assert self._process is not None
        code = await asyncio.wait_for(self._process.wait(), SECONDS)
        self.deaths.append(time.time())
        assert code == -signal.SIGKILL, f"{self.name} ended with {code}:\n{self.tail()}"

    async def arm(self) -> None:
        """From now on it dies at the point that it was started with."""
        armed = self.home / ARMED
        armed.unlink(missing_ok=True)
        self.signal(signal.SIGUSR1)
        async with asyncio.timeout(SECONDS):
            while not armed.exists():  # noqa: ASYNC110 - it happens in another process
                await asyncio.sleep(0.02)

    async def kill(self) -> None:
        """Kill -9."""
        self.signal(signal.SIGKILL)
        await self.dies()

    async def stop(self) -> None:
        """End it as operators do; it ends well."""
        assert self._process is not None
        self.signal(signal.SIGTERM)
        code = await asyncio.wait_for(self._process.wait(), SECONDS)
        assert code == 0, f"{self.name} ended with {code}:\n{self.tail()}"

    def signal(self, number: int) -> None:
        """Send it a signal (SIGSTOP, SIGCONT, …)."""
        assert self._process is not None
        self._process.send_signal(number)

    async def clean(self) -> None:
        """Whatever has happened: no process is left."""
        if self._process is not None and self._process.returncode is None:
            self._process.kill()
            await self._process.wait()

    def lines(self, part: str = "", act: str = "") -> list[dict[str, Any]]:
        """The log so far, of one part and act."""
        lines = [json.loads(line) for line in self.log.read_text(encoding="utf-8").splitlines() if line[:1] == "{"]
        return [one for one in lines if part in ("", one.get("part")) and act in ("", one.get("act"))]

    def tail(self) -> str:
        """The end of the log, for a failure."""
        return self.log.read_text(encoding="utf-8")[-4000:]
