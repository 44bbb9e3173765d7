"""Saved queries, turned around: a document comes in, out go the alerts whose queries it answers.

A query becomes conditions (storage/query/conditions.py). A condition hangs on the rarest of the
keys that it requires, and below that on the second rarest, so that a document touches only the few
conditions it may well meet. Rare is what few saved queries ask for: what documents hold often costs
no more than to look once below it. What keys cannot tell is then decided on the document itself.
"""

from bisect import bisect_left, insort
from collections.abc import Iterable
from datetime import datetime
from itertools import chain
from typing import cast

from storage.document import Document
from storage.query import analysis, evaluate, forms
from storage.query.analysis import Analysed
from storage.query.conditions import Condition, Key, conditions
from storage.query.interest import Forms, Pairs
from storage.query.tree import Query

_ALWAYS = ""
_Alerts = list[int] | tuple[int] | tuple[()]
"""Ids in order; those of one alert, the usual case, take less room and no part in collecting
garbage."""
_Name = str | tuple[str, datetime | None, datetime | None]


class _Shelf:
    """What hangs on the same two keys, or on the one that is then both.

    ``alerts``, in order, are those that ask for no more; ``hooks`` ask for something else too.
    """

    __slots__ = ("alerts", "anchor", "hooks", "second")

    def __init__(self, anchor: Key, second: Key) -> None:
        self.anchor = anchor
        self.second = second
        self.alerts: _Alerts = ()
        self.hooks: list[_Hook] | tuple[()] = ()


class _Rule:
    """A query that two keys do not decide, with the alerts that ask it, in order.

    ``query`` is to be decided on the document once the keys are there; None: keys say all.
    """

    __slots__ = ("alerts", "name", "query", "shelves")

    def __init__(self, name: _Name, query: Query | None) -> None:
        self.name = name
        self.query = query
        self.alerts: _Alerts = ()
        self.shelves: tuple[_Shelf, ...] = ()


_Hook = tuple[Key, tuple[Key, ...], tuple[Key, ...], _Rule]
"""A condition of a rule on its shelf: a key more (or _ALWAYS), further ones, none of these."""


