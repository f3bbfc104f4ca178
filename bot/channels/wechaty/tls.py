"""Which certificates the connection to a gateway trusts, and in which name."""

import os
from pathlib import Path

from bot.channels.wechaty.connection import EndpointError

CA_VARIABLE = "WECHATY_PUPPET_SERVICE_TLS_CA_CERT"
SERVER_NAME_VARIABLE = "WECHATY_PUPPET_SERVICE_TLS_SERVER_NAME"


def server_name(token: str) -> str:
    """The environment's, else the token's prefix: a gateway of Wechaty 1.x holds a certificate in it."""
    return os.environ.get(SERVER_NAME_VARIABLE) or token.rpartition("_")[0].lower()


def read_ca(ca: Path | str | None) -> bytes | None:
    """The certificates to trust: given, or the environment's; a file, or PEM text (with ``\\n`` for line ends)."""
    given = ca if ca is not None else os.environ.get(CA_VARIABLE, "")
    if not str(given):
        return None
    if isinstance(given, str) and "BEGIN CERTIFICATE" in given:
        return given.replace("\\n", "\n").encode()
    try:
        content = Path(given).read_bytes()
    except OSError as error:
        raise EndpointError(
            f"{CA_VARIABLE} names {given}, which cannot be read ({error.strerror}); give a readable file of PEM "
            "certificates, or unset it for a gateway without TLS."
        ) from None
    if b"BEGIN CERTIFICATE" not in content:
        raise EndpointError(f"{CA_VARIABLE} names {given}, which holds no PEM certificate.")
    return content
