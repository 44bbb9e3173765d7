"""How long something is read: told to whoever measures it."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeAlias

from storage.connection import Reading

Meter: TypeAlias = Callable[[Reading, float], None]


class Timing:
    """Tells ``meter``, where there is one, how many seconds each reading that has a name took."""

    def __init__(self) -> None:
        self.meter: Meter | None = None

    @contextmanager
    def of(self, what: Reading | None) -> Iterator[None]:
        """Time what is done inside the block, whatever comes of it."""
        began = time.monotonic()
        try:
            yield
        finally:
            if what is not None and self.meter is not None:
                self.meter(what, time.monotonic() - began)
