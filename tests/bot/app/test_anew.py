"""Beginning anew: at once where it is asked for, ever later where parts fail, and not for ever."""

import asyncio
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import leaping
import pytest
from relays import Relay
from structlog.testing import capture_logs

from bot.app import presence
from bot.app.account_gone import BeginAnewError
from bot.app.anew import CALM, MOST, CutOffError, Row, claimed, patient
from bot.process.holder import Holder
from bot.settings import Settings
from storage.database import open_database
from storage.errors import ServiceError, UnavailableError

ASKED = BeginAnewError()
FAILED = CutOffError(asyncio.CancelledError())


@pytest.mark.parametrize(
    ("reasons", "pauses"),
    [
        ([(ASKED, 0.0)] * 8, [0.0] * 8),
        ([(FAILED, 1.0)] * MOST, [1.0, 2.0, 4.0, 8.0, 16.0]),
        ([(FAILED, 1.0), (FAILED, 1.0), (ASKED, 1.0), (FAILED, 1.0)], [1.0, 2.0, 0.0, 1.0]),
        ([(FAILED, CALM)] * 8, [1.0] * 8),
        ([(FAILED, 1.0), (FAILED, 1.0), (FAILED, CALM), (FAILED, 1.0)], [1.0, 2.0, 1.0, 2.0]),
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


async def test_who_begins_anew_waits_for_the_server_and_who_begins_does_not(
    postgres_url: str, tmp_path: Path
) -> None:
    async with Waking(Path(parse_qs(urlsplit(postgres_url).query)["host"][0])).serve() as server:
        settings = Settings(data_dir=tmp_path, database_url=server.url)
        server.ends = 8
        with pytest.raises(UnavailableError):
            async with claimed(settings, new_database=False, is_anew=False):
                pass
        assert server.ends > 0
        async with claimed(settings, new_database=False, is_anew=True) as claim:
            assert server.ends == 0
            assert claim.holder is not None
            assert await claim.holder.take_all(["serve"])


@pytest.mark.parametrize(("is_anew", "seconds"), [(False, (0, 0)), (True, (115, 120))])
def test_a_server_is_waited_for_two_minutes_where_it_is_begun_anew(
    is_anew: bool, seconds: tuple[float, float]
) -> None:
    async def away() -> None:
        raise UnavailableError("away", cause="server")

    async def play() -> float:
        with pytest.raises(UnavailableError):
            await patient(away, is_anew=is_anew)
        return leaping.now()

    assert seconds[0] <= leaping.run(play()) <= seconds[1]


def test_ten_minutes_of_serving_end_a_row() -> None:
    assert CALM == 600


async def test_a_process_serves_that_operators_cannot_be_told_of(postgres_url: str) -> None:
    database = await open_database(postgres_url)
    await database.close()
    with capture_logs() as logged:
        await presence.sign(database, Holder(database, "ann"), ["serve"])
    assert [line["event"] for line in logged] == ["operators are not told of this process"]
