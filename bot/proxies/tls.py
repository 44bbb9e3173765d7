"""What makes a connection to an MTProto proxy look like a visit to a web site. Pure.

The proxy knows its users by the random bytes of their ClientHello: they are a keyed hash of the
rest, with the time in the last four. Its answer is signed the same way; what follows goes both ways
in records of TLS as data of an application would. Nothing of it is encrypted by TLS.

The ClientHello is that of a Chrome of 2023, which proxies of every age take: they were made for its
length of 517 bytes.
"""

import hmac
from collections.abc import Callable, Iterable
from hashlib import sha256

from bot.proxies.links import Secret

Random = Callable[[int], bytes]
"""Gives as many random bytes as it is asked for, as ``secrets.token_bytes`` does."""

HANDSHAKE, CHANGE_CIPHER_SPEC, ALERT, DATA = 22, 20, 21, 23
HEADER_BYTES = 5
LARGEST_RECORD = 1 << 14
LARGEST_RECEIVED = LARGEST_RECORD + 256
"""Bytes of a record that TLS allows once it is encrypted (RFC 8446, section 5.2)."""
CHANGE = bytes((CHANGE_CIPHER_SPEC, 3, 3, 0, 1, 1))

_RANDOM_AT, _RANDOM_BYTES = 11, 32
_KEY_BYTES = 32
_HELLO_BYTES = 517
_CIPHERS = bytes.fromhex("130113021303c02bc02fc02cc030cca9cca8c013c014009c009d002f0035")
_SIGNATURES = bytes.fromhex("04030804040105030805050108060601")
_GROUPS = bytes.fromhex("001d00170018")
_X25519 = _GROUPS[:2]


class AnswerError(ValueError):
    """The answer is not that of a proxy which knows the secret."""


def client_hello(secret: Secret, *, unix_time: int, random: Random) -> bytes:
    """The first record to the proxy, of 517 bytes, signed with the secret."""
    hello = _hello(secret.domain.encode("ascii"), random)
    digest = _sign(secret.key, hello)
    stamp = int.from_bytes(digest[-4:], "little") ^ (unix_time & 0xFFFFFFFF)
    return _with_random(hello, digest[:-4] + stamp.to_bytes(4, "little"))


def random_of(hello: bytes) -> bytes:
    """The random bytes of a ClientHello or ServerHello in its record."""
    return hello[_RANDOM_AT : _RANDOM_AT + _RANDOM_BYTES]


def check_answer(secret: Secret, hello: bytes, answer: Iterable[tuple[int, bytes]]) -> None:
    """Raise AnswerError unless the answer, three records (type, payload), is signed with the secret
    and meant for this ClientHello."""
    records = list(answer)
    if [kind for kind, _ in records] != [HANDSHAKE, CHANGE_CIPHER_SPEC, DATA]:
        raise AnswerError("it answers as no proxy does")
    whole = b"".join(record(kind, payload) for kind, payload in records)
    if len(records[0][1]) < _RANDOM_AT + _RANDOM_BYTES - HEADER_BYTES:
        raise AnswerError("it answers as no proxy does")
    signed = random_of(hello) + _with_random(whole, bytes(_RANDOM_BYTES))
    if not hmac.compare_digest(_sign(secret.key, signed), random_of(whole)):
        raise AnswerError("it does not know the secret, or the clock here is wrong")


def read_header(header: bytes) -> tuple[int, int]:
    """The type and the length of the record that five bytes begin. Raises AnswerError."""
    kind, length = header[0], int.from_bytes(header[3:5], "big")
    if header[1] != 3 or kind not in (HANDSHAKE, CHANGE_CIPHER_SPEC, ALERT, DATA):
        raise AnswerError("it answers as no proxy does")
    if length > LARGEST_RECEIVED:
        raise AnswerError("it sends a record that is too long")
    return kind, length


def record(kind: int, payload: bytes) -> bytes:
    """One record of TLS 1.2, as which 1.3 shows itself."""
    return bytes((kind, 3, 3)) + _sized(payload)


