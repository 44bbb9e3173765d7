"""When the counters are raised, and what is noticed of files that are taken away."""

import asyncio
import contextlib
import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.health import guards
from bot.health import keeper as keeping
from bot.health.instance import Claim, Finding, read_identity_file
from bot.health.keeper import Keeper
from storage import facts
from storage.connection import Database
from storage.database import open_database
from storage.errors import ServiceError, StorageError
from storage.instance import Identity, find_identity, find_restored_at

PATIENCE = 30.0


class Kept:
    """A database that is kept, and the files of it."""

    def __init__(self, db: Database, path: Path, folder: Path) -> None:
        self.db, self.path, self.folder = db, path, folder
        self.keeper = self.claimed()

    def claimed(
        self, expected: Identity | None = None, finding: Finding = "same", *, is_there: bool = True
    ) -> Keeper:
        claim = Claim(path=self.path, expected=expected, finding=finding, is_there=is_there)
        self.keeper = Keeper(claim, self.db, self.folder)
        return self.keeper

    async def identity(self) -> Identity:
        async with self.db.reader() as conn:
            found = await find_identity(conn)
        assert found is not None
        return found

    async def counter(self) -> int:
        return (await self.identity()).counter

    async def restored(self) -> bool:
        async with self.db.reader() as conn:
            return await find_restored_at(conn) is not None

    async def write(self) -> None:
        async with self.db.transaction() as tx:
            await facts.set_value(tx, "written", "x" * 5000)

    async def until_counted(self, count: int) -> None:
        async with asyncio.timeout(PATIENCE):
            while True:
                if await self.counter() >= count:
                    return
                await asyncio.sleep(0.01)

    def aside(self, end: str) -> Path:
        """Take a file of the database away; gives where it is."""
        return Path(f"{self.path}{end}").rename(self.folder / "aside")

    def back(self, end: str) -> None:
        """Put it back."""
        (self.folder / "aside").replace(f"{self.path}{end}")


@pytest.fixture
async def kept(database_url: str, tmp_path: Path) -> AsyncIterator[Kept]:
    db = await open_database(database_url, index=False)
    (tmp_path / "data").mkdir()
    yield Kept(db, tmp_path / "dateline.db", tmp_path / "data")
    await db.close()


