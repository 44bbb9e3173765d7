"""An index of saved queries: for a document it finds the alerts whose queries match.

A query becomes conditions (storage/query/matching/conditions.py). The required keys of a condition,
rarest first, lead to a node of a tree, so that a document visits only the few conditions that it
may meet. A key is rare if few saved queries require it: a key that is common in documents but rare
in queries costs a single look-up. Queries with many alternatives would become too many conditions:
they are put into a grid by their groups of alternatives (storage/query/matching/grid.py). What keys
cannot decide is then decided on the document.
"""

from collections.abc import Sequence
from typing import cast

from storage.document import Document
from storage.query import evaluate
from storage.query.matching import conditions
from storage.query.matching.by_id import ById
from storage.query.matching.compiled import Compiled, CompiledRule, CompiledWide
from storage.query.matching.conditions import Condition, Key, Keys, Requirements, ask
from storage.query.matching.directly import PlainQuery
from storage.query.matching.grid import Grid, Groups
from storage.query.matching.standing import NOBODYS, KeyNode, Name, Rule, Undecided, Wide
from storage.query.tree import Near, Query
from storage.query.words import analysis
from storage.query.words.analysis import Analysed
from storage.query.words.interest import TERM, TITLE, Pairs, Titles, WordKeys

_MOST_KEYS = 3
"""A query of at most this many required keys and nothing else is found by these keys in the tree;
any other by its canonical text."""

_MOST_CONDITIONS = 8
"""Queries with more conditions go into the grid."""


