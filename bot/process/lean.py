"""Imports that go without what they would take along, and nothing here uses, and that stay."""

import gc
import sys
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def without(name: str) -> Iterator[None]:
    """Let what is imported meanwhile find no such package; afterwards it can be imported again.

    structlog takes rich along, for tracebacks that we write out ourselves: 5 MB of a service.
    """
    if name in sys.modules:
        yield
        return
    sys.modules[name] = None  # type: ignore[assignment]  # that is how Python says so
    try:
        yield
    finally:
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
