"""A Steward process of our own to measure: started over an empty database, asked when it is ready, ended politely."""

import asyncio
import os
import signal
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from socket import AF_INET, SOCK_STREAM, socket
from types import MappingProxyType

import psutil  # type: ignore[import-untyped]

ROOT = Path(__file__).resolve().parent.parent
CONFIG = ROOT / "config"
READY_SECONDS = 60.0
MEGABYTE = 2**20


class NotReady(Exception):
    """The process did not come up; the text is the end of its log."""


@dataclass(frozen=True, slots=True)
class Running:
    """A process that answers `/readyz`, and how long after its start it did (s)."""

    process: psutil.Process
    address: str
    cold_start: float


def steward(*arguments: str) -> list[str]:
    """The command line that runs this house's `steward`."""
    return [sys.executable, "-c", "from bot.cli import main; main()", *arguments]


@contextmanager
def running(config: Path = CONFIG, more: Mapping[str, str] = MappingProxyType({})) -> Iterator[Running]:
    """`steward run` until the block ends. ``more``: further environment variables."""
    port = _free_port()
    address = f"http://127.0.0.1:{port}"
    with tempfile.TemporaryDirectory(prefix="steward-bench-") as folder:
        log = Path(folder) / "log"
        with log.open("wb") as output:
            started = time.perf_counter()
            process = subprocess.Popen(
                steward("run", "--config", str(config)),
                cwd=ROOT,
                env={**_environment(folder, port), **more},
                stdout=output,
                stderr=subprocess.STDOUT,
            )
            try:
                _wait_until_ready(process, f"{address}/readyz", log)
                yield Running(psutil.Process(process.pid), address, time.perf_counter() - started)
            finally:
                _end(process)


@asynccontextmanager
async def running_under(config: Path, more: Mapping[str, str]) -> AsyncIterator[Running]:
    """The same beside an event loop that must not stand still meanwhile."""
    manager = running(config, more)
    running_now = await asyncio.to_thread(manager.__enter__)
    try:
        yield running_now
    finally:
        await asyncio.to_thread(manager.__exit__, None, None, None)


def _environment(folder: str, port: int) -> dict[str, str]:
    return {
        **{name: value for name, value in os.environ.items() if not name.startswith(("STEWARD_", "WECHATY_"))},
        "STEWARD_DATABASE_URL": f"sqlite:///{folder}/steward.db",
        "STEWARD_HTTP_PORT": str(port),
    }


def _wait_until_ready(process: "subprocess.Popen[bytes]", url: str, log: Path) -> None:
    deadline = time.monotonic() + READY_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        try:
            with urllib.request.urlopen(url, timeout=2):
                return
        except OSError:
            # Not listening yet, or 503: a part is not ready.
            time.sleep(0.01)
    raise NotReady(log.read_text(encoding="utf-8", errors="replace")[-2000:])


def _end(process: "subprocess.Popen[bytes]") -> None:
    if process.poll() is None:
        process.send_signal(signal.SIGTERM)
    try:
        process.wait(timeout=20)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _free_port() -> int:
    with socket(AF_INET, SOCK_STREAM) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
