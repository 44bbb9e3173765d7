"""Finding the messages that this version of Telethon can't decode, to read all the others.

Telethon gives up a whole answer for one unknown object in it. So messages are asked for by their
ids, in ever smaller groups, until the undecodable one is alone; its bytes are kept.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any, TypeVar

from msgspec import Struct
from telethon.extensions import BinaryReader
from telethon.tl.functions.channels import GetMessagesRequest
from telethon.tl.functions.messages import GetHistoryRequest, GetRichMessageRequest

from storage.errors import InputError

FORM = "tl"
"""What is kept of such a message: Telegram's answer about it alone, as it came."""

NOBODY = 2**31 - 1
"""An id that no message has yet."""

T = TypeVar("T")


class UndecodedError(InputError):
    """An answer of Telegram's that can't be decoded; ``raw`` are its bytes."""

    def __init__(self, error: Exception, raw: bytes) -> None:
        number = getattr(error, "invalid_constructor_id", None)
        what = type(error).__name__ if number is None else f"constructor {number:#x} is unknown"
        super().__init__(f"it cannot be decoded: {what}", where="Telegram")
        self.raw = raw


class _Kept:
    """A request whose answer is kept where it can't be decoded."""

    def read_result(self, reader: BinaryReader) -> Any:
        """The answer. Raises UndecodedError whatever it is that the decoder stumbles over."""
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
    """What came of asking in groups: the answers, and what alone can't be decoded, by its id."""

    answers: tuple[Any, ...]
    undecoded: Mapping[int, UndecodedError]


async def ask_apart(ask: Callable[[Sequence[int]], Awaitable[T]], ids: Sequence[int]) -> Apart:
    """Ask for messages, together as far as the answers can be decoded.

    Raises UndecodedError where it is not the messages that can't be.
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
    """The answer that ``UndecodedError`` kept. Raises UndecodedError as long as it can't be."""
    with BinaryReader(raw) as reader:
        return _Kept().read_result(reader)
