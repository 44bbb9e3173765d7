"""Beginning anew: at once where it is asked for, ever later where parts fail, and not for ever."""

import asyncio
import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import asyncpg
import leaping
import pytest
from relays import Relay
from structlog.testing import capture_logs

from bot.app import presence
from bot.app.account_gone import BeginAnewError
from bot.app.anew import CALM, LONGEST, MOST, AwayError, CutOffError, Row, Server
from bot.process.holder import Holder
from bot.settings import Settings
from storage.database import open_database
from storage.errors import ServiceError, StorageError, UnavailableError

ASKED = BeginAnewError()
FAILED = CutOffError(asyncio.CancelledError())
AWAY = AwayError(UnavailableError("it is away", cause="server"))


@pytest.mark.parametrize(
    ("reasons", "pauses"),
    [
        ([(ASKED, 0.0)] * 8, [0.0] * 8),
        ([(FAILED, 1.0)] * MOST, [1.0, 2.0, 4.0, 8.0, 16.0]),
        ([(FAILED, 1.0), (FAILED, 1.0), (ASKED, 1.0), (FAILED, 1.0)], [1.0, 2.0, 0.0, 1.0]),
        ([(FAILED, CALM)] * 8, [1.0] * 8),
        ([(FAILED, 1.0), (FAILED, 1.0), (FAILED, CALM), (FAILED, 1.0)], [1.0, 2.0, 1.0, 2.0]),
        ([(AWAY, 1.0)] * 8, [1.0, 2.0, 4.0, 8.0, 16.0, LONGEST, LONGEST, LONGEST]),
        ([(AWAY, 1.0), (AWAY, 1.0), (AWAY, CALM), (ASKED, 1.0), (AWAY, 1.0)], [1, 2, 1, 0, 1]),
    ],
)
def test_it_waits_for_longer_each_time_that_parts_failed(
    reasons: list[tuple[BeginAnewError, float]], pauses: list[float]
) -> None:
    row = Row()
    assert [row.pause(*reason) for reason in reasons] == pauses


def test_after_some_in_a_row_it_is_given_up() -> None:
    row = Row()
    for _ in range(MOST):
        row.pause(FAILED, 0.0)
    with pytest.raises(ServiceError, match="several parts failed at once, 6 times in a row"):
        row.pause(FAILED, 0.0)


def test_what_failed_is_known_as_far_as_it_can_be() -> None:
    cut_off = asyncio.CancelledError()
    cut_off.__context__ = ExceptionGroup("", [OSError("first"), ValueError("second")])
    cut_off.__context__.__context__ = asyncio.CancelledError()
    assert CutOffError(cut_off).said == "OSError('first'); ValueError('second')"
    assert CutOffError(asyncio.CancelledError()).said == "nothing is known of it"


class Waking(Relay):
    """A server that ends so many connections before it lets anybody in."""

    ends = 0

    async def _carry(self, *parts: Any) -> None:
        if self.ends > 0:
            self.ends -= 1
            return
        await super()._carry(*parts)


async def test_who_begins_waits_for_a_server_only_if_that_has_let_it_in_before(
    postgres_url: str, tmp_path: Path
) -> None:
    async with Waking(Path(parse_qs(urlsplit(postgres_url).query)["host"][0])).serve() as server:
        settings = Settings(data_dir=tmp_path, database_url=server.url)
        server.ends = 8
        with pytest.raises(UnavailableError):
            async with Server(settings).claimed(new_database=False, is_anew=False):
                pass
        assert server.ends > 0
        server.ends = 0
        for ends in (0, 8):
            server.ends = ends
            async with Server(settings).claimed(new_database=False, is_anew=False) as claim:
                assert server.ends == 0
                assert claim.holder is not None
                assert await claim.holder.take_all(["serve"])


class Refused:
    """A role of the server's whom it lets in no more."""

    def __init__(self, url: str) -> None:
        self._url, self.name = url, f"guest_{secrets.token_hex(4)}"

    @property
    def url(self) -> str:
        """The address for who comes as that."""
        return self._url.replace("//postgres:", f"//{self.name}:")

    async def run(self, sql: str) -> None:
        """Run a statement about the role as who may."""
        driver = await asyncpg.connect(self._url)
        await driver.execute(sql.format(role=self.name))
        await driver.close()

    async def __aenter__(self) -> "Refused":
        await self.run("CREATE ROLE {role} LOGIN SUPERUSER")
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.run("DROP ROLE {role}")