class Matcher:
    """Which alerts a document fires. Adding and removing cost microseconds, nothing is rebuilt."""

    def __init__(self) -> None:
        self._places: dict[int, _Shelf | _Rule] = {}
        self._rules: dict[_Name, _Rule] = {}
        self._shelves: dict[Key, dict[Key, _Shelf]] = {}
        self._pairs = Pairs()
        self._forms = Forms()

    def __len__(self) -> int:
        """The number of alerts."""
        return len(self._places)

    def add(self, alert_id: int, query: Query) -> None:
        """Watch a query for an alert, in place of the one that the alert had."""
        self.remove(alert_id)
        place = self._places[alert_id] = self._place(query)
        if isinstance(place.alerts, list):
            insort(place.alerts, alert_id)
        else:
            place.alerts = sorted([*place.alerts, alert_id]) if place.alerts else (alert_id,)

    def remove(self, alert_id: int) -> None:
        """Forget an alert; one that is not there is no error."""
        place = self._places.pop(alert_id, None)
        if place is None:
            return
        if isinstance(place.alerts, list):
            del place.alerts[bisect_left(place.alerts, alert_id)]
        else:
            place.alerts = ()
        if isinstance(place, _Shelf):
            self._tidy(place)
        elif not place.alerts:
            del self._rules[place.name]
            for shelf in place.shelves:
                self._unhang(shelf, place)

    def match(self, document: Document, analysed: Analysed | None = None) -> list[int]:
        """The ids of the alerts whose queries the document answers, each once, in no order.

        ``analysed``: the document's words, where they are at hand.
        """
        if analysed is None:
            analysed = analysis.analyse_document(document)
        keys = self._keys(analysed)
        fired: list[int] = []
        reached: set[_Rule] = set()
        for anchor in self._shelves.keys() & keys:
            below = self._shelves[anchor]
            for second in below.keys() & keys:
                shelf = below[second]
                fired += shelf.alerts
                for third, others, refused, rule in shelf.hooks:
                    if (
                        third in keys
                        and (not refused or keys.isdisjoint(refused))
                        and (not others or keys.issuperset(others))
                    ):
                        reached.add(rule)
        for rule in reached:
            if rule.query is None or evaluate.matches(rule.query, document, analysed):
                fired += rule.alerts
        return fired

    def _keys(self, analysed: Analysed) -> set[Key]:
        """Everything that a condition may hang on, of a document."""
        found = {_ALWAYS, *analysed.title.terms, *analysed.body.terms}
        ambiguous = [term for term in found if "|" in term]
        for term in ambiguous:
            found.update(forms.readings_in(term))
        columns = analysed.columns
        pairs = self._pairs.of([column.terms for column in columns], found, ambiguous)
        if self._forms.are_asked_for:
            for column in columns:
                found.update(chain.from_iterable(map(self._forms.__getitem__, column.forms)))
        found.update(analysed.marks)
        keys = cast("set[Key]", found)
        keys.update(pairs)
        return keys

    def _place(self, query: Query) -> _Shelf | _Rule:
        """Where the alerts stand that ask this query."""
        dated = query.after is not None or query.before is not None
        name = (query.text, query.after, query.before) if dated else query.text
        rule = self._rules.get(name)
        if rule is not None:
            return rule
        found, enough = ([Condition()], True) if query.root is None else conditions(query.root)
        if enough and not dated and len(found) == 1:
            ((required, refused),) = found
            if len(required) <= 2 and not refused:
                return self._shelf(self._ordered(required))
        rule = self._rules[name] = _Rule(name, None if enough and not dated else query)
        rule.shelves = tuple([self._hang(condition, rule) for condition in found])
        return rule

    def _ordered(self, required: Iterable[Key]) -> list[Key]:
        """The keys, rarest first; two that stand together already, as they stand."""
        keys = sorted(required, key=self._commonness)
        if len(keys) > 1 and keys[0] in self._shelves.get(keys[1], ()):
            keys[:2] = keys[1::-1]
        return keys or [_ALWAYS]

    def _commonness(self, key: Key) -> tuple[int, int]:
        return len(self._shelves.get(key, ())), -len(key)

    def _shelf(self, keys: list[Key]) -> _Shelf:
        """The shelf of the first two keys."""
        anchor, second = (keys[0], keys[0]) if len(keys) == 1 else keys[:2]
        below = self._shelves.setdefault(anchor, {})
        shelf = below.get(second)
        if shelf is None:
            shelf = below[second] = _Shelf(anchor, second)
            self._seek((anchor, second), 1)
        return shelf

    def _hang(self, condition: Condition, rule: _Rule) -> _Shelf:
        keys = self._ordered(condition.required)
        third, *others = keys[2:] or [_ALWAYS]
        hook = (third, tuple(others), tuple(condition.refused), rule)
        shelf = self._shelf(keys)
        if isinstance(shelf.hooks, list):
            shelf.hooks.append(hook)
        else:
            shelf.hooks = [hook]
        self._seek((third, *others, *condition.refused), 1)
        return shelf

    def _unhang(self, shelf: _Shelf, rule: _Rule) -> None:
        for third, others, refused, hung in shelf.hooks:
            if hung is rule:
                self._seek((third, *others, *refused), -1)
        shelf.hooks = [hook for hook in shelf.hooks if hook[-1] is not rule] or ()
        self._tidy(shelf)

    def _tidy(self, shelf: _Shelf) -> None:
        """Take the shelf away if it is empty."""
        if shelf.alerts or shelf.hooks:
            return
        below = self._shelves.get(shelf.anchor, {})
        if below.pop(shelf.second, None) is not None:
            self._seek((shelf.anchor, shelf.second), -1)
            if not below:
                del self._shelves[shelf.anchor]

    def _seek(self, keys: Iterable[Key], change: int) -> None:
        """Look for the keys in documents, once more (1) or once less (-1)."""
        for key in keys:
            if isinstance(key, tuple):
                self._pairs.count(key, change)
            elif key.startswith("="):
                self._forms.count_form(key[1:], change)
            elif key.endswith("*"):
                self._forms.count_beginning(key[:-1], change)
