"""The account that watches is gone: told once, and noticed when it is back."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.app import account_gone, run
from bot.app.account_gone import Absence, BeginAnewError, list_waiting
from bot.app.anew import Server
from bot.process.holder import Holder
from bot.settings import Settings
from bot.telegram import failures, sessions
from bot.telegram.failures import NotLoggedInError
from bot.watching.sharing.sharing import MEMBER, Sharing
from handlers.operators.notices import Notices
from handlers.operators.troubles import FROZEN, GONE, Troubles
from storage import database, facts
from storage.channels import accounts, channels, watchers
from storage.channels.accounts import Known
from storage.channels.watchers import Watcher
from storage.connection import Database
from storage.outbox.gate import Outbox
from storage.postgres import holding
from storage.records import Channel

OPERATOR = 900
NOW = datetime(2026, 3, 1, tzinfo=UTC)
REVOKED = failures.not_logged_in("user", "SESSION_REVOKED")
IN_FILE = Server(Settings(database_url="sqlite:///none.db"))


class House:
    """A database with an account that has watched, and an operator."""

    def __init__(self, folder: Path, db: Database) -> None:
        self.folder = folder
        self.db = db
        self.troubles = Troubles()
        self.notices = Notices([OPERATOR], language="en", outbox=Outbox())

    def absence(self, error: NotLoggedInError | None, sharing: Sharing | None = None) -> Absence:
        settings = Settings(data_dir=self.folder)
        return Absence(settings, self.db, self.notices, self.troubles, error, sharing)

    async def told(self) -> list[str]:
        async with self.db.reader() as conn:
            rows = await conn.fetch_all("SELECT payload FROM delivery ORDER BY id")
        return [str(row["payload"]) for row in rows]

    def texts(self) -> list[str]:
        return [trouble.text for trouble in self.troubles.list_all()]


@pytest.fixture
async def house(tmp_path: Path, database_url: str) -> AsyncIterator[House]:
    db = await database.open_database(database_url)
    async with db.transaction() as tx:
        await accounts.set_first(tx, 7)
    yield House(tmp_path, db)
    await db.close()


async def test_it_is_told_once_over_all_starts_and_so_is_its_end(house: House) -> None:
    house.troubles.begin("frozen", reason="user", text=FROZEN)
    first = house.absence(REVOKED)
    assert not await first.begin(has_account=False)
    again = house.absence(failures.not_logged_in("user", "AUTH_KEY_UNREGISTERED"))
    assert not await again.begin(has_account=False)
    assert first.gone is not None
    assert again.gone == first.gone
    assert first.gone.reason == "SESSION_REVOKED"
    assert house.texts() == [GONE]
    (told,) = await house.told()
    assert "SESSION_REVOKED" in told
    # A start that wants no account leaves all as it is.
    assert not await house.absence(None).begin(has_account=False)
    back = house.absence(None)
    assert await back.begin(has_account=True)
    assert back.gone is None
    assert house.texts() == []
    assert not await house.absence(None).begin(has_account=True)
    assert len(await house.told()) == 2
    # Lost once more, it is told once more.
    await house.absence(REVOKED).begin(has_account=False)
    assert len(await house.told()) == 3


async def test_what_waits_is_named(house: House) -> None:
    async with house.db.transaction() as tx:
        await channels.add_channel(tx, channel_id=5, username="open", now=NOW)
        await channels.add_channel(tx, channel_id=6, title="Cellar\n<b>", now=NOW)
    await house.absence(REVOKED).begin(has_account=False)
    (told,) = await house.told()
    assert "Cellar" in told
    assert "open" not in told


@pytest.mark.parametrize(
    ("count", "said"),
    [(0, ""), (1, "c00"), (2, "c00, c01"), (10, ", ".join(f"c0{n}" for n in range(10)))],
)
def test_channels_are_named_as_far_as_they_are_few(count: int, said: str) -> None:
    rows = [
        Channel(id=n, channel_id=n, title=f"c{n:02}", watched=True, added_at=NOW)
        for n in reversed(range(count))
    ]
    named = Channel(id=99, channel_id=99, username="open", watched=True, added_at=NOW)
    assert list_waiting([*rows, named]) == said


def test_many_channels_are_counted() -> None:
    rows = [
        Channel(id=n, channel_id=n, title=f"c{n:02}", watched=True, added_at=NOW) for n in range(12)
    ]
    assert list_waiting(rows).endswith("c09, … (12)")


@pytest.mark.parametrize("has_watched", [True, False])
async def test_where_none_has_ever_watched_that_keeps_it_from_starting(
    house: House, has_watched: bool
) -> None:
    nobody = NotLoggedInError("no user is logged in")
    if not has_watched:
        async with house.db.transaction() as tx:
            await facts.remove_value(tx, "watching_account")
    for error in (nobody, REVOKED):
        if error.reason and has_watched:
            continue
        with pytest.raises(NotLoggedInError) as caught:
            await house.absence(error).begin(has_account=False)
        assert caught.value is error
    assert await house.told() == []


async def test_a_login_is_noticed_and_what_is_noted_else_is_not(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(account_gone, "LOOK_SECONDS", 0.005)
    session = sessions.session_path(house.folder, "user")
    for before in (None, "first", "second"):
        if before is not None:
            sessions.write_notes(session, {"login": before})
        waiting = asyncio.create_task(house.absence(REVOKED).wait_back())
        sessions.write_notes(session, {"name": "Ann Mast", "server": "x"})
        await asyncio.wait({waiting}, timeout=0.1)
        assert not waiting.done()
        sessions.write_notes(session, {"login": f"after {before}"})
        async with asyncio.timeout(120):
            with pytest.raises(BeginAnewError):
                await waiting


@asynccontextmanager
async def group_with(*errors: BaseException) -> AsyncIterator[None]:
    async def fail(error: BaseException) -> None:
        raise error

    async with asyncio.TaskGroup() as tasks:
        for error in errors:
            tasks.create_task(fail(error))
        yield


async def served(*errors: BaseException) -> None:
    async with group_with(), group_with(*errors):
        await asyncio.sleep(60 if errors else 0)


async def test_it_begins_anew_for_that_alone() -> None:
    asked = BeginAnewError(REVOKED)
    assert await run._until_anew(served(asked), IN_FILE) is asked
    assert await run._until_anew(served(asked), IN_FILE) is asked  # and again, in the same task
    with pytest.raises(BaseExceptionGroup) as caught:
        await run._until_anew(served(asked, OSError("disk")), IN_FILE)
    assert [type(one) for one in run.leaves_of(caught.value)] == [OSError]


async def test_who_is_stopped_meanwhile_does_not_begin_anew() -> None:
    begun = asyncio.Event()

    async def slow() -> None:
        try:
            async with group_with(BeginAnewError()):
                await asyncio.sleep(60)
        finally:
            begun.set()
            with pytest.raises(asyncio.CancelledError):
                await asyncio.sleep(60)

    serving = asyncio.create_task(run._until_anew(slow(), IN_FILE))
    await begun.wait()
    serving.cancel()
    with pytest.raises(asyncio.CancelledError):
        await serving


async def test_a_session_in_use_ends_a_start_and_not_a_service(tmp_path: Path) -> None:
    from contextlib import AsyncExitStack

    settings = Settings(data_dir=tmp_path, api_id=1, api_hash="0" * 32)
    session = sessions.session_path(tmp_path, "user")
    sessions.write_notes(session, {"name": "Ann Mast"})
    opening: Any = (AsyncExitStack(), settings, None)
    with sessions.locked(session):
        with pytest.raises(sessions.SessionInUseError):
            await run._open_account(*opening, None)
        client, error = await run._open_account(*opening, BeginAnewError())
    assert client is None
    assert error is not None
    assert error.reason
    # One that was lost is not tried again.
    assert await run._open_account(*opening, BeginAnewError(REVOKED)) == (None, REVOKED)


async def test_the_age_of_what_is_told_is_that_of_the_first_time(house: House) -> None:
    absence = house.absence(REVOKED)
    await absence.begin(has_account=False)
    assert absence.gone is not None
    assert datetime.now(UTC) - absence.gone.since < timedelta(minutes=1)
    async with house.db.reader() as conn:
        assert await account_gone.find_gone(conn) == absence.gone


@pytest.mark.parametrize("is_inside", [False, True])
async def test_beside_others_it_is_told_what_none_of_them_can_read(
    tmp_path: Path, postgres_url: str, is_inside: bool
) -> None:
    db = await database.open_database(postgres_url)
    house = House(tmp_path, db)
    async with db.transaction() as tx:
        await accounts.set_first(tx, 7)
        for number, name in ((70, "Pier"), (71, "Quay")):
            await channels.add_channel(tx, channel_id=number, title=name, now=NOW)
        inside = [Known(channel_id=70, access_hash=1, joined=True)] if is_inside else []
        inside.append(Known(channel_id=71, access_hash=1, joined=True))
        await accounts.know(tx, 8, inside)
        await watchers.sign(tx, Watcher(owner="other", account=8, serves=True))
        await holding.take(tx, [f"{MEMBER}other"], "other", most=1, lasts=900.0)
    sharing = Sharing(db, db, Holder(db, "mine"))
    assert not await house.absence(REVOKED, sharing).begin(has_account=False)
    (told,) = await house.told()
    assert "The other accounts read its channels" in told
    assert ("Pier" in told) is not is_inside
    assert "Quay" not in told
    await db.close()
