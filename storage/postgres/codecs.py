"""Make asyncpg give values as SQLite does: sums are integers, and what is read from JSON is a plain
value."""

import json
from typing import Any


async def set_up(driver: Any) -> None:
    """Set up a new asyncpg connection."""
    async with driver.transaction(readonly=True):  # behind a pooler: one server connection
        await _set_up(driver)


async def _set_up(driver: Any) -> None:
    await driver.set_type_codec(
        "numeric", schema="pg_catalog", encoder=str, decoder=_number, format="text"
    )
    await driver.set_type_codec(
        "jsonb", schema="pg_catalog", encoder=json.dumps, decoder=json.loads, format="text"
    )


def _number(text: str) -> int | float:
    return float(text) if "." in text else int(text)
