"""Who a browser is: a random id in a signed, HttpOnly cookie; the nickname beside it grants nothing."""

import hashlib
import hmac
import secrets

COOKIE = "steward_member"
MAX_AGE_SECONDS = 400 * 86_400
_ID_HEX = 24


def new_person() -> str:
    """A fresh random person id."""
    return secrets.token_hex(_ID_HEX // 2)


def sign(person: str, secret: bytes) -> str:
    """The cookie's value for a person."""
    return f"{person}.{_mac(person, secret)}"


def read(cookie: str, secret: bytes) -> str | None:
    """The person of a cookie, or None if it was not signed by us."""
    person, _, mac = cookie.partition(".")
    if len(person) == _ID_HEX and hmac.compare_digest(mac.encode(), _mac(person, secret).encode()):
        return person
    return None


def _mac(person: str, secret: bytes) -> str:
    return hmac.new(secret, b"web-member\0" + person.encode(), hashlib.sha256).hexdigest()
