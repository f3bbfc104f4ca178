"""`steward run` as a process of its own: it comes up, tells how it is, and goes down in order."""

import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

SECONDS = 60.0


class Running:
    """A process with the places where its output goes."""

    def __init__(self, folder: Path, place: Path, port: str = "0") -> None:
        self.out, self.log = place / "out.txt", place / "log.txt"
        env = {name: value for name, value in os.environ.items() if not name.startswith(("STEWARD_", "WECHATY_"))}
        env |= {"STEWARD_DATABASE_URL": f"sqlite:///{place}/data/steward.db", "STEWARD_HTTP_PORT": port}
        env |= {"STEWARD_LOG_FORMAT": "json"}
        command = [sys.executable, "-c", "from bot.cli import main; main()", "run", "--config", str(folder)]
        with self.out.open("w") as out, self.log.open("w") as log:
            self.process = subprocess.Popen(command, env=env, stdout=out, stderr=log)

    def address(self) -> str:
        """Where it serves, as it says on standard output."""
        return self.told(r"(http://127\.0\.0\.1:\d+)")

    def told(self, pattern: str) -> str:
        """The first group of a pattern on standard output, as soon as it is there."""
        deadline = time.monotonic() + SECONDS
        while time.monotonic() < deadline and self.process.poll() is None:
            found = re.search(pattern, self.out.read_text())
            if found:
                return found[1]
            time.sleep(0.05)
        raise AssertionError(self.log.read_text())

    def get(self, path: str) -> tuple[int, str]:
        """Status and body of an address."""
        try:
            with urllib.request.urlopen(f"{self.address()}{path}", timeout=10) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, error.read().decode()

    def ready(self) -> None:
        """Wait until it is."""
        deadline = time.monotonic() + SECONDS
        while time.monotonic() < deadline:
            if self.get("/readyz")[0] == 200:
                return
            time.sleep(0.05)
        raise AssertionError(self.get("/readyz")[1] + self.log.read_text())

    def stop(self) -> int:
        """Ask it to end and wait until it has."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(SECONDS)


@contextmanager
def steward(folder: Path, place: Path, port: str = "0") -> Iterator[Running]:
    running = Running(folder, place, port)
    try:
        yield running
    finally:
        running.process.kill()
        running.process.wait()


@pytest.fixture
def place(tmp_path: Path) -> Path:
    return tmp_path


def test_it_is_ready_shows_the_first_password_once_and_ends_with_0(folder: Path, place: Path) -> None:
    with steward(folder, place) as first:
        first.ready()
        assert json.loads(first.get("/healthz")[1]) == {"alive": True}
        assert json.loads(first.get("/readyz")[1])["troubles"] == {}
        assert first.get("/")[0] == 200
        assert "steward_lease_held" in first.get("/metrics")[1]
        password = first.told(r"password (\S+)")
        assert first.stop() == 0
        assert password not in first.log.read_text()
    with steward(folder, place) as second:
        second.ready()
        assert "password" not in second.out.read_text()
        assert second.stop() == 0


def test_every_line_of_the_log_is_one_event_with_its_outcome(folder: Path, place: Path) -> None:
    with steward(folder, place) as process:
        process.ready()
        process.stop()
        lines = [json.loads(line) for line in process.log.read_text().splitlines()]
    acts = [(line["part"], line["act"], line.get("outcome")) for line in lines]
    assert ("app", "start", "ok") in acts
    assert ("lease", "acquire", "held") in acts
    assert acts[-1] == ("app", "stop", "ok")


def test_a_killed_process_leaves_nothing_that_keeps_the_next_one_from_working(folder: Path, place: Path) -> None:
    with steward(folder, place) as first:
        first.ready()
        first.process.kill()
        first.process.wait()
    with steward(folder, place) as second:
        second.ready()
        assert second.stop() == 0


def test_a_taken_port_is_said_in_one_line_and_exits_with_3(folder: Path, place: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        with steward(folder, place, port) as process:
            assert process.process.wait(SECONDS) == 3
            last = process.log.read_text().splitlines()[-1]
    assert last.startswith("steward: ") and port in last and "STEWARD_HTTP_PORT" in last


def test_a_broken_configuration_is_said_by_file_and_line_and_exits_with_1(folder: Path, place: Path) -> None:
    (folder / "steward.yaml").write_text("bot_nmae: 小管家\n", encoding="utf-8")
    with steward(folder, place) as process:
        assert process.process.wait(SECONDS) == 1
        assert "steward.yaml:1: error:" in process.log.read_text()
