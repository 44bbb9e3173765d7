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


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("1", "1"),
        ("77", "77"),
        ("-77", "77"),
        ("-100", "100"),
        ("-1000000000077", "77"),
        ("999999999999", "999999999999"),
        ("t.me/c/77/5", "77"),
        ("t.me/c/77", "77"),
        ("tg://privatepost?channel=77&post=1", "77"),
    ],
)
def test_a_channels_own_number_however_it_is_written(text: str, number: str) -> None:
    assert references.parse_reference(text) == Reference("id", number)


@pytest.mark.parametrize(
    "text",
    ["0", "-0", "-1000000000000", "1000000000000", "9" * 19, "9" * 20, "t.me/c/0/1", "t.me/c"],
)
def test_a_number_that_no_channel_can_have_means_none(text: str) -> None:
    with pytest.raises(references.NoReferenceError):
        references.parse_reference(text)
