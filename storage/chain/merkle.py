"""Hash trees as in RFC 6962, section 2.1: some twenty hashes prove that an entry is in a list of
millions. Pure."""

from collections.abc import Iterable, Sequence
from hashlib import sha256

EMPTY = sha256().digest()


def leaf(data: bytes) -> bytes:
    """The hash of an entry of the list."""
    return sha256(b"\x00" + data).digest()


def _node(left: bytes, right: bytes) -> bytes:
    return sha256(b"\x01" + left + right).digest()


def root_of(data: Iterable[bytes]) -> bytes:
    """The root over a list that is read one by one; some twenty hashes are held at most."""
    whole: list[tuple[int, bytes]] = []  # subtrees of falling sizes, each a power of two
    for item in data:
        size, top = 1, leaf(item)
        while whole and whole[-1][0] == size:
            size, top = 2 * size, _node(whole.pop()[1], top)
        whole.append((size, top))
    if not whole:
        return EMPTY
    _, top = whole.pop()
    while whole:
        top = _node(whole.pop()[1], top)
    return top


class Tree:
    """A tree held in memory, for making paths."""

    def __init__(self, data: Iterable[bytes]) -> None:
        self._levels: list[list[bytes]] = [[leaf(item) for item in data]]
        while len(self._levels[-1]) > 1:
            below = self._levels[-1]
            pairs = zip(below[::2], below[1::2], strict=False)
            # One that is left over goes up as it is.
            rest = below[-1:] if len(below) % 2 else []
            self._levels.append([_node(left, right) for left, right in pairs] + rest)

    @property
    def root(self) -> bytes:
        """The root, for an empty list too."""
        return self._levels[-1][0] if self._levels[-1] else EMPTY

    def path(self, index: int) -> list[bytes]:
        """The hashes from an entry (index from 0) up to the root."""
        found = []
        for level in self._levels[:-1]:
            beside = index ^ 1
            if beside < len(level):
                found.append(level[beside])
            index //= 2
        return found


def root_by(data: bytes, index: int, size: int, path: Sequence[bytes]) -> bytes | None:
    """The root that a path gives for an entry at ``index`` of a list of ``size``; None if the path
    does not fit such a list (RFC 9162, section 2.1.3.2)."""
    if not 0 <= index < size:
        return None
    place, last, top = index, size - 1, leaf(data)
    for beside in path:
        if last == 0:
            return None
        if place % 2 or place == last:
            top = _node(beside, top)
            while place % 2 == 0 and place:
                place, last = place // 2, last // 2
        else:
            top = _node(top, beside)
        place, last = place // 2, last // 2
    return top if last == 0 else None
