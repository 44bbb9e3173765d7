"""Saved queries, turned around: a document comes in, out go the alerts whose queries it answers.

A query becomes conditions: sets of keys (terms, pairs of neighbouring terms, marks) of which one
must be there whole. A condition hangs on its rarest key and, below it, on its second rarest, so
that a document touches only the few conditions it may well meet. What keys cannot tell (phrases of
three, NEAR, exclusions) is then decided on the document itself.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from itertools import pairwise

from storage.document import Document
from storage.query import analysis, evaluate
from storage.query.analysis import Analysed
from storage.query.conditions import Key, Keys, conditions, leaves
from storage.query.interest import Interest, Pairs, Prefixes
from storage.query.tree import Exact, Node, Prefix, Query, Words

_ALWAYS: Key = ""
_LEARN_EVERY = 8
_MOST_LEARNED = 300_000


class _Rule:
    """A query that one or more alerts ask. ``certain``: its conditions say all there is to say."""

    __slots__ = ("alerts", "certain", "conditions", "query")

    def __init__(self, query: Query) -> None:
        self.query = query
        self.alerts: set[int] = set()
        self.certain = False
        self.conditions: list[_Condition] = []


class _Condition:
    """Keys that must all be there, in the order in which they are looked for."""

    __slots__ = ("anchor", "rest", "rule", "second")

    def __init__(self, rule: _Rule, keys: list[Key]) -> None:
        self.rule = rule
        self.anchor = keys[0]
        self.second = keys[1] if len(keys) > 1 else None
        self.rest: Keys | None = frozenset(keys[2:]) or None


class _Bucket:
    """The conditions that hang on one key: those it meets alone, the others by their second."""

    __slots__ = ("alone", "by_second", "seconds")

    def __init__(self) -> None:
        self.alone: list[_Condition] = []
        self.by_second: dict[Key, list[_Condition]] = {}
        self.seconds: set[Key] = set()


class Matcher:
    """Which alerts a document fires. Adding and removing cost microseconds, nothing is rebuilt.

    ``frequencies`` (term → documents that hold it) say what is rare before documents have come by.
    """

    def __init__(self, frequencies: Mapping[str, int] | None = None) -> None:
        self._rules: dict[tuple[str, datetime | None, datetime | None], _Rule] = {}
        self._by_alert: dict[int, _Rule] = {}
        self._buckets: dict[Key, _Bucket] = {}
        self._anchors: set[Key] = set()
        self._learned: dict[Key, int] = {}
        self._learned.update(frequencies or {})
        self._matched = 0
        self._pairs = Pairs()
        self._forms = Interest[str]()
        self._prefixes = Prefixes()

    def __len__(self) -> int:
        """The number of alerts."""
        return len(self._by_alert)

    def add(self, alert_id: int, query: Query) -> None:
        """Watch a query for an alert, in place of the one that the alert had."""
        self.remove(alert_id)
        name = (query.text, query.after, query.before)
        rule = self._rules.get(name)
        if rule is None:
            rule = self._rules[name] = self._new_rule(query)
        rule.alerts.add(alert_id)
        self._by_alert[alert_id] = rule

    def remove(self, alert_id: int) -> None:
        """Forget an alert; one that is not there is no error."""
        rule = self._by_alert.pop(alert_id, None)
        if rule is None:
            return
        rule.alerts.discard(alert_id)
        if not rule.alerts:
            del self._rules[rule.query.text, rule.query.after, rule.query.before]
            for condition in rule.conditions:
                self._unhang(condition)
            for leaf in leaves(rule.query.root):
                self._interest(leaf, -1)

    def match(self, document: Document, analysed: Analysed | None = None) -> list[int]:
        """The ids of the alerts whose queries the document answers, in order.

        ``analysed``: the document's words, where they are at hand.
        """
        if analysed is None:
            analysed = analysis.analyse_document(document)
        keys = self._keys(analysed)
        self._learn(keys)
        fired: set[int] = set()
        seen: set[_Rule] = set()
        for rule in self._met(keys):
            if rule in seen:
                continue
            seen.add(rule)
            if rule.certain or evaluate.matches(rule.query, document, analysed):
                fired |= rule.alerts
        return sorted(fired)

    def _met(self, keys: set[Key]) -> Iterable[_Rule]:
        for anchor in self._anchors & keys:
            bucket = self._buckets[anchor]
            for condition in bucket.alone:
                yield condition.rule
            for second in bucket.seconds & keys:
                for condition in bucket.by_second[second]:
                    if condition.rest is None or condition.rest <= keys:
                        yield condition.rule

    def _keys(self, analysed: Analysed) -> set[Key]:
        """Everything that a condition may hang on, of a document."""
        keys: set[Key] = {_ALWAYS}
        keys |= analysed.marks
        for column in analysed.columns:
            keys.update(column.terms)
        if self._pairs:
            for column in analysed.columns:
                keys.update(self._pairs.of(column.terms, keys))
        if self._forms or self._prefixes:
            forms = {*analysed.title.forms, *analysed.body.forms}
            keys.update([f"={form}" for form in self._forms.keys() & forms])
            keys.update(self._prefixes.of(forms))
        return keys

    def _learn(self, keys: set[Key]) -> None:
        self._matched += 1
        if self._matched % _LEARN_EVERY == 1:
            learned = self._learned
            if len(learned) > _MOST_LEARNED:
                self._learned = learned = {key: n // 2 for key, n in learned.items() if n > 1}
            for key in keys:
                learned[key] = learned.get(key, 0) + 1

    def _new_rule(self, query: Query) -> _Rule:
        rule = _Rule(query)
        found, enough = ([], True) if query.root is None else conditions(query.root)
        rule.certain = enough and query.after is None and query.before is None
        for keys in found or [Keys()]:
            condition = _Condition(rule, sorted(keys or {_ALWAYS}, key=self._commonness))
            rule.conditions.append(condition)
            self._hang(condition)
        for leaf in leaves(query.root):
            self._interest(leaf, 1)
        return rule

    def _commonness(self, key: Key) -> tuple[int, int, int]:
        bucket = self._buckets.get(key)
        hung = 0 if bucket is None else len(bucket.alone) + len(bucket.by_second)
        return self._learned.get(key, 0), hung, -len(key)

    def _hang(self, condition: _Condition) -> None:
        bucket = self._buckets.get(condition.anchor)
        if bucket is None:
            bucket = self._buckets[condition.anchor] = _Bucket()
            self._anchors.add(condition.anchor)
        if condition.second is None:
            bucket.alone.append(condition)
        else:
            bucket.by_second.setdefault(condition.second, []).append(condition)
            bucket.seconds.add(condition.second)

    def _unhang(self, condition: _Condition) -> None:
        bucket = self._buckets[condition.anchor]
        if condition.second is None:
            bucket.alone.remove(condition)
        else:
            bucket.by_second[condition.second].remove(condition)
            if not bucket.by_second[condition.second]:
                del bucket.by_second[condition.second]
                bucket.seconds.discard(condition.second)
        if not bucket.alone and not bucket.by_second:
            del self._buckets[condition.anchor]
            self._anchors.discard(condition.anchor)

    def _interest(self, leaf: Node, change: int) -> None:
        match leaf:
            case Words(terms):
                for pair in pairwise(terms):
                    self._pairs.count(pair, change)
            case Exact(form):
                self._forms.count(form, change)
            case Prefix(form):
                self._prefixes.count(form, change)
