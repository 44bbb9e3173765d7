"""Signatures by Ed25519, as RFC 8032 (section 5.1) describes them. Pure.

For files that the operator signs by hand, some milliseconds each: nobody who could measure how long
it takes is near. Keys are in the form that OpenSSL reads and writes (RFC 8410).
"""

import base64
import binascii
from hashlib import sha512

KEY_BYTES = 32
SIGNATURE_BYTES = 64

_P = 2**255 - 19
_ORDER = 2**252 + 27742317777372353535851937790883648493
_D = -121665 * pow(121666, -1, _P) % _P
_ROOT = pow(2, (_P - 1) // 4, _P)
_PUBLIC, _PRIVATE = (
    bytes.fromhex("302a300506032b6570032100"),
    bytes.fromhex("302e020100300506032b657004220420"),
)

# A point (x, y) as X, Y, Z, T with x = X/Z, y = Y/Z and xy = T/Z.
_Point = tuple[int, int, int, int]


def public_key(seed: bytes) -> bytes:
    """The public key of a private one, 32 random bytes."""
    scalar, _ = _expand(seed)
    return _encode(_multiply(scalar, _BASE))


def sign(seed: bytes, message: bytes) -> bytes:
    """The signature of a message, the same each time."""
    scalar, prefix = _expand(seed)
    key = _encode(_multiply(scalar, _BASE))
    nonce = _hash(prefix + message)
    point = _encode(_multiply(nonce, _BASE))
    answer = (nonce + _hash(point + key + message) * scalar) % _ORDER
    return point + answer.to_bytes(KEY_BYTES, "little")


def is_signed(key: bytes, message: bytes, signature: bytes) -> bool:
    """Whether that is the signature of the message by the owner of the public key."""
    if len(key) != KEY_BYTES or len(signature) != SIGNATURE_BYTES:
        return False
    owner, point = _decode(key), _decode(signature[:KEY_BYTES])
    answer = int.from_bytes(signature[KEY_BYTES:], "little")
    if owner is None or point is None or answer >= _ORDER:
        return False
    challenge = _hash(signature[:KEY_BYTES] + key + message)
    return _equal(_multiply(answer, _BASE), _add(point, _multiply(challenge, owner)))


def write_public(key: bytes) -> str:
    """A public key as PEM."""
    return _pem("PUBLIC KEY", _PUBLIC + key)


def write_private(seed: bytes) -> str:
    """A private key as PEM."""
    return _pem("PRIVATE KEY", _PRIVATE + seed)


def read_public(text: str) -> bytes | None:
    """The public key of a PEM; None where it is none of Ed25519."""
    return _unpem("PUBLIC KEY", _PUBLIC, text)


def read_private(text: str) -> bytes | None:
    """The private key of a PEM; None where it is none of Ed25519."""
    return _unpem("PRIVATE KEY", _PRIVATE, text)


def _pem(name: str, content: bytes) -> str:
    body = base64.b64encode(content).decode()
    return f"-----BEGIN {name}-----\n{body}\n-----END {name}-----\n"


def _unpem(name: str, prefix: bytes, text: str) -> bytes | None:
    lines = text.split()
    body = "".join(lines).removeprefix(f"-----BEGIN{name.replace(' ', '')}-----")
    body = body.removesuffix(f"-----END{name.replace(' ', '')}-----")
    try:
        content = base64.b64decode(body, validate=True)
    except (binascii.Error, ValueError):
        return None
    is_key = content.startswith(prefix) and len(content) == len(prefix) + KEY_BYTES
    return content[len(prefix) :] if is_key else None


def _expand(seed: bytes) -> tuple[int, bytes]:
    digest = sha512(seed).digest()
    scalar = int.from_bytes(digest[:KEY_BYTES], "little")
    return scalar & (1 << 254) - 8 | 1 << 254, digest[KEY_BYTES:]


def _hash(data: bytes) -> int:
    return int.from_bytes(sha512(data).digest(), "little") % _ORDER


def _add(first: _Point, second: _Point) -> _Point:
    a = (first[1] - first[0]) * (second[1] - second[0]) % _P
    b = (first[1] + first[0]) * (second[1] + second[0]) % _P
    c = 2 * first[3] * second[3] * _D % _P
    d = 2 * first[2] * second[2] % _P
    e, f, g, h = b - a, d - c, d + c, b + a
    return e * f % _P, g * h % _P, f * g % _P, e * h % _P


def _multiply(scalar: int, point: _Point) -> _Point:
    product: _Point = (0, 1, 1, 0)
    while scalar:
        if scalar & 1:
            product = _add(product, point)
        point = _add(point, point)
        scalar >>= 1
    return product


def _equal(first: _Point, second: _Point) -> bool:
    return (first[0] * second[2] - second[0] * first[2]) % _P == 0 and (
        first[1] * second[2] - second[1] * first[2]
    ) % _P == 0


def _encode(point: _Point) -> bytes:
    inverse = pow(point[2], -1, _P)
    x, y = point[0] * inverse % _P, point[1] * inverse % _P
    return (y | (x & 1) << 255).to_bytes(KEY_BYTES, "little")


def _decode(data: bytes) -> _Point | None:
    """The point of 32 bytes; None where they are of none."""
    whole = int.from_bytes(data, "little")
    y, sign = whole & (1 << 255) - 1, whole >> 255
    x = _x_of(y, sign) if y < _P else None
    return None if x is None else (x, y, 1, x * y % _P)


def _x_of(y: int, sign: int) -> int | None:
    square = (y * y - 1) * pow(_D * y * y + 1, -1, _P) % _P
    if square == 0:
        return None if sign else 0
    x = pow(square, (_P + 3) // 8, _P)
    if (x * x - square) % _P:
        x = x * _ROOT % _P
    if (x * x - square) % _P:
        return None
    return x if x & 1 == sign else _P - x


def _base() -> _Point:
    y = 4 * pow(5, -1, _P) % _P
    x = _x_of(y, 0)
    assert x is not None  # noqa: S101  (a constant of the curve)
    return x, y, 1, x * y % _P


_BASE = _base()
