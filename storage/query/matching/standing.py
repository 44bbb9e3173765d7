"""The nodes and rules in which the matcher keeps alerts."""

from bisect import bisect_left, insort
from collections.abc import Iterable, Iterator, Sequence, Set
from datetime import datetime
from itertools import chain
from typing import NamedTuple, cast

from storage.document import Document
from storage.query import evaluate, places
from storage.query.matching.conditions import Condition, Key, Keys
from storage.query.matching.grid import Seat
from storage.query.tree import Query
from storage.query.words.analysis import Analysed

Alerts = int | list[int] | tuple[()]
"""The id of a single alert, as in nearly all nodes; or a sorted list of ids."""
NOBODYS: Alerts = ()
Name = str | tuple[str, datetime | None, datetime | None]


class AlertHolder:
    """Holds the ids of the alerts of one query."""

    __slots__ = ("alerts",)

    def __init__(self) -> None:
        self.alerts = NOBODYS

    def add(self, alert_id: int) -> None:
        if isinstance(self.alerts, list):
            insort(self.alerts, alert_id)
        elif isinstance(self.alerts, int):
            self.alerts = sorted((self.alerts, alert_id))
        else:
            self.alerts = alert_id

    def remove(self, alert_id: int) -> None:
        if isinstance(self.alerts, list) and len(self.alerts) > 1:
            del self.alerts[bisect_left(self.alerts, alert_id)]
        else:
            self.alerts = NOBODYS


class KeyNode(AlertHolder):
    """A node of the tree, reached by the required keys from the root; ``below``: its child nodes.
    Its alerts require these keys and nothing else; ``rules`` need them as one of their conditions.
    Most nodes have at most one child and one rule, which are then stored without a container."""

    __slots__ = ("above", "below", "key", "rules")

    def __init__(self, above: "KeyNode | None" = None, key: Key = "") -> None:
        self.alerts = NOBODYS
        self.above = above
        self.key = key
        self.below: KeyNode | dict[Key, KeyNode] | None = None
        self.rules: Rule | list[Rule] | None = None

    def find(self, key: Key) -> "KeyNode | None":
        """The node below to which the key leads."""
        if isinstance(self.below, dict):
            return self.below.get(key)
        return self.below if self.below is not None and self.below.key == key else None

    def find_both(self, one: Key, other: Key) -> "KeyNode | None":
        """The node two below to which two keys lead, in any order."""
        below = self.find(one)
        found = None if below is None else below.find(other)
        if found is None and (below := self.find(other)) is not None:
            found = below.find(one)
        return found

    def extend(self, key: Key) -> "KeyNode":
        """A new node below."""
        node = KeyNode(self, key)
        if self.below is None:
            self.below = node
        elif isinstance(self.below, dict):
            self.below[key] = node
        else:
            self.below = {self.below.key: self.below, key: node}
        return node

    def drop(self, key: Key) -> bool:
        """Remove the node that the key leads to; returns whether there was one."""
        if self.find(key) is None:
            return False
        if isinstance(self.below, dict) and len(self.below) > 1:
            del self.below[key]
        else:
            self.below = None
        return True

    def hang(self, rule: "Rule") -> None:
        """Make this node a condition of a rule."""
        if isinstance(self.rules, list):
            self.rules.append(rule)
        else:
            self.rules = rule if self.rules is None else [self.rules, rule]

    def unhang(self, rule: "Rule") -> None:
        """Undo ``hang``."""
        if isinstance(self.rules, list):
            self.rules = [one for one in self.rules if one is not rule] or None
        elif self.rules is rule:
            self.rules = None

    @property
    def path(self) -> list[Key]:
        """The keys that lead to this node from the root."""
        path = []
        node = self
        while node.above is not None:
            path.append(node.key)
            node = node.above
        path.reverse()
        return path

    @property
    def leads_nowhere(self) -> bool:
        return self.alerts is NOBODYS and self.rules is None and self.below is None


class Undecided(NamedTuple):
    """A query that is decided on the document, unless the document has none of the keys
    ``doubts``."""

    query: Query
    doubts: Keys | None = None

    def is_met(self, keys: Set[Key], document: Document, analysed: Analysed) -> bool:
        """Whether a document with these keys, which meets all conditions, matches."""
        if self.doubts and keys.isdisjoint(self.doubts):
            return True
        return evaluate.matches(self.query, document, analysed)


class Rule(AlertHolder):
    """A query that keys alone do not decide at one node: it has several nodes, or keys that must be
    absent. ``undecided``: None if keys decide everything, with ``near``."""

    __slots__ = ("name", "near", "nodes", "refused", "undecided")

    def __init__(self, name: Name, undecided: Undecided | None, refused: tuple[Key, ...]) -> None:
        self.alerts = NOBODYS
        self.name = name
        self.undecided = undecided
        self.near: places.Nearness | None = None
        self.refused = refused
        self.nodes: tuple[KeyNode, ...] = ()

    @property
    def keys(self) -> Iterator[Key]:
        """Every key that it refuses or doubts, as often as it does; its nodes have the others."""
        yield from self.refused
        yield from _doubts(self.undecided)


class Wide(AlertHolder):
    """A query with many alternatives. ``checks``: choices that the grid does not decide completely,
    of each of which a condition must be met; ``undecided``: None if that is all."""

    __slots__ = ("checks", "name", "seat", "undecided")

    def __init__(
        self, name: Name, undecided: Undecided | None, checks: tuple[Sequence[Condition], ...]
    ) -> None:
        super().__init__()
        self.name = name
        self.undecided = undecided
        self.checks = checks
        self.seat: Seat[Wide] | None = None

    def add(self, alert_id: int) -> None:
        super().add(alert_id)
        self._take_seat()

    def remove(self, alert_id: int) -> None:
        super().remove(alert_id)
        self._take_seat()

    def _take_seat(self) -> None:
        if self.seat is not None:
            is_alone = isinstance(self.alerts, int) and self.undecided is None and not self.checks
            self.seat.put(cast("int", self.alerts) if is_alone else self)

    @property
    def keys(self) -> Iterator[Key]:
        """Every key that it requires, refuses or doubts, as often as it does."""
        yield from _doubts(self.undecided)
        if self.seat is not None:
            yield from chain.from_iterable(self.seat.asked.groups)
            yield from self.seat.asked.refused
        for condition in chain.from_iterable(self.checks):
            yield from condition.required
            yield from condition.refused


def _doubts(undecided: Undecided | None) -> Iterable[Key]:
    return () if undecided is None else undecided.doubts or ()
