"""Signatures by Ed25519 (RFC 8032); keys in the form that OpenSSL reads and writes (RFC 8410)."""

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

_PEM = serialization.Encoding.PEM


def new_seed() -> bytes:
    """A new private key, as its 32 random bytes."""
    return Ed25519PrivateKey.generate().private_bytes_raw()


def public_key(seed: bytes) -> bytes:
    """The public key of a private one, 32 bytes."""
    return _own(seed).public_key().public_bytes_raw()


def sign(seed: bytes, message: bytes) -> bytes:
    """The signature of a message, 64 bytes, the same each time."""
    return _own(seed).sign(message)


def is_signed(key: bytes, message: bytes, signature: bytes) -> bool:
    """Whether that is the signature of the message by the owner of the public key."""
    try:
        Ed25519PublicKey.from_public_bytes(key).verify(signature, message)
    except (InvalidSignature, ValueError):
        return False
    return True


def write_public(key: bytes) -> str:
    """A public key as PEM."""
    form = serialization.PublicFormat.SubjectPublicKeyInfo
    return Ed25519PublicKey.from_public_bytes(key).public_bytes(_PEM, form).decode()


def write_private(seed: bytes) -> str:
    """A private key as PEM."""
    form, plain = serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    return _own(seed).private_bytes(_PEM, form, plain).decode()


def read_public(text: str) -> bytes | None:
    """The public key of a PEM; None where it is none of Ed25519."""
    try:
        key = serialization.load_pem_public_key(text.encode())
    except ValueError:
        return None
    return key.public_bytes_raw() if isinstance(key, Ed25519PublicKey) else None


def read_private(text: str) -> bytes | None:
    """The private key of a PEM; None where it is none of Ed25519."""
    try:
        key = serialization.load_pem_private_key(text.encode(), password=None)
    except (ValueError, TypeError):  # TypeError: it wants a password
        return None
    return key.private_bytes_raw() if isinstance(key, Ed25519PrivateKey) else None


def _own(seed: bytes) -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(seed)
