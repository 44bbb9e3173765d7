"""What the machine refuses is told once, and once more when it is over."""

import asyncio
import errno
import sqlite3
import time
from typing import Any, cast

import pytest

from bot.health import writes
from bot.health.writes import CALM_SECONDS, Refusals
from bot.intake.posts import ElsewhereError
from handlers.operators.troubles import Troubles
from storage.errors import DamagedError, UnavailableError


def test_a_cause_is_over_when_all_who_were_refused_have_written_again() -> None:
    refusals = Refusals()
    refusals.refused("database", "disk", 0.0)
    refusals.refused("bot.session", "disk", 1.0)
    refusals.wrote("database")
    assert refusals.take_over(100.0) == []
    refusals.wrote("bot.session")
    assert refusals.take_over(100.0) == ["disk"]
    assert refusals.take_over(100.0) == []


def test_a_small_thing_that_still_fits_does_not_end_a_cause() -> None:
    refusals = Refusals()
    for second in range(20):
        refusals.refused("database", "disk", float(second))
        refusals.wrote("database")
        assert refusals.take_over(second + 0.5) == []
    assert refusals.take_over(24.9) == []
    assert refusals.take_over(25.0) == ["disk"]


def test_causes_end_apart() -> None:
    refusals = Refusals()
    refusals.refused("database", "lock", 0.0)
    refusals.refused("files", "files", 5.0)
    refusals.wrote("database")
    assert refusals.take_over(100.0) == ["lock"]
    refusals.wrote("files")
    assert refusals.take_over(100.0) == ["files"]


def test_a_cause_is_over_six_seconds_after_the_last_refusal() -> None:
    refusals = Refusals()
    refusals.refused("database", "disk", 10.0)
    refusals.refused("bot.session", "disk", 12.0)
    refusals.wrote("database")
    refusals.wrote("bot.session")
    assert refusals.take_over(17.9) == []
    assert refusals.take_over(18.0) == ["disk"]


class Told:
    """Somebody who tells of writing: the database, or the session of a client."""

    def __init__(self, account: str = "") -> None:
        self.account = account
        self.session = self
        self.filename = f"{account}.session"

    def listen(self, listener: Any) -> None:
        self.tell = listener


FULL = UnavailableError("the disk is full", cause="disk")


def present(troubles: Troubles) -> list[tuple[str, str, str]]:
    return [(one.cause, one.reason, one.text) for one in troubles.list_all()]


async def test_what_is_refused_begins_a_trouble_and_ends_it_when_all_have_written(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(writes, "LOOK_SECONDS", 0.01)
    monkeypatch.setattr(writes, "CALM_SECONDS", 0.0)
    troubles, database, bot = Troubles(), Told(), Told("bot")
    noticing = writes.Writes(cast("Any", database), troubles)
    noticing.follow(cast("Any", bot))
    database.tell(FULL)
    bot.tell(sqlite3.OperationalError("cannot write"))
    assert present(troubles) == [("disk", "write", "the disk is full")]
    database.tell(UnavailableError("another process holds it", cause="lock"))
    assert present(troubles)[1] == ("lock", "write", "another process holds it")
    work = asyncio.create_task(noticing.run())
    database.tell(None)
    async with asyncio.timeout(60):
        while len(present(troubles)) > 1:  # noqa: ASYNC110
            await asyncio.sleep(0.01)
    assert [cause for cause, *_ in present(troubles)] == ["disk"]
    bot.tell(None)
    async with asyncio.timeout(60):
        while present(troubles):  # noqa: ASYNC110
            await asyncio.sleep(0.01)
    work.cancel()
    await asyncio.wait({work})


def test_damage_is_a_trouble_of_its_own() -> None:
    troubles, database = Troubles(), Told()
    writes.Writes(cast("Any", database), troubles)
    database.tell(DamagedError("the file is damaged"))
    assert present(troubles) == [(writes.DAMAGE, "database", "the file is damaged")]


def test_a_channel_that_is_anothers_by_now_is_no_trouble() -> None:
    troubles, database = Troubles(), Told()
    writes.Writes(cast("Any", database), troubles)
    database.tell(ElsewhereError(frozenset({1})))
    assert present(troubles) == []


@pytest.mark.parametrize(
    ("number", "is_told"), [(errno.EMFILE, True), (errno.ENFILE, True), (errno.EACCES, False)]
)
async def test_too_many_open_files_are_noticed(
    monkeypatch: pytest.MonkeyPatch, number: int, is_told: bool
) -> None:
    troubles = Troubles()
    noticing = writes.Writes(cast("Any", Told()), troubles)

    def refuse(*_: object) -> int:
        raise OSError(number, "refused")

    with monkeypatch.context() as refused:
        refused.setattr(writes.os, "open", refuse)
        work = asyncio.create_task(noticing.run())
        await asyncio.sleep(0)  # its first look
    work.cancel()
    assert present(troubles) == [("files", "write", "too many files are open")] * is_told
    noticing._try_files()
    over = noticing._refusals.take_over(time.monotonic() + CALM_SECONDS)
    assert over == ["files"] * is_told