def records(data: bytes) -> bytes:
    """Data of an application, in as many records as it takes."""
    parts = range(0, len(data), LARGEST_RECORD)
    return b"".join(record(DATA, data[start : start + LARGEST_RECORD]) for start in parts)


def _sign(key: bytes, message: bytes) -> bytes:
    return hmac.new(key, message, sha256).digest()


def _with_random(hello: bytes, random: bytes) -> bytes:
    return hello[:_RANDOM_AT] + random + hello[_RANDOM_AT + _RANDOM_BYTES :]


def public_key(private: bytes) -> bytes:
    """The public key of 32 random bytes (X25519, RFC 7748): on no curve it would be no disguise."""
    # Only a few proxies ask for it; every start of the service would pay for the library.
    from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

    return X25519PrivateKey.from_private_bytes(private).public_key().public_bytes_raw()


def _sized(content: bytes, width: int = 2) -> bytes:
    return len(content).to_bytes(width, "big") + content


def _hello(domain: bytes, random: Random) -> bytes:
    grease = _grease(random)
    session = random(32)
    before = b"\x03\x03" + bytes(_RANDOM_BYTES) + _sized(session, 1)
    before += _sized(grease[0] + _CIPHERS) + b"\x01\x00"
    extensions = _extension(grease[1]) + b"".join(
        _shuffled(_middle(domain, grease, random), random)
    )
    extensions += _extension(grease[2], b"\x00")
    # Its record, its own and the extensions' header, and that of the padding.
    missing = _HELLO_BYTES - (HEADER_BYTES + 4 + len(before) + 2 + len(extensions)) - 4
    extensions += _extension(b"\x00\x15", bytes(missing))
    return b"\x16\x03\x01" + _sized(b"\x01" + _sized(before + _sized(extensions), 3))


def _middle(domain: bytes, grease: list[bytes], random: Random) -> list[bytes]:
    """The extensions that Chrome sends in random order."""
    key = _X25519 + _sized(public_key(random(_KEY_BYTES)))
    shares = grease[3] + _sized(b"\x00") + key
    protocols = _sized(b"h2", 1) + _sized(b"http/1.1", 1)
    return [
        _extension(b"\x00\x00", _sized(b"\x00" + _sized(domain))),  # server_name
        _extension(b"\x00\x05", b"\x01\x00\x00\x00\x00"),  # status_request
        _extension(b"\x00\x0a", _sized(grease[3] + _GROUPS)),  # supported_groups
        _extension(b"\x00\x0b", b"\x01\x00"),  # ec_point_formats
        _extension(b"\x00\x0d", _sized(_SIGNATURES)),  # signature_algorithms
        _extension(b"\x00\x10", _sized(protocols)),  # application_layer_protocol_negotiation
        _extension(b"\x00\x12"),  # signed_certificate_timestamp
        _extension(b"\x00\x17"),  # extended_master_secret
        _extension(b"\x00\x1b", b"\x02\x00\x02"),  # compress_certificate
        _extension(b"\x00\x23"),  # session_ticket
        _extension(b"\x00\x2b", _sized(grease[4] + b"\x03\x04\x03\x03", 1)),  # supported_versions
        _extension(b"\x00\x2d", b"\x01\x01"),  # psk_key_exchange_modes
        _extension(b"\x00\x33", _sized(shares)),  # key_share
        _extension(b"\x44\x69", _sized(_sized(b"h2", 1))),  # application_settings
        _extension(b"\xff\x01", b"\x00"),  # renegotiation_info
    ]


def _extension(number: bytes, content: bytes = b"") -> bytes:
    return number + _sized(content)


def _grease(random: Random) -> list[bytes]:
    """Five of the values that stand for what no server knows (RFC 8701): ciphers, the first and the
    last extension, which differ, a group and a version."""
    digits = [byte & 0xF0 | 0x0A for byte in random(5)]
    if digits[1] == digits[2]:
        digits[2] ^= 0x10
    return [bytes((digit, digit)) for digit in digits]


def _shuffled(parts: list[bytes], random: Random) -> list[bytes]:
    """The parts in random order."""
    return [part for _, part in sorted((random(8), part) for part in parts)]
