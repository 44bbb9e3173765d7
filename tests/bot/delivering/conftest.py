"""A deliverer at work for two people."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any

import pytest
from office import Office

from bot.delivering.deliverer import Deliverer
from bot.delivering.rendering import Renderer
from bot.sandbox.server import Sandbox
from bot.telegram.pace import Pace
from storage import database
from storage.outbox.gate import Outbox
from storage.subscribers import subscribers


@pytest.fixture
async def office(sandbox: Sandbox, serve_as: Any, database_url: str) -> AsyncIterator[Office]:
    bot = sandbox.add_bot("lookout_bot", token="1000:open-sesame")
    ann, bob = (sandbox.add_user(name, username=name.lower()) for name in ("Ann", "Bob"))
    db = await database.open_database(database_url)
    for person in (ann, bob):
        await person.chat_with(bot).start()
        async with db.transaction() as tx:
            await subscribers.add_subscriber(tx, chat_id=person.id, now=datetime.now(UTC))
    client = await serve_as(bot)
    client.begin()
    gate, finished = Outbox(), list[int]()
    deliverer = Deliverer(
        db,
        client,
        Pace(overall=200.0, per_chat=50.0, per_group=60.0),
        Renderer(db, language="en", timezone="UTC"),
        gate,
        on_finished=lambda chat_id, _: finished.append(chat_id),
    )
    yield Office(
        sandbox=sandbox,
        bot=bot,
        ann=ann,
        bob=bob,
        db=db,
        gate=gate,
        deliverer=deliverer,
        finished=finished,
    )
    await db.close()
