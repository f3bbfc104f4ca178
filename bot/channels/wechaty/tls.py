"""What lets the connection to a gateway be trusted: its token, the certificates, and in which name."""

import os
import ssl
from pathlib import Path

from domain.errors import StewardError

CA_VARIABLE = "WECHATY_PUPPET_SERVICE_TLS_CA_CERT"
SERVER_NAME_VARIABLE = "WECHATY_PUPPET_SERVICE_TLS_SERVER_NAME"


class EndpointError(StewardError):
    """The address of the gateway, its certificates or its token cannot be used."""


def check_token(token: str) -> None:
    """Raises `EndpointError` with the remedy for a token that no gateway can have."""
    if not token:
        raise EndpointError(
            "WECHATY_PUPPET_SERVICE_ENDPOINT is set and WECHATY_PUPPET_SERVICE_TOKEN is empty; give the token that the "
            "gateway was started with, or unset the endpoint to run without WeChat."
        )
    if not token.isascii() or not token.isprintable() or " " in token:
        raise EndpointError(
            "WECHATY_PUPPET_SERVICE_TOKEN holds characters that no token has; copy it again from the gateway."
        )


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


def trusting(ca: bytes) -> ssl.SSLContext:
    """What to encrypt with, trusting these certificates alone. Raises `EndpointError` for what is no certificate."""
    try:
        context = ssl.create_default_context(cadata=ca.decode("ascii", "replace"))
    except ssl.SSLError:
        raise EndpointError(f"{CA_VARIABLE} holds no PEM certificate that can be read.") from None
    # Newer Pythons refuse certificates without fields that those which Wechaty ships do not have.
    context.verify_flags &= ~ssl.VERIFY_X509_STRICT
    context.set_alpn_protocols(["h2"])
    return context
