"""A database that has done what it was told, and whose answer is lost: nothing is late or doubled
for that."""

from collections.abc import AsyncIterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from losing import Loser
from office import Office

from storage.database import open_database
from storage.structs import replace


@pytest.fixture
async def loser(
    postgres_url: str, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Loser]:
    server = Path(parse_qs(urlsplit(postgres_url).query)["host"][0])
    async with Loser(tmp_path_factory.mktemp("l"), server).serve() as loser:
        yield loser


@pytest.fixture
def database_url(loser: Loser) -> str:
    return loser.url


async def test_what_was_claimed_without_an_answer_goes_out_soon_and_once(
    office: Office, loser: Loser, postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.delivering.deliverer.AGAIN", 0.05)
    monkeypatch.setattr("bot.delivering.deliverer.BESIDE_SECONDS", 0.05)
    beside = replace(office, db=await open_database(postgres_url))
    numbers = [str(number) for number in range(8)]
    async with office.at_work():
        await beside.queue(office.ann, "Before")
        await beside.wait_states(sent=1)
        loser.left, loser.every = 12, 2
        for number in numbers:
            await beside.queue(office.ann, number)
        await beside.wait_states(sent=9)
    await beside.db.close()
    assert loser.lost == 12
    assert office.received(office.ann) == ["Before", *numbers]
    assert office.sandbox.ledger.duplicates == []
