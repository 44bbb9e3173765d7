"""Isolates the messages that this version of Telethon cannot decode, so that the others can be
read.

Telethon gives up a whole answer for one unknown object in it. So messages are requested by id, in
ever smaller groups, until the undecodable one is alone; its bytes are kept.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any, TypeVar

from msgspec import Struct
from telethon.extensions import BinaryReader
from telethon.tl.functions.channels import GetMessagesRequest
from telethon.tl.functions.messages import GetHistoryRequest, GetRichMessageRequest

from storage.errors import InputError

FORM = "tl"
"""The format in which such a message is kept: Telegram's answer about it alone, as bytes."""

NOBODY = 2**31 - 1
"""An id that no message has."""

T = TypeVar("T")


class UndecodedError(InputError):
    """An answer of Telegram's that cannot be decoded; ``raw`` are its bytes."""

    def __init__(self, error: Exception, raw: bytes) -> None:
        number = getattr(error, "invalid_constructor_id", None)
        what = type(error).__name__ if number is None else f"constructor {number:#x} is unknown"
        super().__init__(f"it cannot be decoded: {what}", where="Telegram")
        self.raw = raw


class _Kept:
    """A request whose answer's bytes are kept if they cannot be decoded."""

    def read_result(self, reader: BinaryReader) -> Any:
        """Decode the answer. Raises UndecodedError for any error of the decoder."""
        raw = bytes(reader.get_bytes())
        try:
            return reader.tgread_object()
        except Exception as error:
            raise UndecodedError(error, raw) from error


class HistoryRequest(_Kept, GetHistoryRequest):  # type: ignore[misc]
    """messages.getHistory."""


class MessagesRequest(_Kept, GetMessagesRequest):  # type: ignore[misc]
    """channels.getMessages."""


class RichRequest(_Kept, GetRichMessageRequest):  # type: ignore[misc]
    """messages.getRichMessage."""


class Apart(Struct, frozen=True):
    """The result of requests in groups: the answers, and the errors of messages that alone cannot
    be decoded, by message id."""

    answers: tuple[Any, ...]
    undecoded: Mapping[int, UndecodedError]


async def ask_apart(ask: Callable[[Sequence[int]], Awaitable[T]], ids: Sequence[int]) -> Apart:
    """Request messages by id, together as far as the answers can be decoded.

    Raises UndecodedError if even an answer without any message cannot be.
    """
    answers: list[T] = []
    undecoded: dict[int, UndecodedError] = {}
    waiting = [ids]
    while waiting:
        some = waiting.pop()
        try:
            answers.append(await ask(some))
        except UndecodedError as error:
            if not undecoded and len(some) == 1:
                await ask([NOBODY])
            if len(some) == 1:
                undecoded[some[0]] = error
            else:
                middle = len(some) // 2
                waiting += [some[middle:], some[:middle]]
    return Apart(tuple(answers), undecoded)


def decode(raw: bytes) -> Any:
    """The answer whose bytes ``UndecodedError`` kept. Raises UndecodedError if it still cannot be
    decoded."""
    with BinaryReader(raw) as reader:
        return _Kept().read_result(reader)
