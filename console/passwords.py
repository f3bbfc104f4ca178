"""Passwords of console users: argon2id, off the event loop, and as slow for names that nobody has."""

import asyncio
import secrets
from concurrent.futures import ThreadPoolExecutor
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

SHORTEST = 10
LONGEST = 200
AT_ONCE = 2
"""Hashes computed at the same time: each takes 64 MiB, so a crowd of sign-ins must not take the machine."""

WORDS = 4
_ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"
"""Without signs that look alike: somebody types it off a screen."""

_HASHER = PasswordHasher()
_WORKERS = ThreadPoolExecutor(AT_ONCE, "password")
_COMMON = ("1234567890", "0123456789", "qwertyuiop", "1111111111", "password", "admin123")


def new_password() -> str:
    """A password that can be read aloud: about 79 bits in four groups."""
    return "-".join("".join(secrets.choice(_ALPHABET) for _ in range(4)) for _ in range(WORDS))


async def hash_password(password: str) -> str:
    """The argon2id hash in its encoded form, parameters and salt included."""
    return await asyncio.get_running_loop().run_in_executor(_WORKERS, _HASHER.hash, password)


async def verify_password(stored: str | None, password: str) -> bool:
    """Whether the password belongs to the hash. ``None`` (no such user) is False after the same work."""
    return await asyncio.get_running_loop().run_in_executor(_WORKERS, _verify, stored, password)


def _verify(stored: str | None, password: str) -> bool:
    try:
        _HASHER.verify(_nobody() if stored is None else stored, password[:LONGEST])
    except (VerificationError, InvalidHashError):
        return False
    return stored is not None


@cache
def _nobody() -> str:
    return _HASHER.hash("nobody has this password")


def too_weak(password: str, name: str = "") -> str | None:
    """Why a password cannot be taken, in Chinese; None when it can."""
    if len(password) < SHORTEST:
        return f"密码至少 {SHORTEST} 位"
    if len(password) > LONGEST:
        return f"密码最多 {LONGEST} 位"
    folded = password.casefold()
    if len(set(folded)) < 4 or any(folded.startswith(common) for common in _COMMON):
        return "这个密码太容易猜到，请换一个"
    if name and name.casefold() in folded:
        return "密码里不要包含用户名"
    return None
