"""Files that people send: few at a time, and read once as long as they stay the same."""

import asyncio
import weakref
from collections.abc import Awaitable, Callable

import pytest

from handlers.conversation import sent_files
from handlers.conversation.requests import GivenFile
from handlers.conversation.sent_files import AT_ONCE, MOST_BYTES, SentFiles


class Reader:
    """Reads bytes as what they say, and remembers what it was given."""

    def __init__(self) -> None:
        self.given: list[bytes] = []

    def __call__(self, data: bytes) -> str:
        self.given.append(data[:8])
        if data == b"broken":
            raise ValueError("it is broken")
        return data[:8].decode()


def sent(data: bytes | None, size: int = 0) -> Callable[[], Awaitable[GivenFile | None]]:
    async def fetch() -> GivenFile | None:
        return GivenFile(size or len(data or b""), data)

    return fetch


async def nothing() -> GivenFile | None:
    return None


async def test_the_same_bytes_are_read_once_and_others_anew() -> None:
    files, reader = SentFiles(), Reader()
    hashes = []
    for data in (b"ferry", b"ferry", b"barge", b"ferry"):
        found = await files.read(1, sent(data), reader)
        assert found is not None
        assert (found.read, found.given) == (data.decode(), GivenFile(5, None))
        hashes.append(found.hash)
    assert reader.given == [b"ferry", b"barge"]
    assert hashes[0] == hashes[1] == hashes[3] != hashes[2]


async def test_what_is_no_file_or_not_fetched_is_not_read() -> None:
    files, reader = SentFiles(), Reader()
    assert await files.read(1, nothing, reader) is None
    found = await files.read(1, sent(None, size=99), reader)
    assert found is not None
    assert (found.given.size, found.read, reader.given) == (99, None, [])


async def test_what_cannot_be_read_is_said_each_time_and_hinders_nobody() -> None:
    files, reader = SentFiles(), Reader()
    for _ in range(AT_ONCE + 2):
        with pytest.raises(ValueError, match="broken"):
            await files.read(1, sent(b"broken"), reader)
    found = await files.read(1, sent(b"ferry"), reader)
    assert found is not None
    assert found.read == "ferry"


async def test_no_more_is_remembered_than_may_be() -> None:
    files, reader = SentFiles(), Reader()
    large = [letter * (MOST_BYTES // 2) for letter in (b"a", b"b", b"c")]
    for data in (*large, large[2], large[1], large[0]):
        await files.read(1, sent(data), reader)
    names = [data[:8] for data in large]
    assert reader.given == [*names, names[0]]  # The first one alone had to go.


class Kept:
    """What was read, of which one can ask whether anybody still has it."""

    def __init__(self, data: bytes) -> None:
        self.data = data


@pytest.mark.parametrize("times", [1, 2])
async def test_it_is_forgotten_after_a_while_also_where_nobody_asks(
    monkeypatch: pytest.MonkeyPatch, times: int
) -> None:
    files, gone = SentFiles(), asyncio.Event()
    monkeypatch.setattr(sent_files, "KEPT_FOR", 0.001)
    for _ in range(times):
        found = await files.read(1, sent(b"ferry"), Kept)
        assert found is not None
        assert found.read is not None
        weakref.finalize(found.read, gone.set)
        gone.clear()
        del found
    await asyncio.wait_for(gone.wait(), 20)


async def test_it_is_kept_as_long_as_it_is_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    """The time runs from when it was asked for last: what was to end before then ends nothing."""
    files, reader = SentFiles(), Reader()
    monkeypatch.setattr(sent_files, "KEPT_FOR", 0.0)
    await files.read(1, sent(b"ferry"), reader)
    monkeypatch.setattr(sent_files, "KEPT_FOR", 600.0)
    await files.read(1, sent(b"ferry"), reader)
    await asyncio.sleep(0.01)
    await files.read(1, sent(b"ferry"), reader)
    assert reader.given == [b"ferry"]


async def test_what_is_too_large_to_be_remembered_drives_out_nothing() -> None:
    files, reader = SentFiles(), Reader()
    for data in (b"ferry", b"a" * (MOST_BYTES + 1), b"ferry"):
        await files.read(1, sent(data), reader)
    assert reader.given == [b"ferry", b"a" * 8]


async def test_who_presses_on_many_files_leaves_the_turns_to_others() -> None:
    files, reader = SentFiles(), Reader()
    fetching: list[int] = []
    go_on = asyncio.Event()

    async def take(chat_id: int, number: int) -> None:
        async def fetch() -> GivenFile | None:
            fetching.append(chat_id)
            await go_on.wait()
            return GivenFile(1, f"{number}".encode())

        await files.read(chat_id, fetch, reader)

    many = [asyncio.create_task(take(1, number)) for number in range(2 * AT_ONCE)]
    others = [asyncio.create_task(take(chat_id, 100)) for chat_id in (2, 3)]
    await asyncio.sleep(0)
    assert fetching == [1, 2, 3]
    go_on.set()
    await asyncio.gather(*many, *others)
    assert sorted(fetching) == [1] * 2 * AT_ONCE + [2, 3]
    assert len(reader.given) == 2 * AT_ONCE + 1


async def test_of_many_at_once_few_are_in_memory_and_one_is_read() -> None:
    files, reader = SentFiles(), Reader()
    fetching, most = 0, 0
    go_on = asyncio.Event()

    async def take(number: int) -> str | None:
        async def fetch() -> GivenFile | None:
            nonlocal fetching, most
            fetching += 1
            most = max(most, fetching)
            await go_on.wait()
            return GivenFile(1, f"{number % 10}".encode())

        found = await files.read(number, fetch, reader)
        return found.read if found else None

    def leave(_: object) -> None:
        nonlocal fetching
        fetching -= 1

    tasks = [asyncio.create_task(take(number)) for number in range(200)]
    for task in tasks:
        task.add_done_callback(leave)
    await asyncio.sleep(0)
    assert fetching == AT_ONCE
    go_on.set()
    assert await asyncio.gather(*tasks) == [str(number % 10) for number in range(200)]
    assert most <= AT_ONCE + 1  # A turn is given on before who had it is told.
    assert sorted(reader.given) == [str(number).encode() for number in range(10)]
