"""Finds the rows of which a document has one key in each group.

A row is a bit. For each group position, every key has the bits of the rows that have it in that
group, block by block. The bits of a document's keys are ORed for each position, and a row matches
if its bit is set at each position where it has a group. So a row costs the same however many
alternatives it has, and no row is looked at by itself before all its groups are met.
"""

from collections.abc import Sequence, Set
from itertools import compress
from typing import Generic, NamedTuple, TypeVar

from storage.query import places
from storage.query.matching.conditions import Key, Keys

Row = TypeVar("Row")
T = TypeVar("T")

ROWS = 4096
"""The number of rows of a block. An operation on bits costs as much as their highest one; a key
costs a step for each block."""

_FULL = (1 << ROWS) - 1
_DENSE = 12
"""If more than one bit in this many is set, testing each bit is faster than finding them."""
_SET = bytes.maketrans(b"01", b"\x00\x01")


class Groups(NamedTuple):
    """What a row requires: one key of each of ``groups``, none of ``refused``."""

    groups: Sequence[Keys]
    refused: Keys


class _Block(Generic[Row]):
    """Up to ``ROWS`` rows. ``numbers``: those represented by a number alone; ``numbered``: the bits
    of these rows; ``slots``: for each row of the block its number in the grid; ``having``: for each
    position the bits of the rows that have a group there."""

    __slots__ = ("having", "number", "numbered", "numbers", "rows", "slots", "used")

    def __init__(self, number: int) -> None:
        self.number = number
        self.rows: dict[int, Row] = {}
        self.numbers: list[int] = []
        self.numbered = 0
        self.used = 0
        self.slots: list[int] = []
        self.having: list[int] = []

    def free_bit(self) -> int:
        """The lowest bit that no row has."""
        return ~self.used & (self.used + 1)

    def put(self, bit: int, row: Row | int) -> None:
        """Let a row, or a number in its place, stand at the bit."""
        place = bit.bit_length() - 1
        if isinstance(row, int):
            self.rows.pop(place, None)
            self.numbers += [0] * (place + 1 - len(self.numbers))
            self.numbers[place] = row
            self.numbered |= bit
        else:
            self.rows[place] = row
            self.numbered &= ~bit

    def drop(self, bit: int) -> None:
        """Let nothing stand there."""
        self.rows.pop(bit.bit_length() - 1, None)
        self.numbered &= ~bit
        self.used &= ~bit

    def left(self, found: Sequence[int]) -> int:
        """The bits of the rows that were found at each of their positions."""
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

    def put(self, row: Row | int) -> None:
        """Replace the row here by another one with the same requirements; a number stands for a row
        that is only a number."""
        self.block.put(self.bit, row)


class Grid(Generic[Row]):
    """Any number of rows."""

    def __init__(self) -> None:
        self._blocks: list[_Block[Row]] = []
        self._open: list[_Block[Row]] = []  # those that have room
        self._slots = 0
        self._asking: dict[Key, dict[int, int]] = {}  # the rows by slot
        self._refusing: dict[Key, dict[int, int]] = {}  # the rows by block

    def add(self, row: Row | int, asked: Groups) -> Seat[Row]:
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
        if block.used == _FULL:
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
        if block.used == _FULL:
            self._open.append(block)
        block.drop(bit)
        for place, group in enumerate(seat.asked.groups):
            block.having[place] &= ~bit
            for key in group:
                _unset(self._asking, key, block.slots[place], bit)
        for key in seat.asked.refused:
            _unset(self._refusing, key, block.number, bit)

    def met(self, keys: Set[Key]) -> tuple[list[int], list[Row]]:
        """The rows whose requirements these keys meet; those that are numbers separately."""
        if not self._blocks:
            return [], []
        found = [0] * self._slots
        for key in self._asking.keys() & keys:
            for slot, bits in self._asking[key].items():
                found[slot] |= bits
        left = [block.left(found) for block in self._blocks]
        for key in self._refusing.keys() & keys:
            for number, bits in self._refusing[key].items():
                left[number] &= ~bits
        numbers: list[int] = []
        rows: list[Row] = []
        for block, bits in zip(self._blocks, left, strict=True):
            if bits:
                numbers += _picked(block.numbers, bits & block.numbered)
                if others := bits & ~block.numbered:
                    rows += [block.rows[place] for place in places.indexes(others)]
        return numbers, rows


def _picked(held: Sequence[T], bits: int) -> list[T]:
    """Those that the bits stand for, in order."""
    digits = f"{bits:b}"[::-1]
    if bits.bit_count() * _DENSE > len(digits):
        return list(compress(held, digits.encode().translate(_SET)))
    found = []
    place = digits.find("1")
    while place >= 0:
        found.append(held[place])
        place = digits.find("1", place + 1)
    return found


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
