"""Imports that go without what they would take along, and nothing here uses, and that stay."""

import gc
import sys
from collections.abc import Iterator
from contextlib import contextmanager

NEEDLESS = ("rich", "PIL")
"""What the service's packages take along where it is there, and nothing here uses: rich, for
tracebacks that structlog would write (5 MB), and PIL, for pictures that Telethon would make smaller
(3 MB)."""


@contextmanager
def without(*names: str) -> Iterator[None]:
    """Let what is imported meanwhile find no such packages; afterwards they can be imported again.
    What was imported before stays."""
    absent = [name for name in names if name not in sys.modules]
    for name in absent:
        sys.modules[name] = None  # type: ignore[assignment]  # that is how Python says so
    try:
        yield
    finally:
        for name in absent:
            del sys.modules[name]


@contextmanager
def for_good() -> Iterator[None]:
    """Let what is imported meanwhile be looked through for garbage neither now nor ever after.

    Next to none of it is, and to look again and again takes a tenth of a start.
    """
    gc.disable()
    try:
        yield
    finally:
        gc.enable()
    gc.freeze()
