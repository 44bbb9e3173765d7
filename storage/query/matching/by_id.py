"""A map from ids that are mostly consecutive, in a quarter of a dictionary's memory."""

from collections.abc import Iterator
from typing import Generic, TypeVar

Thing = TypeVar("Thing")

_BLOCK = 16
"""Ids in one list. Longer lists take less memory while most ids are there, and more once most have
been removed."""


class ById(Generic[Thing]):
    """Values by ids of 0 or more; None is not a value."""

    def __init__(self) -> None:
        self._blocks: dict[int, list[Thing | None]] = {}
        self._count = 0

    def __len__(self) -> int:
        return self._count

    def __getitem__(self, id: int) -> Thing:
        """Raises KeyError."""
        block = self._blocks.get(id // _BLOCK)
        thing = None if block is None else block[id % _BLOCK]
        if thing is None:
            raise KeyError(id)
        return thing

    def __setitem__(self, id: int, thing: Thing) -> None:
        block = self._blocks.get(id // _BLOCK)
        if block is None:
            block = self._blocks[id // _BLOCK] = [None] * _BLOCK
        if block[id % _BLOCK] is None:
            self._count += 1
        block[id % _BLOCK] = thing

    def pop(self, id: int) -> Thing | None:
        """Remove an id and give its value; None if it has none."""
        block = self._blocks.get(id // _BLOCK)
        thing = None if block is None else block[id % _BLOCK]
        if block is None or thing is None:
            return None
        self._count -= 1
        block[id % _BLOCK] = None
        if all(other is None for other in block):
            del self._blocks[id // _BLOCK]
        return thing

    def values(self) -> Iterator[Thing]:
        """The values, in no order."""
        for block in self._blocks.values():
            yield from (thing for thing in block if thing is not None)
