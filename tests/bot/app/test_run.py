"""What a start does once with the file of an older version."""

import asyncio
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from structlog.testing import capture_logs

from bot.app import run
from bot.app.account_gone import BeginAnewError
from bot.app.anew import AwayError, Server
from bot.health.instance import Claim, Finding
from bot.settings import Settings
from storage.database import open_database
from storage.errors import ServiceError, UnavailableError
from storage.sqlite import upkeep

IN_FILE = Server(Settings(database_url="sqlite:///none.db"))
ON_SERVER = Server(Settings(database_url="postgresql://a/b"))


@pytest.mark.parametrize(("most", "can_shrink"), [(1 << 28, True), (100, False)])
async def test_a_small_file_of_an_older_version_can_shrink_from_then_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, most: int, can_shrink: bool
) -> None:
    monkeypatch.setattr(upkeep, "SHRUNK_BYTES", most)
    path = tmp_path / "dateline.db"
    with closing(sqlite3.connect(path)) as db:
        db.execute("CREATE TABLE old (id INTEGER)")
        db.execute("DROP TABLE old")
    database = await open_database(f"sqlite:///{path}")
    try:
        for _ in range(2):
            await run._introduce_shrinking(database, path)
            async with database.reader() as conn:
                assert (await conn.count_pages()).can_shrink is can_shrink
    finally:
        await database.close()


@pytest.mark.parametrize(
    ("is_shared", "anew", "finding", "expected"),
    [
        (True, None, "same", False),
        (True, None, "first", False),
        (True, None, "older", True),
        (True, None, "another's", False),
        (True, BeginAnewError(), "same", True),
        (True, AwayError(OSError()), "same", True),
        (False, BeginAnewError(), "same", False),
        (False, None, "older", False),  # what was put back is taken as it stands
    ],
)
def test_messages_are_handled_again_where_a_server_may_lack_the_last_commits(
    is_shared: bool, anew: BeginAnewError | None, finding: Finding, expected: bool
) -> None:
    shared: Any = object() if is_shared else None
    claim = Claim(path=None, expected=None, finding=finding, is_there=True, shared=shared)
    assert run._may_lack_the_last(claim, anew) is expected


def test_the_error_that_says_most_is_the_one_that_ended_everything() -> None:
    ours = ServiceError("a part has ended", where="scans")
    deep = ExceptionGroup("", [OSError("first"), ExceptionGroup("", [ValueError("second"), ours])])
    assert run._first_cause(deep) is ours
    plain = ExceptionGroup("", [ExceptionGroup("", [ValueError("first")]), OSError("second")])
    assert str(run._first_cause(plain)) == "first"


async def cut_off() -> None:
    """As groups leave it of which two fail at once: cancelled, though nobody has."""
    raise asyncio.CancelledError


async def wait() -> None:
    await asyncio.Event().wait()


async def test_what_failed_when_several_parts_did_is_logged() -> None:
    async def fail(error: Exception) -> None:
        raise error

    async def let_go() -> None:
        """As the parts do that are closed when those that failed are seen."""
        try:
            async with asyncio.TaskGroup() as tasks:
                tasks.create_task(fail(OSError("the disk")))
                await asyncio.Event().wait()
        finally:
            await cut_off()

    with capture_logs() as logged:
        await run._until_anew(let_go(), IN_FILE)
    said = [(line["event"], line["error"]) for line in logged]
    assert said == [("several parts failed at once", "OSError('the disk')")]


async def test_what_is_cut_off_begins_anew_and_what_is_stopped_ends() -> None:
    anew = await run._until_anew(cut_off(), IN_FILE)
    assert str(anew) == "several parts failed at once"
    serving = asyncio.create_task(run._until_anew(wait(), IN_FILE))
    await asyncio.sleep(0)
    serving.cancel()
    with pytest.raises(asyncio.CancelledError):
        await serving


async def test_what_a_server_takes_with_it_begins_anew_and_what_else_fails_ends() -> None:
    away = UnavailableError("it is away", cause="server")

    async def fail(*errors: Exception) -> None:
        raise ExceptionGroup("", [ExceptionGroup("", errors)])

    anew = await run._until_anew(fail(away, away), ON_SERVER)
    assert isinstance(anew, AwayError)
    assert str(anew) == "it is away"
    for errors in ((away, OSError("the disk")), (UnavailableError("full", cause="disk"),)):
        with pytest.raises(BaseExceptionGroup) as caught:
            await run._until_anew(fail(*errors), ON_SERVER)
        assert list(run.leaves_of(caught.value)) == [errors[-1]]

    async def cut_off_by(error: Exception) -> None:
        try:
            raise ExceptionGroup("", [error])
        except ExceptionGroup:
            await cut_off()

    assert isinstance(await run._until_anew(cut_off_by(away), ON_SERVER), AwayError)
    assert not isinstance(await run._until_anew(cut_off_by(away), IN_FILE), AwayError)
