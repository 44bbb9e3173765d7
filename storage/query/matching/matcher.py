"""Saved queries, turned around: a document comes in, out go the alerts whose queries it answers.

A query becomes conditions (storage/query/matching/conditions.py). The keys that a condition
requires lead to a node of a tree, the rarest key first, so that a document touches only the few
conditions that it may well meet. Rare is what few saved queries ask for: a key that documents hold
often, but queries seldom, costs no more than to look once below it. Queries with many alternatives
would come to too many conditions: they stand in a grid by their groups of alternatives
(storage/query/matching/grid.py). What keys cannot tell is then decided on the document itself.
"""

from bisect import bisect_left, insort
from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import chain
from typing import cast

from storage.document import Document
from storage.query import evaluate, places
from storage.query.matching import conditions
from storage.query.matching.by_id import ById
from storage.query.matching.conditions import Asked, Condition, Key, Keys, ask
from storage.query.matching.grid import Grid, Groups, Seat
from storage.query.tree import Near, Query
from storage.query.words import analysis, forms
from storage.query.words.analysis import Analysed
from storage.query.words.interest import TITLE, Forms, Pairs, Titles

_MOST_KEYS = 3
"""Queries that ask for no more are found where they stand by their keys, others by their text."""

_MOST_CONDITIONS = 8
"""A query that comes to more of them stands in the grid."""

_Alerts = int | list[int] | tuple[()]
"""The id of an alert that stands alone, as nearly all do; or ids, in order."""
_Name = str | tuple[str, datetime | None, datetime | None]


class _Place:
    """Where alerts that ask the same stand."""

    __slots__ = ("alerts",)

    def __init__(self) -> None:
        self.alerts: _Alerts = ()

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
            self.alerts = ()


class _Node(_Place):
    """The end of a way of keys from the root; ``below`` are the nodes of those that go on.

    Its alerts ask for these keys and nothing else; they are a condition of its ``rules``. Most
    nodes have one below, and one rule, if any: that one stands there itself.
    """

    __slots__ = ("above", "below", "key", "rules")

    def __init__(self, above: "_Node | None" = None, key: Key = "") -> None:
        super().__init__()
        self.above = above
        self.key = key
        self.below: _Node | dict[Key, _Node] | None = None
        self.rules: _Rule | list[_Rule] | None = None

    def find(self, key: Key) -> "_Node | None":
        """The node below to which the key leads."""
        if isinstance(self.below, dict):
            return self.below.get(key)
        return self.below if self.below is not None and self.below.key == key else None

    def extend(self, key: Key) -> "_Node":
        """A new node below."""
        node = _Node(self, key)
        if self.below is None:
            self.below = node
        elif isinstance(self.below, dict):
            self.below[key] = node
        else:
            self.below = {self.below.key: self.below, key: node}
        return node

    def drop(self, key: Key) -> bool:
        """Take the node below away; whether it was there."""
        if self.find(key) is None:
            return False
        if isinstance(self.below, dict) and len(self.below) > 1:
            del self.below[key]
        else:
            self.below = None
        return True

    def hang(self, rule: "_Rule") -> None:
        """Be a condition of a rule."""
        if isinstance(self.rules, list):
            self.rules.append(rule)
        else:
            self.rules = rule if self.rules is None else [self.rules, rule]

    def unhang(self, rule: "_Rule") -> None:
        """Be no condition of the rule any more."""
        if isinstance(self.rules, list):
            self.rules = [one for one in self.rules if one is not rule] or None
        elif self.rules is rule:
            self.rules = None

    @property
    def leads_nowhere(self) -> bool:
        return self.alerts == () and self.rules is None and self.below is None


class _Rule(_Place):
    """A query that it takes more to decide: several nodes, or keys of which none may be there.

    ``query`` is decided on the document after that; None: keys say all, and ``near``.
    """

    __slots__ = ("name", "near", "nodes", "query", "refused")

    def __init__(self, name: _Name, query: Query | None, refused: tuple[Key, ...]) -> None:
        super().__init__()
        self.name = name
        self.query = query
        self.near: places.Near | None = None
        self.refused = refused
        self.nodes: tuple[_Node, ...] = ()


