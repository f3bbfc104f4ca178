"""Keep the gateway's Node packages as its lock file says."""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.gateway.node import Node, find_node

FOLDER = Path(__file__).resolve().parent
MODULES = FOLDER / "node_modules"
STAMP = MODULES / ".steward-stamp"
TIMEOUT_SECONDS = 900
TAIL_LINES = 25


class InstallError(RuntimeError):
    """npm did not install the packages; the message carries the end of its output and a remedy."""


def ensure_installed() -> bool:
    """Run `npm ci` unless node_modules fits the lock file; True when it ran. Safe from several processes at once."""
    if _is_current():
        return False
    with _only_one_process():
        if _is_current():
            return False
        _npm_ci(find_node())
        STAMP.write_text(_fingerprint(), encoding="utf-8")
        return True


def _is_current() -> bool:
    return STAMP.is_file() and STAMP.read_text(encoding="utf-8") == _fingerprint()


def _fingerprint() -> str:
    files = [FOLDER / "package.json", FOLDER / "package-lock.json"]
    return hashlib.sha256(b"\0".join(file.read_bytes() for file in files)).hexdigest()


@contextmanager
def _only_one_process() -> Iterator[None]:
    """Locks a file that is there anyway, so that no lock file is left behind."""
    with (FOLDER / "package.json").open("rb") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _npm_ci(node: Node) -> None:
    # Nothing has to be compiled: the one native package brings its binaries, so install scripts stay off.
    command = [*node.npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund"]
    with _npm_environment(node) as environment:
        try:
            done = subprocess.run(
                command,
                cwd=FOLDER,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
                errors="replace",
                timeout=TIMEOUT_SECONDS,
                check=False,
            )
        except subprocess.TimeoutExpired as error:
            raise InstallError(f"npm ci took longer than {TIMEOUT_SECONDS} s; is the package registry slow?") from error
    if done.returncode != 0:
        tail = "\n".join(done.stdout.splitlines()[-TAIL_LINES:])
        raise InstallError(
            f"npm ci in {FOLDER} failed with exit code {done.returncode}:\n{tail}\n"
            "Remedy: check the network or npm's registry and proxy settings, then run "
            "`python -m tests.gateway.install` again."
        )


@contextmanager
def _npm_environment(node: Node) -> Iterator[dict[str, str]]:
    """npm wants a home to keep its cache and settings; without a writable one it gets a folder for this run."""
    environment = {**os.environ, "PATH": os.pathsep.join([str(node.node.parent), os.environ.get("PATH", "")])}
    home = environment.get("HOME", "")
    if home and os.access(home, os.W_OK | os.X_OK):
        yield environment
        return
    spare = tempfile.mkdtemp(prefix="steward-npm-")
    try:
        yield {**environment, "HOME": spare, "npm_config_cache": str(Path(spare) / "cache")}
    finally:
        shutil.rmtree(spare, ignore_errors=True)
