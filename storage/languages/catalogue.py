"""The catalogues: which languages there are, and what each says for the English of the code.

A language is there when its file is: ``ru.po``, by its two letters of ISO 639-1 (Telegram's menus
take no others), in GNU gettext's format. Each entry is found by its
context, which is unique (``alerts.title``), and its English; an entry that is missing, not
translated or fuzzy is said in English. A file is read when the language is first used.
"""

import functools
import gettext
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from babel.messages.catalog import Catalog, Message

FOLDER = Path(__file__).parent
SOURCE = "en"
"""The language of the code."""

Forms = tuple[str, ...]
"""A text with ``{n}`` in it, in each form that the language has for numbers."""


def english_plural(number: int) -> int:
    """The place of the form for a number in English: one, or any other."""
    return 0 if number == 1 else 1


class Catalogue:
    """One language's texts by context and English."""

    def __init__(self, language: str, catalog: "Catalog | None" = None) -> None:
        self.language = language
        self.plural: Callable[[int], int] = english_plural
        self._said: dict[tuple[str, str], Forms] = {}
        if catalog is not None:
            self.plural = gettext.c2py(catalog.plural_expr)
            self._said = dict(_entries(catalog))

    def text(self, context: str, english: str) -> str:
        """What is said in this language; the English where nothing is."""
        return self._said.get((context, english), (english,))[0]

    def forms(self, context: str, english: Forms) -> Forms:
        """The forms of a text that counts; one for each number that ``plural`` gives."""
        said = self._said.get((context, english[0]))
        if said is not None:
            return said
        return english if self.plural is english_plural else _english_by(self.plural, english)


def _entries(catalog: "Catalog") -> "list[tuple[tuple[str, str], Forms]]":
    found = []
    for message in catalog:
        english = message.id if isinstance(message.id, str) else message.id[0]
        said = strings(message)
        if message.context and not message.fuzzy and all(said):
            found.append(((message.context, english), said))
    return found


def strings(message: "Message") -> Forms:
    """What a catalogue says for a text: one string, or one for each form."""
    said = message.string or ""
    return (said,) if isinstance(said, str) else tuple(said)


def _english_by(plural: Callable[[int], int], english: Forms) -> Forms:
    """English in the places of another language's forms."""
    return tuple(english[0 if plural(1) == place else 1] for place in range(plural_forms(plural)))


def plural_forms(plural: Callable[[int], int]) -> int:
    """How many forms a rule tells apart."""
    return max(plural(number) for number in range(200)) + 1


@functools.cache
def spoken() -> tuple[str, ...]:
    """The codes of all languages, English first: ``("en", "ru")``."""
    return (SOURCE, *sorted(path.stem for path in FOLDER.glob("[a-z][a-z].po")))


@functools.cache
def read(language: str) -> Catalogue:
    """The catalogue of a language; that of English, which is empty, for one that is not spoken."""
    if language == SOURCE or language not in spoken():
        return Catalogue(SOURCE)
    from babel.messages.pofile import read_po  # What starts without a text need not load it.

    with (FOLDER / f"{language}.po").open("rb") as file:
        return Catalogue(language, read_po(file, locale=None))
