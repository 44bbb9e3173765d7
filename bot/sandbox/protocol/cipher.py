"""MTProto 2.0 encryption, the server's side.

https://core.telegram.org/mtproto/description
"""

import os
import struct
from hashlib import sha1, sha256

from msgspec import Struct
from telethon.crypto import AES

_TO_CLIENT, _FROM_CLIENT = 8, 0


class BadPacket(Exception):
    """A packet that was not encrypted with this key, or was changed on its way."""


class Packet(Struct, frozen=True):
    """One decrypted message of a client; ``body`` may have padding at its end."""

    salt: int
    session_id: int
    message_id: int
    sequence: int
    body: bytes


class AuthKey:
    """A shared key of 256 bytes; ``key_id`` is the number that heads each packet."""

    __slots__ = ("key", "key_id", "key_id_bytes", "salt")

    def __init__(self, key: bytes) -> None:
        digest = sha1(key, usedforsecurity=False).digest()
        self.key = key
        self.key_id_bytes = digest[12:20]
        self.key_id: int = struct.unpack("<q", self.key_id_bytes)[0]
        # One salt for the life of a key: derived, so that it survives a restart.
        self.salt: int = struct.unpack("<q", sha256(b"salt" + key).digest()[:8])[0]

    def _aes(self, message_key: bytes, x: int) -> tuple[bytes, bytes]:
        a = sha256(message_key + self.key[x : x + 36]).digest()
        b = sha256(self.key[x + 40 : x + 76] + message_key).digest()
        return a[:8] + b[8:24] + a[24:32], b[:8] + a[8:24] + b[24:32]

    def encrypt(self, session_id: int, message_id: int, sequence: int, body: bytes) -> bytes:
        """Gives the packet that carries one message to a client."""
        plain = struct.pack("<qqqii", self.salt, session_id, message_id, sequence, len(body)) + body
        plain += os.urandom(-(len(plain) + 12) % 16 + 12)
        x = _TO_CLIENT
        message_key = sha256(self.key[88 + x : 120 + x] + plain).digest()[8:24]
        cipher_text: bytes = AES.encrypt_ige(plain, *self._aes(message_key, x))
        return self.key_id_bytes + message_key + cipher_text

    def decrypt(self, packet: bytes) -> Packet:
        """Gives the message in a packet from a client; raises BadPacket."""
        if len(packet) < 24 + 48 or (len(packet) - 24) % 16:
            raise BadPacket("a wrong length")
        x, message_key = _FROM_CLIENT, packet[8:24]
        plain: bytes = AES.decrypt_ige(packet[24:], *self._aes(message_key, x))
        if sha256(self.key[88 + x : 120 + x] + plain).digest()[8:24] != message_key:
            raise BadPacket("a wrong message key")
        salt, session_id, message_id, sequence, length = struct.unpack_from("<qqqii", plain)
        if not 0 <= length <= len(plain) - 32:
            raise BadPacket("a wrong length inside")
        return Packet(salt, session_id, message_id, sequence, plain[32 : 32 + length])
