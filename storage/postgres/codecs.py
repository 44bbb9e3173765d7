"""Values as SQLite gives them: sums are whole numbers, and what is in JSON is plain."""

import json
from typing import Any


async def set_up(driver: Any) -> None:
    """Set up a new connection of asyncpg's."""
    async with driver.transaction(readonly=True):  # of one connection, whatever stands between
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
