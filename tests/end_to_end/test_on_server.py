"""The service over a database on a server."""

from typing import Any

import asyncpg
import pytest

from storage.subscribers import subscribers

PATIENCE = 120.0


@pytest.fixture
def engine() -> str:
    return "postgres"


async def copy(stage: Any, of: str, to: str) -> None:
    """Have the server hold a copy of a database under another name."""
    conn = await asyncpg.connect(stage.database_url.replace(f"/{name_of(stage)}?", "/postgres?"))
    try:
        await conn.execute(f"DROP DATABASE IF EXISTS {to}")
        await conn.execute(f"CREATE DATABASE {to} TEMPLATE {of}")
    finally:
        await conn.close()


def name_of(stage: Any) -> str:
    return str(stage.database_url.partition("?")[0].rpartition("/")[2])


async def test_who_was_forgotten_stays_so_in_an_older_copy_that_is_put_back(
    ready_stage: Any,
) -> None:
    stage, name = ready_stage, name_of(ready_stage)
    service = await stage.run()
    await stage.chat.ask("/start")
    await stage.chat.ask("/alert ferry")
    await service.stop(PATIENCE)
    await copy(stage, name, f"{name}_kept")
    service = await stage.run()
    asked = await stage.chat.ask("/forgetme")
    await stage.chat.press(asked, "fy", timeout=PATIENCE)
    await stage.chat.wait_for("is deleted", timeout=PATIENCE)
    await service.stop(PATIENCE)
    await copy(stage, f"{name}_kept", name)

    service = await stage.run()
    assert service.find_lines("the database is an older copy")
    post = await stage.news.post("The ferry sails again")
    await stage.wait_stored(post)
    await stage.wait_drained()
    assert stage.alerts() == []

    async def is_gone(conn: Any) -> bool:
        return await subscribers.find_subscriber(conn, stage.ann.id) is None

    await stage.wait_database(is_gone)


async def test_a_second_service_stands_by_and_one_that_was_killed_is_followed_at_once(
    stage: Any,
) -> None:
    await stage.log_in()
    service = await stage.run()
    elsewhere = stage.folder / "elsewhere"
    second = stage.process(DATA_DIR=str(elsewhere))
    await second.start()
    await second.wait_line("dateline: standing by", timeout=120)
    await second.kill()
    await service.kill()
    await stage.run()