async def test_a_server_that_lets_in_no_more_is_waited_for_once_it_did(
    postgres_url: str, tmp_path: Path
) -> None:
    async with Refused(postgres_url) as role:
        settings = Settings(data_dir=tmp_path, database_url=role.url)
        at = Server(settings)
        await role.run("ALTER ROLE {role} NOLOGIN")
        with pytest.raises(StorageError, match="lets nobody in") as caught:
            async with at.claimed(new_database=True, is_anew=False):
                pass
        assert not at.passes(caught.value)
        await role.run("ALTER ROLE {role} LOGIN")
        # The tables are whose they are who can do without the role.
        await (await open_database(postgres_url)).close()
        async with at.claimed(new_database=True, is_anew=False):
            pass
        assert at.passes(caught.value)
        await role.run("ALTER ROLE {role} NOLOGIN")

        said: list[str] = []
        is_said = asyncio.Event()

        def say(line: str) -> None:
            said.append(line)
            is_said.set()

        async def let_in_again() -> None:
            await is_said.wait()
            await role.run("ALTER ROLE {role} LOGIN")

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr("bot.logs.say", say)
            letting = asyncio.create_task(let_in_again())
            async with at.claimed(new_database=True, is_anew=True):
                await letting
        assert [line.partition(": PostgreSQL")[2] for line in said] == [
            " lets nobody in with this name and password"
        ]


@pytest.mark.parametrize(
    ("url", "error", "passes"),
    [
        ("postgresql://a/b", UnavailableError("", cause="server"), True),
        ("postgresql://a/b", UnavailableError("", cause="lock"), True),
        ("postgresql://a/b", UnavailableError("", cause="disk"), False),
        ("postgresql://a/b", StorageError(""), False),
        ("postgresql://a/b", ServiceError(""), False),
        ("sqlite:///a.db", UnavailableError("", cause="lock"), False),
    ],
)
def test_what_passes_by_itself(tmp_path: Path, url: str, error: Exception, passes: bool) -> None:
    at = Server(Settings(data_dir=tmp_path, database_url=url))
    assert at.passes(error) is passes
    cut_off = asyncio.CancelledError()
    cut_off.__context__ = ExceptionGroup("", [error, error])
    assert at.is_behind(CutOffError(cut_off)) is passes
    assert not at.is_behind(FAILED)


HOUR = 3600.0


@pytest.mark.parametrize(
    ("url", "is_anew", "seconds"),
    [
        ("sqlite:///a.db", False, (0, 0)),
        ("sqlite:///a.db", True, (115, 120)),
        ("postgresql://a/b", False, (HOUR, HOUR + 5)),
    ],
)
def test_a_file_is_waited_for_two_minutes_where_it_is_begun_anew_and_a_server_for_ever(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    url: str,
    is_anew: bool,
    seconds: tuple[float, float],
) -> None:
    (tmp_path / "service.lock").touch()
    noted: list[bool] = []

    @asynccontextmanager
    async def claimed(*_: object, **__: object) -> AsyncIterator[None]:
        if leaping.now() < HOUR:
            raise UnavailableError("away", cause="server")
        yield

    async def play() -> float:
        at = Server(Settings(data_dir=tmp_path, database_url=url), noted.append)
        with suppress(UnavailableError):
            async with at.claimed(new_database=False, is_anew=is_anew):
                pass
        return leaping.now()

    monkeypatch.setattr("bot.health.instance.claimed", claimed)
    assert seconds[0] <= leaping.run(play()) <= seconds[1]
    assert set(noted[:-1]) <= {True}
    assert noted[-1:] == ([False] if url.startswith("postgresql") else noted[:1])


def test_who_lost_the_server_in_the_midst_of_a_start_waits_for_it_from_then_on(
    tmp_path: Path,
) -> None:
    noted: list[bool] = []
    at = Server(Settings(data_dir=tmp_path, database_url="postgresql://a/b"), noted.append)
    assert str(at.lost(UnavailableError("it is away", cause="server"))) == "it is away"
    assert noted == [True]


def test_ten_minutes_of_serving_end_a_row() -> None:
    assert CALM == 600


async def test_a_process_serves_that_operators_cannot_be_told_of(postgres_url: str) -> None:
    database = await open_database(postgres_url)
    await database.close()
    with capture_logs() as logged:
        await presence.sign(database, Holder(database, "ann"), ["serve"])
    assert [line["event"] for line in logged] == ["operators are not told of this process"]


def test_what_is_waited_for_is_said_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    said: list[str] = []
    noted: list[bool] = []
    monkeypatch.setattr("bot.logs.say", said.append)
    at = Server(Settings(data_dir=tmp_path, database_url="postgresql://a/b"), noted.append)
    one, other = StorageError("away"), StorageError("refused")
    for error in (None, one, one, other, None, None, one):
        at.note(error)
    assert [line.rpartition(": ")[2] for line in said] == ["away", "refused", "away"]
    assert noted == [False, True, True, True, False, False, True]
