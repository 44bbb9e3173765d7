"""Rows that ask for one key out of each of several groups: which of them has a document's keys?

Bits stand for rows. Every key has, for each place among the groups, the bits of the rows that take
it there, block by block; what a document's keys have at a place is put together, and a row is met
that is there at each place where it has a group. So a row costs the same however many alternatives
it has, and no row is looked at by itself before its groups are all met.
"""

from collections.abc import Sequence, Set
from typing import Generic, NamedTuple, TypeVar

from storage.query import places
from storage.query.matching.conditions import Key, Keys

Row = TypeVar("Row")

ROWS = 4096
"""Of one block: bits cost as much as the highest one, a key as many steps as it has blocks."""


class Groups(NamedTuple):
    """What a row asks for: one key of each of ``groups``, none of ``refused``."""

    groups: Sequence[Keys]
    refused: Keys


class _Block(Generic[Row]):
    """Up to ``ROWS`` rows. ``slots``: the number that each of its places has in the grid;
    ``having``: at each place the rows that have a group there."""

    __slots__ = ("having", "number", "rows", "slots", "used")

    def __init__(self, number: int) -> None:
        self.number = number
        self.rows: dict[int, Row] = {}
        self.used = 0
        self.slots: list[int] = []
        self.having: list[int] = []

    def free_bit(self) -> int:
        """The lowest bit that no row has."""
        return ~self.used & (self.used + 1)

    def left(self, found: Sequence[int]) -> int:
        """The rows that are found in each of their places."""
        left = self.used
        for slot, having in zip(self.slots, self.having, strict=True):
            left &= found[slot] | ~having
        return left


class Seat(Generic[Row]):
    """Where a row stands."""

    __slots__ = ("asked", "bit", "block")

    def __init__(self, block: _Block[Row], bit: int, asked: Groups) -> None:
        self.block = block
        self.bit = bit
        self.asked = asked

    def put(self, row: Row) -> None:
        """Let another row stand here, which asks the same."""
        self.block.rows[self.bit.bit_length() - 1] = row


class Grid(Generic[Row]):
    """Any number of rows."""

    def __init__(self) -> None:
        self._blocks: list[_Block[Row]] = []
        self._open: list[_Block[Row]] = []  # those that have room
        self._slots = 0
        self._asking: dict[Key, dict[int, int]] = {}  # the rows by slot
        self._refusing: dict[Key, dict[int, int]] = {}  # the rows by block

    def add(self, row: Row, asked: Groups) -> Seat[Row]:
        """Put a row in. It must have a group, and no group may be empty."""
        if not self._open:
            self._open.append(_Block(len(self._blocks)))
            self._blocks.append(self._open[-1])
        block = self._open[-1]
        seat = Seat(block, block.free_bit(), asked)
        self._widen(block, len(asked.groups))
        block.used |= seat.bit
        seat.put(row)
        for place, group in enumerate(asked.groups):
            block.having[place] |= seat.bit
            for key in group:
                _set(self._asking, key, block.slots[place], seat.bit)
        for key in asked.refused:
            _set(self._refusing, key, block.number, seat.bit)
        if len(block.rows) == ROWS:
            self._open.pop()
        return seat

    def _widen(self, block: _Block[Row], places: int) -> None:
        while len(block.slots) < places:
            block.slots.append(self._slots)
            block.having.append(0)
            self._slots += 1

    def remove(self, seat: Seat[Row]) -> None:
        """Take a row out."""
        block, bit = seat.block, seat.bit
        if len(block.rows) == ROWS:
            self._open.append(block)
        block.used &= ~bit
        del block.rows[bit.bit_length() - 1]
        for place, group in enumerate(seat.asked.groups):
            block.having[place] &= ~bit
            for key in group:
                _unset(self._asking, key, block.slots[place], bit)
        for key in seat.asked.refused:
            _unset(self._refusing, key, block.number, bit)

    def met(self, keys: Set[Key]) -> list[Row]:
        """The rows that have what they ask for among the keys."""
        found = [0] * self._slots
        for key in self._asking.keys() & keys:
            for slot, bits in self._asking[key].items():
                found[slot] |= bits
        left = [block.left(found) for block in self._blocks]
        for key in self._refusing.keys() & keys:
            for number, bits in self._refusing[key].items():
                left[number] &= ~bits
        return [
            block.rows[place]
            for block, bits in zip(self._blocks, left, strict=True)
            if bits
            for place in places.indexes(bits)
        ]


def _set(held: dict[Key, dict[int, int]], key: Key, number: int, bit: int) -> None:
    bits = held.setdefault(key, {})
    bits[number] = bits.get(number, 0) | bit


def _unset(held: dict[Key, dict[int, int]], key: Key, number: int, bit: int) -> None:
    bits = held[key]
    bits[number] &= ~bit
    if not bits[number]:
        del bits[number]
        if not bits:
            del held[key]
