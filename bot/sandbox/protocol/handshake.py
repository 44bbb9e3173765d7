"""The exchange that makes an authorization key, the server's side.

https://core.telegram.org/mtproto/auth_key
"""

import os
import secrets
import struct
import time
from hashlib import sha1

from telethon import helpers
from telethon.crypto import AES
from telethon.crypto import AuthKey as TelethonAuthKey
from telethon.crypto.rsa import get_byte_array
from telethon.errors import TypeNotFoundError
from telethon.extensions import BinaryReader
from telethon.tl import TLObject, TLRequest, functions, types

from bot.sandbox.protocol import keys
from bot.sandbox.protocol.cipher import AuthKey

# Enough for a sandbox, and a fourth of the time that 2048 bits take.
_EXPONENT_BITS = 512
# What reading rubbish may raise.
_MALFORMED = (ValueError, BufferError, struct.error, AttributeError, TypeNotFoundError)


class BadHandshake(Exception):
    """A client that does not follow the exchange: the connection is to be closed."""


class KeyExchange:
    """The server's numbers, made once and used for every exchange."""

    def __init__(self, key: keys.ServerKey) -> None:
        self.key = key
        self.secret = secrets.randbits(_EXPONENT_BITS) | (1 << (_EXPONENT_BITS - 1))
        self.public = pow(keys.DH_GENERATOR, self.secret, keys.DH_PRIME)


class Handshake:
    """One client's exchange: `answer` takes each plain packet until `auth_key` is there."""

    def __init__(self, exchange: KeyExchange) -> None:
        self._exchange = exchange
        self._server_nonce = int.from_bytes(os.urandom(16), "little", signed=True)
        self._nonce = 0
        self._new_nonce = 0
        self._last_message_id = 0
        self.auth_key: AuthKey | None = None

    def answer(self, packet: bytes) -> bytes:
        """Gives the plain packet that answers this one; raises BadHandshake."""
        try:
            with BinaryReader(packet[20:]) as reader:
                answer = self._answer(reader.tgread_object())
        except _MALFORMED as error:
            raise BadHandshake(str(error)) from error
        body = bytes(answer)
        self._last_message_id = max(self._last_message_id + 4, (int(time.time()) << 32) | 1)
        return struct.pack("<qqi", 0, self._last_message_id, len(body)) + body

    def _answer(self, request: TLRequest) -> TLObject:
        if isinstance(request, functions.ReqPqMultiRequest | functions.ReqPqRequest):
            self._nonce = request.nonce
            return types.ResPQ(
                nonce=self._nonce,
                server_nonce=self._server_nonce,
                pq=get_byte_array(keys.P * keys.Q),
                server_public_key_fingerprints=[self._exchange.key.fingerprint],
            )
        if isinstance(request, functions.ReqDHParamsRequest):
            return self._send_parameters(request)
        if isinstance(request, functions.SetClientDHParamsRequest):
            return self._agree(request)
        raise BadHandshake(f"{type(request).__name__} before there is a key")

    def _send_parameters(self, request: TLRequest) -> TLObject:
        plain = self._exchange.key.decrypt(request.encrypted_data)
        with BinaryReader(plain[20:]) as reader:
            self._new_nonce = reader.tgread_object().new_nonce
        inner = bytes(
            types.ServerDHInnerData(
                nonce=self._nonce,
                server_nonce=self._server_nonce,
                g=keys.DH_GENERATOR,
                dh_prime=get_byte_array(keys.DH_PRIME),
                g_a=get_byte_array(self._exchange.public),
                server_time=int(time.time()),
            )
        )
        signed = sha1(inner, usedforsecurity=False).digest() + inner
        signed += os.urandom(-len(signed) % 16)
        return types.ServerDHParamsOk(
            nonce=self._nonce,
            server_nonce=self._server_nonce,
            encrypted_answer=AES.encrypt_ige(signed, *self._temporary_key()),
        )

    def _temporary_key(self) -> tuple[bytes, bytes]:
        key, iv = helpers.generate_key_data_from_nonce(self._server_nonce, self._new_nonce)
        return key, iv

    def _agree(self, request: TLRequest) -> TLObject:
        plain = AES.decrypt_ige(request.encrypted_data, *self._temporary_key())
        with BinaryReader(plain[20:]) as reader:
            g_b = int.from_bytes(reader.tgread_object().g_b, "big")
        shared = pow(g_b, self._exchange.secret, keys.DH_PRIME)
        # Clients hash the number's own bytes, without leading zeros, and so must we.
        self.auth_key = AuthKey(get_byte_array(shared))
        proof = TelethonAuthKey(self.auth_key.key).calc_new_nonce_hash(self._new_nonce, 1)
        return types.DhGenOk(
            nonce=self._nonce, server_nonce=self._server_nonce, new_nonce_hash1=proof
        )
