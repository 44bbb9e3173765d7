"""Rows that ask for one key out of each of several groups: which of them has a document's keys?

Bits stand for rows. Every key has, for each place among the groups, the bits of the rows that take
it there; what a document's keys have at a place is put together, and a row is met that is there at
each place where it has a group. So a row costs the same however many alternatives it has, and no
row is looked at by itself before its groups are all met.
"""

from collections.abc import Iterator, Sequence, Set
from typing import Generic, NamedTuple, TypeVar

from storage.query.matching.conditions import Key, Keys

Row = TypeVar("Row")

ROWS = 2048
"""Of one block: bits cost as much as the highest one, keys as many look-ups as there are blocks."""


class Groups(NamedTuple):
    """What a row asks for: one key of each of ``groups``, none of ``refused``."""

    groups: Sequence[Keys]
    refused: Keys


class _Block(Generic[Row]):
    """Up to ``ROWS`` rows."""

    __slots__ = ("bits", "having", "refusing", "rows", "used")

    def __init__(self) -> None:
        self.rows: dict[int, Row] = {}
        self.used = 0
        self.bits: dict[Key, list[int]] = {}
        self.refusing: dict[Key, int] = {}
        self.having: list[int] = []  # at each place the rows that have a group there

    def add(self, row: Row, asked: Groups) -> int:
        """Put a row in; gives its bit."""
        bit = ~self.used & (self.used + 1)
        self.used |= bit
        self.rows[bit.bit_length()] = row
        self.having += [0] * (len(asked.groups) - len(self.having))
        for place, group in enumerate(asked.groups):
            self.having[place] |= bit
            for key in group:
                bits = self.bits.setdefault(key, [])
                bits += [0] * (place + 1 - len(bits))
                bits[place] |= bit
        for key in asked.refused:
            self.refusing[key] = self.refusing.get(key, 0) | bit
        return bit

    def remove(self, bit: int, asked: Groups) -> None:
        """Take a row out."""
        self.used &= ~bit
        del self.rows[bit.bit_length()]
        for place, group in enumerate(asked.groups):
            self.having[place] &= ~bit
            for key in group:
                bits = self.bits[key]
                bits[place] &= ~bit
                if not any(bits):
                    del self.bits[key]
        for key in asked.refused:
            self.refusing[key] &= ~bit
            if not self.refusing[key]:
                del self.refusing[key]

    def met(self, keys: Set[Key]) -> Iterator[Row]:
        """The rows that have what they ask for."""
        found = [0] * len(self.having)
        for key in self.bits.keys() & keys:
            for place, bits in enumerate(self.bits[key]):
                if bits:
                    found[place] |= bits
        left = self.used
        for bits, having in zip(found, self.having, strict=True):
            left &= bits | ~having
        for key in self.refusing.keys() & keys:
            left &= ~self.refusing[key]
        while left:
            bit = left & -left
            yield self.rows[bit.bit_length()]
            left ^= bit


class Seat(Generic[Row]):
    """Where a row stands."""

    __slots__ = ("asked", "bit", "block")

    def __init__(self, block: _Block[Row], bit: int, asked: Groups) -> None:
        self.block = block
        self.bit = bit
        self.asked = asked


class Grid(Generic[Row]):
    """Any number of rows."""

    def __init__(self) -> None:
        self._blocks: list[_Block[Row]] = []
        self._open: list[_Block[Row]] = []  # those that have room

    def add(self, row: Row, asked: Groups) -> Seat[Row]:
        """Put a row in. It must have a group, and no group may be empty."""
        if not self._open:
            self._open.append(_Block())
            self._blocks.append(self._open[-1])
        block = self._open[-1]
        seat = Seat(block, block.add(row, asked), asked)
        if len(block.rows) == ROWS:
            self._open.pop()
        return seat

    def remove(self, seat: Seat[Row]) -> None:
        """Take a row out."""
        block = seat.block
        if len(block.rows) == ROWS:
            self._open.append(block)
        block.remove(seat.bit, seat.asked)

    def met(self, keys: Set[Key]) -> Iterator[Row]:
        """The rows that have what they ask for among the keys."""
        for block in self._blocks:
            yield from block.met(keys)
