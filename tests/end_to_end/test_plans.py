"""Plans made by taps come by the clock, each once; what was missed while nothing ran too."""

from datetime import UTC, datetime, timedelta
from typing import Any

from storage import database
from storage.subscribers import plans


async def press(stage: Any, message: Any, label: str) -> None:
    """Press the button of a message that says so, and see the message change."""
    button = next(b for row in message.buttons for b in row if label in b.text)
    edits = len(message.edits)
    await stage.chat.press(message, button)
    await stage.sandbox.wait_for(lambda: len(message.edits) > edits or None)


async def set_due(stage: Any, *seconds: float) -> None:
    """Of the plans in their order, have each be due so many seconds from now."""
    db = await database.open_database(stage.database_url)
    now = datetime.now(UTC)
    async with db.transaction() as tx:
        for plan, later in zip(await plans.list_plans(tx, stage.ann.id), seconds, strict=True):
            due_at = now + timedelta(seconds=later)
            await plans.update_plan(tx, plan.id, due_at=due_at)
    await db.close()


def digests(stage: Any, name: str) -> list[str]:
    """The digests of a name that Ann received."""
    received = stage.sandbox.ledger.received_by(stage.ann)
    return [one.text for one in received if one.text.startswith(f"🗞 {name}\n")]


async def test_two_plans_made_by_taps_come_by_the_clock_through_a_restart(ready_stage: Any) -> None:
    stage = ready_stage
    service = await stage.run()
    settings = await stage.chat.ask("/settings")
    for times, name in (("every 3 hours", "Often"), ("every hour from", "Office")):
        await press(stage, settings, "Digest")
        await press(stage, settings, "New")
        await press(stage, settings, times)
        preview = await stage.chat.wait_for("👁", after=settings)
        assert "Nothing new since" in preview.text
        button = next(b for row in settings.buttons for b in row if "Name" in b.text)
        await stage.chat.press(settings, button)
        await stage.chat.wait_for("called", after=preview)
        await stage.chat.ask(name)
        settings = await stage.chat.ask("/settings")
    post = await stage.news.post("The ferry sails again")
    await stage.wait_stored(post)
    await service.kill()

    await set_due(stage, -3600, 6)  # The first was due while nothing ran.
    await stage.run()
    for name in ("Often", "Office"):
        await stage.chat.wait_for(f"🗞 {name}", after=settings)
    await stage.wait_drained()
    for name in ("Often", "Office"):
        (told,) = digests(stage, name)
        assert "The ferry sails again" in told
