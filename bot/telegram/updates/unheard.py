"""Calls of a client that gets no updates: they request none, and decode only what is needed of an
answer.

The answer to a sent message repeats all of it, with buttons and recipient. A client without an
update state needs only the message's id, which comes first; decoding the rest took more time than
anything else in a deliverer.
"""

import struct
from typing import Any

from telethon.extensions import BinaryReader
from telethon.tl import types
from telethon.tl.functions import InvokeWithoutUpdatesRequest
from telethon.tl.functions.messages import SendMediaRequest, SendMessageRequest

SENDING = (SendMessageRequest, SendMediaRequest)
"""Requests that must not be repeated unnoticed."""

_VECTOR = 0x1CB5C415
_BEGINNING = struct.Struct("<IIiIiq")
"""Updates, their vector and its length, and the first update: a message's id with its random id."""


class Unheard(InvokeWithoutUpdatesRequest):  # type: ignore[misc]  # it has no types
    """A call for which the server sends no updates."""

    def read_result(self, reader: BinaryReader) -> Any:
        """The answer; for a sent message only its id, if that comes first."""
        if isinstance(self.query, SENDING):
            number = _number_in(reader.get_bytes(), self.query.random_id)
            if number is not None:
                named = types.UpdateMessageID(number, self.query.random_id)
                return types.Updates([named], users=[], chats=[], date=None, seq=0)
        return super().read_result(reader)


def called(request: Any) -> Any:
    """The request inside a call, whether or not it wants updates."""
    return request.query if isinstance(request, Unheard) else request


def _number_in(answer: bytes, random_id: int) -> int | None:
    """The message id that the answer begins with; None if it does not begin so."""
    if len(answer) < _BEGINNING.size:
        return None
    kind, vector, count, first, number, sent_as = _BEGINNING.unpack_from(answer)
    is_it = (kind, vector, first) == (
        types.Updates.CONSTRUCTOR_ID,
        _VECTOR,
        types.UpdateMessageID.CONSTRUCTOR_ID,
    )
    return int(number) if is_it and count > 0 and sent_as == random_id else None
