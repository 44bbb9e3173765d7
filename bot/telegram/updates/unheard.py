"""Calls of who gets no updates: they ask for none, and read of an answer what is of use.

What a message that was sent is answered with repeats all of it, with its buttons and who it is to.
Whoever keeps no state of updates needs nothing of that but its number, which stands first; reading
the rest took more time than anything else that a deliverer does.
"""

import struct
from typing import Any

from telethon.extensions import BinaryReader
from telethon.tl import types
from telethon.tl.functions import InvokeWithoutUpdatesRequest
from telethon.tl.functions.messages import SendMediaRequest, SendMessageRequest

SENDING = (SendMessageRequest, SendMediaRequest)
"""What may not be asked for twice unawares."""

_VECTOR = 0x1CB5C415
_BEGINNING = struct.Struct("<IIiIiq")
"""Updates, their vector and how many, of which the first is the number of a message: that, and the
random id by which it was sent."""


class Unheard(InvokeWithoutUpdatesRequest):  # type: ignore[misc]  # it has no types
    """A call that has no updates sent for it."""

    def read_result(self, reader: BinaryReader) -> Any:
        """The answer; of that to a message its number alone, where it says it first."""
        if isinstance(self.query, SENDING):
            number = _number_in(reader.get_bytes(), self.query.random_id)
            if number is not None:
                named = types.UpdateMessageID(number, self.query.random_id)
                return types.Updates([named], users=[], chats=[], date=None, seq=0)
        return super().read_result(reader)


def called(request: Any) -> Any:
    """What a call asks for, whether or not it wants updates."""
    return request.query if isinstance(request, Unheard) else request


def _number_in(answer: bytes, random_id: int) -> int | None:
    """The number that a message got, where the answer begins with it; None where it does not."""
    if len(answer) < _BEGINNING.size:
        return None
    kind, vector, count, first, number, sent_as = _BEGINNING.unpack_from(answer)
    is_it = (kind, vector, first) == (
        types.Updates.CONSTRUCTOR_ID,
        _VECTOR,
        types.UpdateMessageID.CONSTRUCTOR_ID,
    )
    return int(number) if is_it and count > 0 and sent_as == random_id else None