class _Wide(_Place):
    """A query with many alternatives. ``checks``: choices that the grid does not tell whole, of
    each of which one condition must be met; ``query`` is decided on the document after that."""

    __slots__ = ("checks", "name", "query", "seat")

    def __init__(
        self, name: _Name, query: Query | None, checks: tuple[Sequence[Condition], ...]
    ) -> None:
        super().__init__()
        self.name = name
        self.query = query
        self.checks = checks
        self.seat: Seat[_Wide] | None = None

    def add(self, alert_id: int) -> None:
        super().add(alert_id)
        self._take_seat()

    def remove(self, alert_id: int) -> None:
        super().remove(alert_id)
        self._take_seat()

    def _take_seat(self) -> None:
        if self.seat is not None:
            is_alone = isinstance(self.alerts, int) and self.query is None and not self.checks
            self.seat.put(cast("int", self.alerts) if is_alone else self)

    @property
    def keys(self) -> Iterator[Key]:
        """Every key that it asks for, as often as it does."""
        if self.seat is not None:
            yield from chain.from_iterable(self.seat.asked.groups)
            yield from self.seat.asked.refused
        for condition in chain.from_iterable(self.checks):
            yield from condition.required
            yield from condition.refused


class Matcher:
    """Which alerts a document fires. Adding and removing cost microseconds, nothing is rebuilt."""

    def __init__(self) -> None:
        self._places: ById[_Node | _Rule | _Wide] = ById()
        self._rules: dict[_Name, _Rule | _Wide] = {}
        self._root = _Node()
        self._grid: Grid[_Wide] = Grid()
        self._pairs = Pairs()
        self._forms = Forms()
        self._titles = Titles()

    def __len__(self) -> int:
        """The number of alerts."""
        return len(self._places)

    def add(self, alert_id: int, query: Query) -> None:
        """Watch a query for an alert, in place of the one that the alert had."""
        self.remove(alert_id)
        place = self._places[alert_id] = self._place(query)
        place.add(alert_id)

    def add_like(self, alert_id: int, other: int) -> None:
        """Watch for an alert that is not there what is watched for another: the same query."""
        self._places[alert_id] = self._places[other]
        self._places[alert_id].add(alert_id)

    def remove(self, alert_id: int) -> None:
        """Forget an alert; one that is not there is no error."""
        place = self._places.pop(alert_id)
        if place is None:
            return
        place.remove(alert_id)
        if isinstance(place, _Node):
            self._tidy(place)
        elif place.alerts == ():
            self._drop(place)

    def match(self, document: Document, analysed: Analysed | None = None) -> list[int]:
        """The ids of the alerts whose queries the document answers, each once, in no order.

        ``analysed``: the document's words, where they are at hand.
        """
        if analysed is None:
            analysed = analysis.analyse_document(document)
        keys = self._keys(analysed)
        fired: list[int] = []
        reached: set[_Rule] = set()
        nodes = [self._root]
        for node in nodes:
            alerts = node.alerts
            if isinstance(alerts, int):
                fired.append(alerts)
            elif alerts:
                fired += alerts
            rules = node.rules
            if rules is not None:
                reached.update(rules if isinstance(rules, list) else (rules,))
            below = node.below
            if isinstance(below, dict):
                nodes += map(below.__getitem__, below.keys() & keys)
            elif below is not None and below.key in keys:
                nodes.append(below)
        row = evaluate.row_of(analysed)
        found: list[_Rule | _Wide] = [
            rule
            for rule in reached
            if (rule.near is None or row.near(rule.near))
            and (not rule.refused or keys.isdisjoint(rule.refused))
        ]
        alone, met = self._grid.met(keys)
        fired += alone
        found += [one for one in met if not one.checks or conditions.is_met(one.checks, keys)]
        for place in found:
            if place.query is None or evaluate.matches(place.query, document, analysed):
                alerts = place.alerts
                if isinstance(alerts, int):
                    fired.append(alerts)
                else:
                    fired += alerts
        return fired

    def _keys(self, analysed: Analysed) -> set[Key]:
        """All that conditions may ask of a document."""
        title, body, attached = analysed.columns
        found = {*title.terms, *body.terms, *attached.terms}
        ambiguous = [term for term in found if "|" in term]
        for term in ambiguous:
            found.update(forms.readings_in(term))
        rows = (title.terms, body.terms, attached.terms)
        pairs = self._pairs.of(rows, found, ambiguous)
        if self._forms.are_asked_for:
            every = chain(title.forms, body.forms, attached.forms)
            found.update(chain.from_iterable(map(self._forms.__getitem__, every)))
        found.update(title.beside, body.beside, attached.beside, analysed.marks)
        found.update(self._titles.of((*title.terms, *title.beside)))
        keys = cast("set[Key]", found)
        keys.update(pairs)
        return keys

    def _place(self, query: Query) -> _Node | _Rule | _Wide:
        """Where the alerts stand that ask this query."""
        dated = query.after is not None or query.before is not None
        name = (query.text, query.after, query.before) if dated else query.text
        rule = self._rules.get(name)
        if rule is not None:
            return rule
        asked = Asked() if query.root is None else ask(query.root)
        undecided = query if dated or not asked.is_enough else None
        if asked.spread > _MOST_CONDITIONS:
            if (groups := self._groups(asked)).groups:
                return self._new_wide(name, asked, groups, undecided)
            # No key leads to it; spelled out it would double with every choice.
            asked, undecided = Asked(refused=asked.refused), query
        found = asked.spelled_out()
        if undecided is None and len(found) == 1:
            ((required, refused),) = found
            if len(required) <= _MOST_KEYS and not refused:
                return self._find(self._root, required) or self._node(required)
        return self._new_rule(name, found, undecided, query)

    def _groups(self, asked: Asked) -> Groups:
        """The groups of keys of which a query asks for one each: what is required, and of each
        condition of a choice its rarest key. A choice that may be met without any key has none."""
        choices = [
            frozenset(min(one.required, key=self._commonness) for one in choice)
            for choice in asked.choices
            if all(one.required for one in choice)
        ]
        return Groups([*(frozenset((key,)) for key in asked.required), *choices], asked.refused)

    def _new_wide(
        self, name: _Name, asked: Asked, groups: Groups, undecided: Query | None
    ) -> _Wide:
        checks = tuple(choice for choice in asked.choices if not conditions.is_told_whole(choice))
        wide = self._rules[name] = _Wide(name, undecided, checks)
        wide.seat = self._grid.add(wide, groups)
        for key in wide.keys:
            self._seek(key, 1)
        return wide

    def _new_rule(
        self, name: _Name, found: Sequence[Condition], undecided: Query | None, query: Query
    ) -> _Rule:
        refused = found[0].refused
        if any(condition.refused != refused for condition in found):
            undecided, refused = query, frozenset()
        rule = _Rule(name, undecided, tuple(refused))
        if isinstance(query.root, Near) and not isinstance(name, tuple):
            rule.query, rule.near = None, evaluate.as_near(query.root)
        self._rules[name] = rule
        for key in refused:
            self._seek(key, 1)
        rule.nodes = tuple([self._node(condition.required) for condition in found])
        for node in rule.nodes:
            node.hang(rule)
        return rule

    def _drop(self, rule: _Rule | _Wide) -> None:
        del self._rules[rule.name]
        if isinstance(rule, _Wide):
            for key in rule.keys:
                self._seek(key, -1)
            if rule.seat is not None:
                self._grid.remove(rule.seat)
            return
        for key in rule.refused:
            self._seek(key, -1)
        for node in rule.nodes:
            node.unhang(rule)
            self._tidy(node)

    def _find(self, node: _Node, required: Keys) -> _Node | None:
        """Where these keys lead already, in whatever order."""
        below = node.below
        if not required:
            return node
        if not isinstance(below, dict):
            below = {} if below is None else {below.key: below}
        for key in below.keys() & required:
            if found := self._find(below[key], required - {key}):
                return found
        return None

    def _node(self, required: Keys) -> _Node:
        """The end of the way of these keys, rarest first."""
        node = self._root
        for key in sorted(required, key=self._commonness) if len(required) > 1 else required:
            following = node.find(key)
            if following is None:
                following = node.extend(key)
                self._seek(key, 1)
            node = following
        return node

    def _commonness(self, key: Key) -> tuple[int, int]:
        node = self._root.find(key)
        below = None if node is None else node.below
        return len(below) if isinstance(below, dict) else int(below is not None), -len(key)

    def _tidy(self, node: _Node) -> None:
        """Take away what leads to nothing any more."""
        while node.above is not None and node.leads_nowhere and node.above.drop(node.key):
            self._seek(node.key, -1)
            node = node.above

    def _seek(self, key: Key, change: int) -> None:
        """Look for a key in documents, once more (1) or once less (-1)."""
        if isinstance(key, tuple):
            self._pairs.count(key, change)
        elif key.startswith(TITLE):
            self._titles.count(key, change)
        elif key.startswith("="):
            self._forms.count_form(key[1:], change)
        elif key.endswith("*"):
            self._forms.count_beginning(key[:-1], change)
