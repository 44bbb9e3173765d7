"""How much is tried, by profile (``EXAMPLES``, see ``conftest.py``): how many examples of each
property, and on which engines."""

import pytest
from hypothesis import settings
from hypothesis.internal.conjecture import providers

from storage.connection import Database
from storage.database import open_database
from storage.sqlite import engine

QUICK = 10


def examples(most: int) -> settings:
    """A decorator: ``most`` examples, or QUICK where the profile is the quick one."""
    return settings(max_examples=min(most, QUICK) if is_quick() else most)


def is_quick() -> bool:
    """Whether the profile is the quick one: few examples, and no PostgreSQL is started."""
    return settings.get_current_profile_name() == "quick"


async def open_readily(url: str) -> Database:
    """A database that is opened, at which one reads at a time: to open more readers takes longer
    than most tests. For tests in which whoever holds a connection waits for no other."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(engine, "READERS", 1)
        return await open_database(url)


def leave_out_constants() -> None:
    """Try none of the numbers and texts that stand in the code: to read all of the code for them,
    and to look through them for each strategy, takes longer than the few examples themselves."""
    assert callable(providers._get_local_constants)
    providers._get_local_constants = providers.Constants
