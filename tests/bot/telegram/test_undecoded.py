"""Messages that cannot be decoded are found one by one, and all others are had."""

from collections.abc import Sequence

import pytest
from telethon.errors import TypeNotFoundError

from bot.telegram.undecoded import NOBODY, UndecodedError, ask_apart


class Server:
    """Answers with the ids that it was asked for, unless one of them cannot be decoded."""

    def __init__(self, *unknown: int) -> None:
        self.unknown = {*unknown}
        self.asked: list[list[int]] = []

    async def ask(self, ids: Sequence[int]) -> list[int]:
        self.asked.append([*ids])
        if self.unknown & {*ids}:
            raise UndecodedError(ValueError("unknown"), bytes(ids[0] % 256 for _ in ids))
        return [*ids]


@pytest.mark.parametrize("unknown", [(), (1,), (8,), (3, 4), (1, 5, 8), tuple(range(1, 9))])
async def test_all_that_can_be_decoded_are_had_in_their_order(unknown: tuple[int, ...]) -> None:
    server = Server(*unknown)
    found = await ask_apart(server.ask, range(1, 9))
    assert sorted(found.undecoded) == [*unknown]
    had = [number for answer in found.answers for number in answer]
    assert had == [number for number in range(1, 9) if number not in unknown]
    # Whether it is the messages at all is asked once, of a message that there is not.
    assert server.asked.count([NOBODY]) == (1 if unknown else 0)
    assert all(error.raw == bytes([number]) for number, error in found.undecoded.items())


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (TypeNotFoundError(0xDEADBEEF, b"rest"), "constructor 0xdeadbeef is unknown"),
        (BufferError("12 bytes, hostile text"), "BufferError"),
    ],
)
def test_an_error_says_whose_answer_it_was_and_nothing_of_what_was_in_it(
    error: Exception, said: str
) -> None:
    told = UndecodedError(error, b"raw")
    assert (told.where, told.what) == ("Telegram", f"it cannot be decoded: {said}")
    assert told.raw == b"raw"


async def test_where_nothing_can_be_decoded_it_is_no_fault_of_the_messages() -> None:
    server = Server(NOBODY, 1, 2, 3, 4)
    with pytest.raises(UndecodedError):
        await ask_apart(server.ask, [1, 2, 3, 4])
    assert len(server.asked) == 4
