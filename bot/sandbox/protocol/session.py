"""One client session on one connection: numbering, service messages, containers.

https://core.telegram.org/mtproto/service_messages
"""

import struct
import time
from collections.abc import Callable

from telethon.errors import TypeNotFoundError
from telethon.extensions import BinaryReader
from telethon.tl import TLObject, TLRequest, functions, types
from telethon.tl.core import GzipPacked, MessageContainer

from bot.sandbox.protocol.cipher import AuthKey
from bot.sandbox.protocol.transport import Connection

_RPC_RESULT = 0xF35C6D01
_VECTOR = 0x1CB5C415
_TRUE = struct.pack("<I", 0x997275B5)
_FALSE = struct.pack("<I", 0xBC799737)
_WRONG_SALT = 48
_CONTAINER = 0x73F1F8DC
# What fits into one container (core.telegram.org/mtproto/service_messages).
_CONTAINER_MESSAGES, _CONTAINER_BYTES = 100, 512 * 1024

OnRequest = Callable[["Session", int, TLRequest], None]


class Session:
    """What a client knows as its session; a client that reconnects makes another one."""

    __slots__ = (
        "_content_messages",
        "_gathered",
        "_last_message_id",
        "auth_key",
        "connection",
        "greeted",
        "id",
        "layer",
        "wants_updates",
    )

    def __init__(self, connection: Connection, auth_key: AuthKey, session_id: int) -> None:
        self.connection = connection
        self.auth_key = auth_key
        self.id = session_id
        self.layer = 0
        self.wants_updates = True
        self.greeted = False
        self._content_messages = 0
        self._last_message_id = 0
        self._gathered: list[tuple[int, int, bytes]] | None = None

    @property
    def key_id(self) -> int:
        return self.auth_key.key_id

    # Coming in

    def receive(self, message_id: int, body: bytes, on_request: OnRequest) -> None:
        """Takes the body of a message, opens what is packed, and passes requests on.

        Answers that are there at once go back together, as Telegram packs them.
        """
        self._gathered = []
        try:
            self._read(message_id, body, on_request)
        finally:
            self._send_gathered()

    def _read(self, message_id: int, body: bytes, on_request: OnRequest) -> None:
        with BinaryReader(body) as reader:
            try:
                thing = reader.tgread_object()
            except TypeNotFoundError:
                self.answer_error(message_id, 400, "INPUT_METHOD_INVALID")
                return
        self._take(message_id, thing, on_request)

    def _take(self, message_id: int, thing: TLObject, on_request: OnRequest) -> None:
        if isinstance(thing, MessageContainer):
            for message in thing.messages:
                self._take(message.msg_id, message.obj, on_request)
        elif isinstance(thing, GzipPacked):
            self._read(message_id, thing.data, on_request)
        elif not self._serve(message_id, thing):
            on_request(self, message_id, self._unwrap(thing))

    def _serve(self, message_id: int, thing: TLObject) -> bool:
        """Answers a service message; gives False for a request."""
        if isinstance(thing, types.MsgsAck | types.MsgsStateInfo):
            return True
        if isinstance(thing, functions.PingRequest | functions.PingDelayDisconnectRequest):
            self.send(bytes(types.Pong(message_id, thing.ping_id)))
        elif isinstance(thing, functions.GetFutureSaltsRequest):
            present = int(time.time())
            salt = types.FutureSalt(present - 60, present + 3600, self.auth_key.salt)
            self.send(bytes(types.FutureSalts(message_id, present, [salt])))
        elif isinstance(thing, functions.DestroySessionRequest):
            self.send(bytes(types.DestroySessionNone(thing.session_id)))
        elif isinstance(thing, types.MsgsStateReq):
            info = "\4" * len(thing.msg_ids)
            self.send(bytes(types.MsgsStateInfo(message_id, info)))
        elif isinstance(thing, functions.RpcDropAnswerRequest):
            self.answer(message_id, types.RpcAnswerUnknown())
        else:
            return False
        return True

    def _unwrap(self, request: TLRequest) -> TLRequest:
        while True:
            if isinstance(request, functions.InvokeWithLayerRequest):
                self.layer = request.layer
            elif isinstance(request, functions.InvokeWithoutUpdatesRequest):
                self.wants_updates = False
            elif not isinstance(
                request, functions.InitConnectionRequest | functions.InvokeAfterMsgRequest
            ):
                return request
            request = request.query

    # Going out

    def send(self, body: bytes, *, reply: bool = True) -> None:
        """Sends a message: an answer, or (not ``reply``) one of our own accord."""
        self._content_messages += 1
        message = (self._next_message_id(reply), self._content_messages * 2 - 1, body)
        if self._gathered is None:
            self._encrypt(*message)
        else:
            self._gathered.append(message)

    def _send_gathered(self) -> None:
        messages, self._gathered = self._gathered or [], None
        pack: list[tuple[int, int, bytes]] = []
        size = 0
        for message in messages:
            if len(pack) == _CONTAINER_MESSAGES or size + len(message[2]) > _CONTAINER_BYTES:
                self._send_pack(pack)
                pack, size = [], 0
            pack.append(message)
            size += len(message[2])
        self._send_pack(pack)

    def _send_pack(self, pack: list[tuple[int, int, bytes]]) -> None:
        if len(pack) < 2:
            for message in pack:
                self._encrypt(*message)
            return
        parts = [struct.pack("<Ii", _CONTAINER, len(pack))]
        for number, sequence, body in pack:
            parts += (struct.pack("<qii", number, sequence, len(body)), body)
        sequence = self._content_messages * 2
        self._encrypt(self._next_message_id(reply=True), sequence, b"".join(parts))

    def _encrypt(self, message_id: int, sequence: int, body: bytes) -> None:
        self.connection.send(self.auth_key.encrypt(self.id, message_id, sequence, body))

    def _next_message_id(self, reply: bool) -> int:
        # The low bits tell answers (1) from other messages (3); ids only grow.
        number = int(time.time() * (1 << 32)) & ~3
        number = max(number, (self._last_message_id & ~3) + 4) | (1 if reply else 3)
        self._last_message_id = number
        return number

    def greet(self, first_message_id: int) -> None:
        """Tells a new session its salt."""
        self.greeted = True
        salt = self.auth_key.salt
        self.send(bytes(types.NewSessionCreated(first_message_id, self.id, salt)), reply=False)

    def refuse_salt(self, message_id: int, sequence: int) -> None:
        """Has a client send its message again with the right salt."""
        salt = self.auth_key.salt
        self.send(bytes(types.BadServerSalt(message_id, sequence, _WRONG_SALT, salt)), reply=False)

    def answer(self, message_id: int, result: TLObject | list[TLObject] | bool) -> None:
        """Sends the result of a request."""
        self.send(struct.pack("<Iq", _RPC_RESULT, message_id) + encode_result(result))

    def answer_error(self, message_id: int, code: int, error: str) -> None:
        """Sends an RPC error."""
        self.answer(message_id, types.RpcError(code, error))


def encode_result(result: TLObject | list[TLObject] | bool) -> bytes:
    """Gives the bytes of one of Telethon's types, of a list of them, or of a bool."""
    if isinstance(result, bool):
        return _TRUE if result else _FALSE
    if isinstance(result, list):
        return struct.pack("<Ii", _VECTOR, len(result)) + b"".join(map(bytes, result))
    return bytes(result)
