"""The public key of a self-hosted Telegram server."""

from pathlib import Path

import rsa
from telethon.crypto import rsa as server_keys

from storage.errors import ServiceError


def use(path: Path | None) -> None:
    """Trust the RSA key in a PKCS#1 public key file; None changes nothing. Raises ServiceError if
    the file has no such key."""
    if path is None:
        return
    try:
        pem = path.read_bytes()
        rsa.PublicKey.load_pkcs1(pem)
        server_keys.add_key(pem, old=False)
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else "no PKCS#1 public key in it"
        raise ServiceError(
            f"{path} cannot be used: {reason}",
            where="TELEGRAM_SERVER_KEY",
            hint="name the file that starts with BEGIN RSA PUBLIC KEY",
        ) from error
