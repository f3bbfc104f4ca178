"""What the environment says: database, address, key and gateway. The config folder says everything else."""

import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from domain.budget import UNLIMITED, SendRule
from domain.errors import StewardError

DEFAULT_DATABASE_URL = "sqlite:///data/steward.db"
DATABASE_SCHEMES = ("sqlite:///", "postgresql+asyncpg://", "postgresql://")
KEY_FILE = "steward.key"
KEY_BYTES = 32


class SettingsError(StewardError):
    """An environment variable has a value that cannot be used."""


@dataclass(frozen=True, slots=True)
class Settings:
    """One process's surroundings. ``secret_key`` is None until `secret` has read or made it."""

    database_url: str = field(default=DEFAULT_DATABASE_URL, repr=False)
    http_host: str = "127.0.0.1"
    http_port: int = 8080
    secret_key: str | None = field(default=None, repr=False)
    wechaty_endpoint: str = ""
    wechaty_token: str = field(default="", repr=False)
    send_interval: float = 2.0
    """Seconds between two sends of an account that a platform watches; half of it more by chance. 0: no limits."""
    send_daily_cap: int = 2000
    log_format: str = "text"

    @property
    def send_rule(self) -> SendRule:
        """The send budget of accounts on platforms that take offence at haste."""
        if self.send_interval == 0:
            return UNLIMITED
        interval = timedelta(seconds=self.send_interval)
        return SendRule(min_interval=interval, jitter=interval / 2, daily_cap=self.send_daily_cap)

    @property
    def sqlite_path(self) -> Path | None:
        """The database file, or None on PostgreSQL."""
        if not self.database_url.startswith("sqlite:///"):
            return None
        return Path(self.database_url.removeprefix("sqlite:///"))

    @property
    def data_dir(self) -> Path:
        """Where files that belong to this installation lie: beside the database file, else ``data``."""
        path = self.sqlite_path
        return path.parent if path is not None else Path("data")


def from_env(env: Mapping[str, str] | None = None) -> Settings:
    """Read the variables of DESIGN §7. Raises `SettingsError` with the name of the variable and the remedy."""
    env = os.environ if env is None else env
    url = env.get("STEWARD_DATABASE_URL") or DEFAULT_DATABASE_URL
    if not url.startswith(DATABASE_SCHEMES):
        raise SettingsError("STEWARD_DATABASE_URL begins with sqlite:/// or postgresql+asyncpg://; another was given.")
    log_format = env.get("STEWARD_LOG_FORMAT") or "text"
    if log_format not in ("text", "json"):
        raise SettingsError(f"STEWARD_LOG_FORMAT is text or json, not {log_format!r}.")
    return Settings(
        database_url=url,
        http_host=env.get("STEWARD_HTTP_HOST") or "127.0.0.1",
        http_port=_port(env.get("STEWARD_HTTP_PORT") or "8080"),
        secret_key=env.get("STEWARD_SECRET_KEY") or None,
        wechaty_endpoint=env.get("WECHATY_PUPPET_SERVICE_ENDPOINT", "").strip(),
        wechaty_token=env.get("WECHATY_PUPPET_SERVICE_TOKEN", "").strip(),
        send_interval=_seconds(env.get("STEWARD_SEND_INTERVAL") or "2"),
        send_daily_cap=_cap(env.get("STEWARD_SEND_DAILY_CAP") or "2000"),
        log_format=log_format,
    )


def _port(text: str) -> int:
    # 0 lets the system choose, which tests use.
    if not text.isascii() or not text.isdigit() or int(text) > 65535:
        raise SettingsError(f"STEWARD_HTTP_PORT is a number from 0 to 65535, not {text!r}.")
    return int(text)


def _seconds(text: str) -> float:
    try:
        seconds = float(text)
    except ValueError:
        seconds = -1.0
    if not 0 <= seconds <= 3600:  # not a number fails this too
        raise SettingsError(f"STEWARD_SEND_INTERVAL is a number of seconds from 0 to 3600, not {text!r}.")
    return seconds


def _cap(text: str) -> int:
    if not text.isascii() or not text.isdigit() or int(text) < 1:
        raise SettingsError(f"STEWARD_SEND_DAILY_CAP is a whole number from 1 on, not {text!r}.")
    return int(text)


def secret(settings: Settings) -> str:
    """The key that signs cookies and links: from the environment, else from a file of mode 0600, made when missing."""
    if settings.secret_key:
        return settings.secret_key
    path = settings.data_dir / KEY_FILE
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        # O_EXCL: of two processes that start at once, one makes the key and both read the same.
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return _read_key(path)
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write(secrets.token_hex(KEY_BYTES) + "\n")
    return _read_key(path)


def _read_key(path: Path) -> str:
    key = path.read_text(encoding="ascii").strip()
    if len(key) < KEY_BYTES:
        raise SettingsError(f"{path} holds no usable key; delete it (everybody signs in again) or restore it.")
    return key