class Matcher:
    """Which alerts a document fires. Adding and removing cost microseconds, nothing is rebuilt."""

    def __init__(self) -> None:
        self._places: ById[KeyNode | Rule | Wide] = ById()
        self._rules: dict[Name, Rule | Wide] = {}
        self._root = KeyNode()
        self._grid: Grid[Wide] = Grid()
        self._words = WordKeys()
        self._pairs = Pairs()
        self._titles = Titles()
        self._knows_near = False

    def __len__(self) -> int:
        """The number of alerts."""
        return len(self._places)

    def add(self, alert_id: int, query: Query) -> None:
        """Add an alert's query, or replace it."""
        self.remove(alert_id)
        place = self._places[alert_id] = self._place(query)
        place.add(alert_id)

    def add_plain(self, alert_id: int, plain: PlainQuery) -> None:
        """Add an alert's plain query. The alert must not be there yet."""
        place = self._places[alert_id] = self._place_plain(plain)
        place.add(alert_id)

    def add_compiled(self, alert_id: int, compiled: Compiled) -> None:
        """Add an alert's query, compiled. The alert must not be there yet."""
        place = self._places[alert_id] = self._place_compiled(compiled)
        place.add(alert_id)

    def compiled(self, alert_id: int) -> Compiled | None:
        """An alert's query, compiled; None if keys alone do not decide it. Raises KeyError."""
        place = self._places[alert_id]
        if isinstance(place, KeyNode):
            return place.path or None
        if place.undecided is not None or not isinstance(place.name, str):
            return None
        if isinstance(place, Rule):
            if place.near is not None:
                return None
            return CompiledRule(place.name, [node.path for node in place.nodes], place.refused)
        if place.seat is None:
            return None
        asked = place.seat.asked
        groups = [[*group] for group in asked.groups]
        return CompiledWide(place.name, groups, [*asked.refused], place.checks)

    def add_like(self, alert_id: int, other: int) -> None:
        """Add an alert with the same query as another alert."""
        self._places[alert_id] = self._places[other]
        self._places[alert_id].add(alert_id)

    def remove(self, alert_id: int) -> None:
        """Remove an alert; no error if it is not there."""
        place = self._places.pop(alert_id)
        if place is None:
            return
        place.remove(alert_id)
        if isinstance(place, KeyNode):
            self._tidy(place)
        elif place.alerts is NOBODYS:
            self._drop(place)

    def match(self, document: Document, analysed: Analysed | None = None) -> list[int]:
        """The ids of the alerts whose queries the document answers, each once, in no order.

        ``analysed``: the document's words, where they are at hand.
        """
        if analysed is None:
            analysed = analysis.analyse_document(document)
        keys = self._keys(analysed)
        fired: list[int] = []
        reached: set[Rule] = set()
        nodes = [self._root]
        for node in nodes:
            alerts = node.alerts
            if isinstance(alerts, int):
                fired.append(alerts)
            elif alerts is not NOBODYS:
                fired += alerts
            hung = node.rules
            if isinstance(hung, list):
                reached.update(hung)
            elif hung is not None:
                reached.add(hung)
            below = node.below
            if isinstance(below, dict):
                if following := below.keys() & keys:
                    nodes += map(below.__getitem__, following)
            elif below is not None and below.key in keys:
                nodes.append(below)
        rules = [rule for rule in reached if not rule.refused or keys.isdisjoint(rule.refused)]
        if self._knows_near:
            row = evaluate.row_of(analysed)
            rules = [rule for rule in rules if rule.near is None or row.near(rule.near)]
        alone, met = self._grid.met(keys)
        fired += alone
        found: list[Rule | Wide] = [*rules]
        found += [one for one in met if not one.checks or conditions.is_met(one.checks, keys)]
        for place in found:
            if place.undecided is None or place.undecided.is_met(keys, document, analysed):
                alerts = place.alerts
                if isinstance(alerts, int):
                    fired.append(alerts)
                else:
                    fired += alerts
        return fired

    def _keys(self, analysed: Analysed) -> set[Key]:
        """All keys of a document that conditions may require."""
        title, body, attached = analysed.columns
        rows = (title.terms, body.terms, attached.terms)
        found = self._words.of(analysed.columns)
        pairs = self._pairs.of(rows, found, self._words.terms_of)
        found |= analysed.marks
        found.update(self._titles.of(title))
        keys = cast("set[Key]", found)
        keys.update(pairs)
        return keys

    def _place(self, query: Query) -> KeyNode | Rule | Wide:
        """The node or rule that holds the alerts of this query; made if there is none."""
        dated = query.after is not None or query.before is not None
        name = (query.text, query.after, query.before) if dated else query.text
        rule = self._rules.get(name)
        if rule is not None:
            return rule
        asked = Requirements() if query.root is None else ask(query.root)
        undecided = None if asked.is_enough else Undecided(query, asked.doubts)
        if dated:
            undecided = Undecided(query)
        if asked.spread > _MOST_CONDITIONS:
            if (groups := self._groups(asked)).groups:
                return self._new_wide(name, asked, groups, undecided)
            # No key leads to it; spelled out it would double with every choice.
            asked, undecided = Requirements(refused=asked.refused), Undecided(query)
        found = asked.spelled_out()
        refused = found[0].refused
        if any(condition.refused != refused for condition in found):
            found, undecided = [Condition(one.required) for one in found], Undecided(query)
        near = None
        if isinstance(query.root, Near) and not dated:
            self._knows_near = True
            undecided, near = None, evaluate.as_near(query.root)
        if (
            undecided is None
            and near is None
            and len(found) == 1
            and (node := self._node_of(found[0]))
        ):
            return node
        rule = self._new_rule(name, found, undecided)
        rule.near = near
        return rule

    def _place_plain(self, plain: PlainQuery) -> KeyNode | Rule | Wide:
        asked = plain.asked
        if not asked.choices and (node := self._node_of(asked)):
            return node
        name = plain.text
        if (rule := self._rules.get(name)) is not None:
            return rule
        if asked.spread > _MOST_CONDITIONS:
            return self._new_wide(name, asked, self._groups(asked), None)
        return self._new_rule(name, asked.spelled_out(), None)

    def _place_compiled(self, compiled: Compiled) -> KeyNode | Rule | Wide:
        if not isinstance(compiled, CompiledRule | CompiledWide):
            return self._follow(compiled)
        if (rule := self._rules.get(compiled.name)) is not None:
            return rule
        if isinstance(compiled, CompiledRule):
            nodes = [self._follow(path) for path in compiled.paths]
            return self._hang_rule(Rule(compiled.name, None, tuple(compiled.refused)), nodes)
        groups = Groups([*map(frozenset, compiled.groups)], frozenset(compiled.refused))
        return self._seat_wide(Wide(compiled.name, None, tuple(compiled.checks)), groups)

    def _node_of(self, asked: Requirements | Condition) -> KeyNode | None:
        """The node of a query that requires these keys and nothing else, made if there is none;
        None if it refuses keys, or requires more than ``_MOST_KEYS``."""
        if len(asked.required) > _MOST_KEYS or asked.refused:
            return None
        return self._find(asked.required) or self._node(asked.required)

    def _groups(self, asked: Requirements) -> Groups:
        """The groups of a query, one key of each of which is required: those of what is required,
        and for each choice the rarest key of each of its conditions. A choice with a condition
        without keys has no group."""
        choices = [
            frozenset(min(one.required, key=self._commonness) for one in choice)
            for choice in asked.choices
            if all(one.required for one in choice)
        ]
        return Groups([*(frozenset((key,)) for key in asked.required), *choices], asked.refused)

    def _new_wide(
        self, name: Name, asked: Requirements, groups: Groups, undecided: Undecided | None
    ) -> Wide:
        checks = tuple(choice for choice in asked.choices if not conditions.is_told_whole(choice))
        return self._seat_wide(Wide(name, undecided, checks), groups)

    def _seat_wide(self, wide: Wide, groups: Groups) -> Wide:
        self._rules[wide.name] = wide
        wide.seat = self._grid.add(wide, groups)
        for key in wide.keys:
            self._seek(key, 1)
        return wide

    def _new_rule(
        self, name: Name, found: Sequence[Condition], undecided: Undecided | None
    ) -> Rule:
        """A rule of conditions that all refuse the same keys."""
        refused = found[0].refused
        nodes = [self._node(condition.required) for condition in found]
        return self._hang_rule(Rule(name, undecided, tuple(refused)), nodes)

    def _hang_rule(self, rule: Rule, nodes: Sequence[KeyNode]) -> Rule:
        self._rules[rule.name] = rule
        for key in rule.keys:
            self._seek(key, 1)
        rule.nodes = tuple(nodes)
        for node in nodes:
            node.hang(rule)
        return rule

    def _drop(self, rule: Rule | Wide) -> None:
        del self._rules[rule.name]
        for key in rule.keys:
            self._seek(key, -1)
        if isinstance(rule, Wide):
            if rule.seat is not None:
                self._grid.remove(rule.seat)
            return
        for node in rule.nodes:
            node.unhang(rule)
            self._tidy(node)

    def _find(self, required: Keys) -> KeyNode | None:
        """The node that these few keys lead to, in any order; None if there is none."""
        root = self._root
        if len(required) == 1:
            return root.find(*required)
        if len(required) == 2:
            return root.find_both(*required)
        for key in required:
            below = root.find(key)
            if below is not None and (found := below.find_both(*(required - {key}))) is not None:
                return found
        return None if required else root

    def _node(self, required: Keys) -> KeyNode:
        """The node that these keys lead to, rarest first; made if there is none."""
        return self._follow(self._rarest_first(required) if len(required) > 1 else [*required])

    def _follow(self, path: Sequence[Key]) -> KeyNode:
        """The node that these keys lead to in this order; made if there is none."""
        node = self._root
        for key in path:
            following = node.find(key)
            if following is None:
                following = node.extend(key)
                self._seek(key, 1)
            node = following
        return node

    def _rarest_first(self, required: Keys) -> Sequence[Key]:
        if len(required) > 2:
            return sorted(required, key=self._commonness)
        one, other = required
        return (one, other) if self._commonness(one) <= self._commonness(other) else (other, one)

    def _commonness(self, key: Key) -> tuple[int, int]:
        node = self._root.find(key)
        below = None if node is None else node.below
        return len(below) if isinstance(below, dict) else int(below is not None), -len(key)

    def _tidy(self, node: KeyNode) -> None:
        """Remove nodes that lead to nothing any more."""
        while node.above is not None and node.leads_nowhere and node.above.drop(node.key):
            self._seek(node.key, -1)
            node = node.above

    def _seek(self, key: Key, change: int) -> None:
        """Look for a key in documents, once more (1) or once less (-1)."""
        if isinstance(key, tuple):
            self._pairs.count(key, change)
            for lexeme in key:
                self._words.count_lexeme(lexeme, change)
        elif key.startswith(TITLE):
            self._titles.count(key, change)
        elif key.startswith(TERM):
            self._words.count_term(key.removeprefix(TERM), change)
        elif key.startswith("="):
            self._words.count_form(key[1:], change)
        elif key.endswith("*"):
            self._words.count_beginning(key[:-1], change)
        else:
            self._words.count_lexeme(key, change)
