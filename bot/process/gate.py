"""The one gate for everything that comes in: what fails there unexpectedly ends nothing else.

A message, a press, an inline query, a change of membership, a push, a scan, a page: each is handled
inside ``guarded``. A failure that its own handler did not foresee is logged with the ids given,
counted by kind, and stays there; where a person waits, the caller says so in a sentence.
"""

import contextlib
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal, TypeAlias

import structlog

from storage.errors import DamagedError

Kind: TypeAlias = Literal[
    "message", "press", "inline", "membership", "push", "scan", "page", "channel"
]

log = structlog.get_logger("gate")


@dataclass(slots=True)
class Passage:
    """One thing on its way through; ``error`` is what stopped it, if anything did."""

    error: Exception | None = None


class Gate:
    """Lets things in one by one and counts those that failed."""

    def __init__(self) -> None:
        self._failures: Counter[Kind] = Counter()

    @property
    def failures(self) -> Mapping[Kind, int]:
        """How many of each kind have failed since the start."""
        return self._failures

    @contextlib.contextmanager
    def guarded(
        self, kind: Kind, *, foreseen: tuple[type[Exception], ...] = (), **ids: object
    ) -> Iterator[Passage]:
        """Handle one thing of this kind inside the block; ``ids`` say in the log which it is.

        What is ``foreseen`` goes through: it is handled outside.
        """
        passage = Passage()
        try:
            yield passage
        except foreseen:
            raise
        except Exception as error:
            passage.error = error
            self._failures[kind] += 1
            # Of a damaged database the trace says nothing that is not said, with what to do.
            trace = None if isinstance(error, DamagedError) else error
            log.error("not handled", kind=kind, **ids, error=repr(error), exc_info=trace)