class Calls:
    """Counts the calls of a method, which does what it did."""

    def __init__(self, keeper: object, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
        self._made = 0
        self._own = getattr(keeper, name)
        monkeypatch.setattr(keeper, name, self._call)

    def _call(self) -> object:
        self._made += 1
        return self._own()

    async def wait(self, count: int) -> None:
        """Until there were so many more."""
        wanted = self._made + count
        async with asyncio.timeout(PATIENCE):
            while True:
                if self._made >= wanted:
                    return
                await asyncio.sleep(0.01)


@contextlib.asynccontextmanager
async def running(work: object) -> AsyncIterator[None]:
    task = asyncio.ensure_future(work)  # type: ignore[call-overload]
    try:
        yield
        assert not task.done()
    finally:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task


@pytest.mark.parametrize(
    ("finding", "is_there", "is_doubtful"),
    [
        ("first", True, False), ("same", True, False), ("older", True, True),
        ("another's", True, True), ("missing", False, False), ("older", False, False),
    ],
)  # fmt: skip
async def test_an_older_copy_is_noted_with_the_time(
    kept: Kept, finding: Finding, is_there: bool, is_doubtful: bool
) -> None:
    keeper = kept.claimed(None, finding, is_there=is_there)
    assert keeper.wrote_at is None
    began = asyncio.get_running_loop().time()
    at = await keeper.begin()
    assert ((at is not None), await kept.restored()) == (is_doubtful, is_doubtful)
    assert keeper.wrote_at is not None
    assert began <= keeper.wrote_at <= asyncio.get_running_loop().time()


async def test_the_counter_is_raised_above_that_of_the_mark_of_the_same_instance(
    kept: Kept,
) -> None:
    await kept.claimed().begin()
    ours = await kept.identity()
    await kept.claimed(Identity(name=ours.name, counter=70)).begin()
    assert await kept.identity() == Identity(name=ours.name, counter=71)
    await kept.claimed(Identity(name="theirs", counter=900)).begin()
    assert await kept.counter() == 72


async def test_the_mark_is_raised_after_the_database(kept: Kept) -> None:
    await kept.keeper.begin()
    assert read_identity_file(kept.folder) is None
    for _ in range(2):
        before = await kept.counter()
        await kept.keeper.beat()
        assert await kept.counter() == before + 1
        assert read_identity_file(kept.folder) == await kept.identity()


async def test_what_is_written_is_marked_and_nothing_else_before_its_time(
    kept: Kept, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keeping, "TICK", 0.01)
    await kept.keeper.begin()
    count = await kept.counter()
    looks = Calls(kept.keeper, "_is_due", monkeypatch)
    async with running(kept.keeper.keep()):
        await kept.until_counted(count + 1)
        await looks.wait(3)
        assert await kept.counter() == count + 1
        await kept.write()
        await kept.until_counted(count + 2)
        monkeypatch.setattr(keeping, "BEAT_SECONDS", 0.0)
        await kept.until_counted(count + 5)


async def test_it_is_due_when_nothing_was_written_for_its_time(
    kept: Kept, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert kept.keeper._is_due()
    kept.keeper.wrote_at = 100.0
    for now, is_due in ((100.0, False), (109.9, False), (110.0, True), (200.0, True)):
        monkeypatch.setattr(keeping, "_now", lambda now=now: now)
        assert kept.keeper._is_due() is is_due
    assert keeping.BEAT_SECONDS == 10.0


async def test_a_database_that_cannot_be_written_is_no_write(kept: Kept) -> None:
    await kept.keeper.begin()
    await kept.keeper.beat()
    wrote_at, mark = kept.keeper.wrote_at, read_identity_file(kept.folder)
    async with kept.db.transaction() as tx:
        await tx.execute("ALTER TABLE fact RENAME TO other")
    await kept.keeper.beat()
    assert kept.keeper.wrote_at == wrote_at
    assert read_identity_file(kept.folder) == mark
    with pytest.raises(StorageError):
        await kept.keeper.begin()


async def test_a_mark_that_cannot_be_written_stops_nothing(kept: Kept) -> None:
    await kept.keeper.begin()
    shutil.rmtree(kept.folder)
    before = await kept.counter()
    for _ in range(2):
        await kept.keeper.beat()
    assert (await kept.counter(), kept.keeper._is_marked) == (before + 2, False)
    kept.folder.mkdir()
    await kept.keeper.beat()
    assert (read_identity_file(kept.folder), kept.keeper._is_marked) == (
        await kept.identity(),
        True,
    )


@pytest.mark.parametrize("end", ["", "-wal"])
@pytest.mark.parametrize(("how", "said"), [("deleted", "deleted"), ("replaced", "replaced")])
async def test_files_that_are_taken_away_are_noticed(
    kept: Kept, monkeypatch: pytest.MonkeyPatch, end: str, how: str, said: str
) -> None:
    for name in ("LOOK_SECONDS", "SURE_SECONDS"):
        monkeypatch.setattr(guards, name, 0.01)
    await kept.keeper.begin()
    looks = Calls(kept.keeper._guard, "_look", monkeypatch)
    async with running(kept.keeper.watch()):
        await looks.wait(3)
    aside = kept.aside(end)
    if how == "replaced":
        shutil.copy(aside, f"{kept.path}{end}")
    async with asyncio.timeout(PATIENCE):
        with pytest.raises(ServiceError) as error:
            await kept.keeper.watch()
    assert str(error.value) == (
        f"{kept.path}: the database was {said} while the service ran; put the right one in its"
        " place and start again"
    )
    kept.back(end)


async def test_files_that_are_back_in_time_were_not_taken_away(
    kept: Kept, monkeypatch: pytest.MonkeyPatch
) -> None:
    await kept.keeper.begin()
    looks: list[str | None] = ["deleted", None, None, "replaced", "replaced"]

    async def loss() -> str | None:
        return looks.pop(0)

    for name in ("LOOK_SECONDS", "SURE_SECONDS"):
        monkeypatch.setattr(guards, name, 0.0)
    monkeypatch.setattr(kept.keeper._guard, "_loss", loss)
    with pytest.raises(ServiceError, match="replaced"):
        await kept.keeper.watch()
    assert looks == []


async def test_the_process_goes_on_to_close_files_that_are_its_own(kept: Kept) -> None:
    await kept.keeper.begin()
    kept.keeper.leave_alone()
    kept.aside("-wal")
    kept.keeper.leave_alone()
    kept.back("-wal")
