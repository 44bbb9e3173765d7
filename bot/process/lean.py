"""Imports that go without what they would take along, and nothing here uses."""

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
