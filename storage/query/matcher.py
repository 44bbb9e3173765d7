"""Saved queries, turned around: a document comes in, out go the alerts whose queries it answers.

A query becomes conditions (storage/query/conditions.py). A condition hangs on the rarest key that
it requires and, below it, on the second rarest, so that a document touches only the few conditions
it may well meet. What keys cannot tell is then decided on the document itself.
"""

from collections.abc import Mapping
from datetime import datetime
from itertools import pairwise

from storage.document import Document
from storage.query import analysis, evaluate
from storage.query.analysis import Analysed
from storage.query.conditions import Condition, Key, Keys, conditions, leaves
from storage.query.interest import Interest, Pairs, Prefixes
from storage.query.tree import Exact, Node, Prefix, Query, Words

_ALWAYS: Key = ""
_LEARN_EVERY = 8
_MOST_LEARNED = 300_000


class _Rule:
    """A query that one or more alerts ask."""

    __slots__ = ("alerts", "hung", "query")

    def __init__(self, query: Query) -> None:
        self.query = query
        self.alerts: set[int] = set()
        self.hung: list[_Hung] = []


class _Hung:
    """A condition of a rule: keys in the order in which they are looked for.

    ``plain``: with the first two there, nothing is left to be asked.
    """

    __slots__ = ("anchor", "enough", "plain", "refused", "rest", "rule", "second")

    def __init__(self, rule: _Rule, keys: list[Key], refused: Keys, *, enough: bool) -> None:
        self.rule = rule
        self.anchor = keys[0]
        self.second = keys[1] if len(keys) > 1 else None
        self.rest = frozenset(keys[2:])
        self.refused = refused
        self.enough = enough
        self.plain = enough and not self.rest and not refused


class _Shelf:
    """What meets on the same keys: alerts that ask for no more, and conditions that do."""

    __slots__ = ("alerts", "others")

    def __init__(self) -> None:
        self.alerts: set[int] = set()
        self.others: list[_Hung] = []

    def __bool__(self) -> bool:
        return bool(self.alerts or self.others)


class _Bucket:
    """The conditions that hang on one key: those it meets alone, the others by their second."""

    __slots__ = ("alone", "by_second", "seconds")

    def __init__(self) -> None:
        self.alone = _Shelf()
        self.by_second: dict[Key, _Shelf] = {}
        self.seconds: set[Key] = set()

    def shelf(self, second: Key | None) -> _Shelf:
        if second is None:
            return self.alone
        self.seconds.add(second)
        return self.by_second.setdefault(second, _Shelf())

    def tidy(self, second: Key | None) -> None:
        """Take the shelf away if it is empty."""
        if second is not None and not self.by_second.get(second, True):
            del self.by_second[second]
            self.seconds.discard(second)

    def __bool__(self) -> bool:
        return bool(self.by_second or self.alone)


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
        for hung in rule.hung:
            if hung.plain:
                self._buckets[hung.anchor].shelf(hung.second).alerts.add(alert_id)

    def remove(self, alert_id: int) -> None:
        """Forget an alert; one that is not there is no error."""
        rule = self._by_alert.pop(alert_id, None)
        if rule is None:
            return
        rule.alerts.discard(alert_id)
        for hung in rule.hung:
            if hung.plain:
                self._buckets[hung.anchor].shelf(hung.second).alerts.discard(alert_id)
        if not rule.alerts:
            del self._rules[rule.query.text, rule.query.after, rule.query.before]
            for hung in rule.hung:
                self._unhang(hung)
            for hung in rule.hung:
                self._tidy(hung.anchor)
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
        unsure: set[_Rule] = set()
        for anchor in self._anchors & keys:
            bucket = self._buckets[anchor]
            seconds = bucket.by_second
            for shelf in (bucket.alone, *[seconds[second] for second in bucket.seconds & keys]):
                fired |= shelf.alerts
                for hung in shelf.others:
                    if hung.rest <= keys and hung.refused.isdisjoint(keys):
                        if hung.enough:
                            fired |= hung.rule.alerts
                        else:
                            unsure.add(hung.rule)
        for rule in unsure:
            if evaluate.matches(rule.query, document, analysed):
                fired |= rule.alerts
        return sorted(fired)

    def _keys(self, analysed: Analysed) -> set[Key]:
        """Everything that a condition may hang on, of a document."""
        terms = {*analysed.title.terms, *analysed.body.terms}
        keys: set[Key] = {_ALWAYS, *analysis.list_lexemes(terms), *analysed.marks}
        if self._pairs:
            for column in analysed.columns:
                keys.update(self._pairs.of(column.terms, terms))
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
        found, enough = ([Condition()], True) if query.root is None else conditions(query.root)
        enough = enough and query.after is None and query.before is None
        for condition in found:
            keys = sorted(condition.required or {_ALWAYS}, key=self._commonness)
            self._hang(_Hung(rule, keys, condition.refused, enough=enough))
        for leaf in leaves(query.root):
            self._interest(leaf, 1)
        return rule

    def _commonness(self, key: Key) -> tuple[int, int, int]:
        bucket = self._buckets.get(key)
        hung = 0 if bucket is None else len(bucket.by_second)
        return self._learned.get(key, 0), hung, -len(key)

    def _hang(self, hung: _Hung) -> None:
        hung.rule.hung.append(hung)
        bucket = self._buckets.get(hung.anchor)
        if bucket is None:
            bucket = self._buckets[hung.anchor] = _Bucket()
            self._anchors.add(hung.anchor)
        shelf = bucket.shelf(hung.second)
        if not hung.plain:
            shelf.others.append(hung)

    def _unhang(self, hung: _Hung) -> None:
        bucket = self._buckets[hung.anchor]
        if not hung.plain:
            bucket.shelf(hung.second).others.remove(hung)
        bucket.tidy(hung.second)

    def _tidy(self, anchor: Key) -> None:
        if anchor in self._buckets and not self._buckets[anchor]:
            del self._buckets[anchor]
            self._anchors.discard(anchor)

    def _interest(self, leaf: Node, change: int) -> None:
        match leaf:
            case Words(forms):
                for pair in pairwise(forms):
                    self._pairs.count(pair, change)
            case Exact(form):
                self._forms.count(form, change)
            case Prefix(form):
                self._prefixes.count(form, change)
