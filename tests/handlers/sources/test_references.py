"""What is put on the list, and what a setting does not bring back."""

from datetime import datetime

import pytest

from handlers.sources import references
from handlers.sources.references import Reference
from storage.channels import channels
from storage.connection import Database

NAMED = [
    Reference("name", "harbour"),
    Reference("id", "77"),
    Reference("invite", "AbCdEfGhIjKlMnOp"),
]


@pytest.mark.parametrize("reference", NAMED)
async def test_what_a_person_took_off_comes_back_by_hand_alone(
    database: Database, now: datetime, reference: Reference
) -> None:
    async with database.transaction() as tx:
        for by_hand in (False, True):
            added = await references.watch(tx, reference, by_hand=by_hand, now=now)
            assert added is not None and added.watched
            assert await references.find(tx, reference) == added
            assert not await references.is_removed(tx, reference)
        await channels.remove_channel(tx, added.id)
        assert await references.find(tx, reference) is None
        assert await references.is_removed(tx, reference)
        assert await references.watch(tx, reference, by_hand=False, now=now) is None
        again = await references.watch(tx, reference, by_hand=True, now=now)
        assert again is not None and again.watched
        assert not await references.is_removed(tx, reference)


@pytest.mark.parametrize("reference", NAMED)
async def test_what_was_never_there_was_not_taken_off(
    database: Database, reference: Reference
) -> None:
    async with database.reader() as conn:
        assert await references.find(conn, reference) is None
        assert not await references.is_removed(conn, reference)
