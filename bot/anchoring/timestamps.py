"""Requests and answers of RFC 3161: that a hash was there at a time, as an authority says. Pure.

An answer is read as far as it says which hash was stamped, when, and in answer to which request.
Whether the authority signed it needs its certificate: ``openssl ts -verify`` (docs/evidence.md).
"""

import re
from datetime import UTC, datetime

from msgspec import Struct

from storage.errors import InputError

_SHA256 = bytes.fromhex("0609608648016503040201")
_SIGNED_DATA = bytes.fromhex("2a864886f70d010702")
_TST_INFO = bytes.fromhex("2a864886f70d0109100104")
_INTEGER, _OCTETS, _OID, _SEQUENCE, _FIRST = 0x02, 0x04, 0x06, 0x30, 0xA0
_TIME = 0x18
_GRANTED = (0, 1)
_MOMENT = re.compile(rb"(\d{14})(?:\.(\d{1,6})\d*)?Z")


class Stamp(Struct, frozen=True, kw_only=True):
    """What an authority stamped: ``imprint`` is a SHA-256, ``nonce`` the request's or None."""

    imprint: bytes
    stamped_at: datetime
    nonce: int | None


class RefusedError(InputError):
    """An answer that is no stamp, or not of what was asked for."""


def request(imprint: bytes, nonce: int) -> bytes:
    """The request to stamp a SHA-256; ``nonce`` is a number of up to 63 bits, not 0."""
    algorithm = _der(_SEQUENCE, _SHA256 + b"\x05\x00")
    message = _der(_SEQUENCE, algorithm + _der(_OCTETS, imprint))
    number = nonce.to_bytes(nonce.bit_length() // 8 + 1, "big")
    return _der(_SEQUENCE, b"\x02\x01\x01" + message + _der(_INTEGER, number) + b"\x01\x01\xff")


def read_answer(data: bytes, *, imprint: bytes, nonce: int | None = None) -> Stamp:
    """The stamp in an answer. Raises RefusedError for one that refuses, stamps another hash, or
    answers another request than that with the ``nonce``."""
    stamp = read_stamp(data)
    if stamp.imprint != imprint:
        raise RefusedError("it stamps something else")
    if nonce is not None and stamp.nonce != nonce:
        raise RefusedError("it answers another request")
    return stamp


def read_stamp(data: bytes) -> Stamp:
    """The stamp in an answer, of whatever. Raises RefusedError."""
    try:
        return _stamp(data)
    except (ValueError, IndexError, OverflowError):
        raise RefusedError("it is no answer of RFC 3161") from None


def _stamp(data: bytes) -> Stamp:
    answer = _Reader(_Reader(data).take(_SEQUENCE))
    status = _number(_Reader(answer.take(_SEQUENCE)).take(_INTEGER))
    if status not in _GRANTED:
        raise RefusedError(f"it refuses: status {status}")
    token = _Reader(answer.take(_SEQUENCE))
    token.expect(_OID, _SIGNED_DATA)
    signed = _Reader(_Reader(token.take(_FIRST)).take(_SEQUENCE))
    signed.take(_INTEGER)
    signed.skip()
    content = _Reader(signed.take(_SEQUENCE))
    content.expect(_OID, _TST_INFO)
    inner = _Reader(_Reader(content.take(_FIRST)).take(_OCTETS))
    return _info(_Reader(inner.take(_SEQUENCE)))


def _info(info: "_Reader") -> Stamp:
    """TSTInfo, of which accuracy, ordering and the authority's name are passed over."""
    info.take(_INTEGER)
    info.take(_OID)
    message = _Reader(info.take(_SEQUENCE))
    if not message.take(_SEQUENCE).startswith(_SHA256):
        raise RefusedError("it stamps another kind of hash")
    imprint = message.take(_OCTETS)
    info.take(_INTEGER)
    match = _MOMENT.fullmatch(info.take(_TIME))
    if match is None:
        raise ValueError("no time")
    moment = datetime.strptime(match[1].decode(), "%Y%m%d%H%M%S").replace(
        microsecond=int((match[2] or b"0").ljust(6, b"0")), tzinfo=UTC
    )
    nonce = None
    while not info.is_empty:
        if info.tag == _INTEGER:
            nonce = _number(info.take(_INTEGER))
        else:
            info.skip()
    return Stamp(imprint=imprint, stamped_at=moment, nonce=nonce)


def _number(content: bytes) -> int:
    return int.from_bytes(content, "big", signed=True)


def _der(tag: int, content: bytes) -> bytes:
    size = len(content)
    if size < 128:
        return bytes([tag, size]) + content
    length = size.to_bytes((size.bit_length() + 7) // 8, "big")
    return bytes([tag, 0x80 | len(length)]) + length + content


class _Reader:
    """Reads DER, item by item; raises ValueError or IndexError where it is none."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._at = 0

    @property
    def is_empty(self) -> bool:
        return self._at == len(self._data)

    @property
    def tag(self) -> int:
        return self._data[self._at]

    def expect(self, tag: int, content: bytes) -> None:
        """Take an item that must be this one."""
        if self.take(tag) != content:
            raise ValueError("something else")

    def take(self, tag: int) -> bytes:
        """The content of the next item, which must have that tag."""
        if self.tag != tag:
            raise ValueError("another tag")
        return self.skip()

    def skip(self) -> bytes:
        """The content of the next item, whatever it is."""
        size = self._data[self._at + 1]
        start = self._at + 2
        if size >= 0x80:
            digits = size & 0x7F
            if not 0 < digits <= 4:
                raise ValueError("no definite length")
            size = int.from_bytes(self._data[start : start + digits], "big")
            start += digits
        if start + size > len(self._data):
            raise ValueError("cut short")
        self._at = start + size
        return self._data[start : self._at]
