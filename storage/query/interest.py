"""What saved queries ask for beyond words' terms: looked for in documents only while asked for."""

from collections.abc import Iterable, KeysView
from typing import Generic, TypeVar

T = TypeVar("T")

_REMEMBERED = 200_000


class Interest(Generic[T]):
    """Things asked for, each with how many queries ask for it."""

    def __init__(self) -> None:
        self._asked: dict[T, int] = {}

    def __len__(self) -> int:
        return len(self._asked)

    def keys(self) -> KeysView[T]:
        """All that is asked for."""
        return self._asked.keys()

    def count(self, thing: T, change: int) -> None:
        """One query more (1) or fewer (-1) asks for the thing."""
        asked = self._asked.get(thing, 0) + change
        if asked > 0:
            self._asked[thing] = asked
        else:
            self._asked.pop(thing, None)


class Prefixes(Interest[str]):
    """Beginnings of words asked for; which of them a form has is remembered form by form."""

    def __init__(self) -> None:
        super().__init__()
        self._lengths: list[int] = []
        self._known: dict[str, tuple[str, ...]] = {}

    def count(self, thing: str, change: int) -> None:
        """One query more (1) or fewer (-1) asks for the beginning."""
        before = len(self)
        super().count(thing, change)
        if len(self) != before:
            self._known.clear()
            self._lengths = sorted({len(prefix) for prefix in self._asked})

    def of(self, forms: Iterable[str]) -> Iterable[str]:
        """The beginnings asked for that any of the forms has, each as ``beginning*``."""
        if not self._asked:
            return
        known = self._known
        for form in forms:
            found = known.get(form)
            if found is None:
                found = known[form] = self._begins(form)
            yield from found

    def _begins(self, form: str) -> tuple[str, ...]:
        if len(self._known) >= _REMEMBERED:
            self._known.clear()
        return tuple(
            f"{form[:length]}*"
            for length in self._lengths
            if length <= len(form) and form[:length] in self._asked
        )
