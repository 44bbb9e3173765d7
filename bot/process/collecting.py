"""Looking for garbage that refers to itself: seldom, where much is held and little is such."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager

_SELDOM = (20_000, 20, 100)


@contextmanager
def seldom() -> Iterator[None]:
    """Let Python look for it a thirtieth as often: that takes a tenth of the time of an import."""
    former = gc.get_threshold()
    gc.set_threshold(*_SELDOM)
    try:
        yield
    finally:
        gc.set_threshold(*former)
