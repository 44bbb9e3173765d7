"""Records of texts: English stands in the class, other languages are filled in from catalogues.

    class Greetings(Texts):
        CONTEXT = "greetings"
        hello: str = "Hello, {name}!"
        posts: Forms = ("{n} post", "{n} posts")
        kinds: Mapping[str, str] = texts({"photo": "a photo", "video": "a video"})

    Greetings.of("ru").hello

A text is an attribute, so that a name misspelt is an error of types, and costs no look-up.
"""

import functools
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, ClassVar, Self, TypeVar

from msgspec import Struct, field

from storage.languages import catalogue
from storage.languages.catalogue import Catalogue, Forms, english_plural

Key = TypeVar("Key")
NOT_TEXTS = frozenset({"language", "plural"})


class Texts(Struct, frozen=True, kw_only=True):
    """What is said in one language. ``{names}`` stand for values; see ``rich.fill``.

    ``plural`` gives the place among ``Forms`` of the one for a number.
    """

    CONTEXT: ClassVar[str] = ""
    language: str = catalogue.SOURCE
    plural: Callable[[int], int] = english_plural

    @classmethod
    def of(cls, language: str) -> Self:
        """The texts in a language; in English for one that is not spoken."""
        record: object = cls
        found: Self = _of(record, language)
        return found

    def count(self, forms: Forms, number: int) -> str:
        """A number with its noun in the right form: ``1 post``, ``5 posts``."""
        return forms[self.plural(number)].replace("{n}", str(number))


class Described(str):
    """A text of which a translator is told more."""

    __slots__ = ("also", "note")
    also: tuple[str, ...]
    note: str

    def __new__(cls, english: str, *, also: tuple[str, ...], note: str) -> Self:
        """The English, with what is told of it."""
        made = super().__new__(cls, english)
        made.also, made.note = also, note
        return made


def text(english: str, *, also: str = "", note: str = "") -> str:
    """A text of which a translator is told more: ``also`` are names of values that English does
    without, parted by blanks; ``note`` says where it stands."""
    return Described(english, also=tuple(also.split()), note=note)


def texts(english: Mapping[Key, str]) -> Mapping[Key, str]:
    """Texts by a key of the code's."""
    filled: Mapping[Key, str] = field(default_factory=lambda: dict(english))
    return filled


class Sentences(dict[str, str]):
    """Texts by their English."""


def sentences(*english: str) -> Mapping[str, str]:
    """Texts that are looked up by their English, which is made elsewhere."""
    filled: Mapping[str, str] = field(
        default_factory=lambda: Sentences((one, one) for one in english)
    )
    return filled


@functools.lru_cache(maxsize=1024)
def _of(record: Any, language: str) -> Any:
    said = catalogue.read(language)
    filled: dict[str, object] = {"language": said.language, "plural": said.plural}
    english = record()
    for name in record.__struct_fields__:
        if name not in NOT_TEXTS:
            value = getattr(english, name)
            filled[name] = _said(said, f"{record.CONTEXT}.{name}", value)
    return record(**filled)


def _said(said: Catalogue, context: str, english: Any) -> Any:
    """A value of a record in another language."""
    if isinstance(english, Texts):
        return type(english).of(said.language)
    if isinstance(english, Mapping):
        return {
            key: said.text(one, value) if value else value
            for key, one, value in _members(context, english)
        }
    if isinstance(english, str):
        return said.text(context, str(english))  # what is said is a text and no more
    return said.forms(context, tuple(english))


def _members(context: str, english: Mapping[object, str]) -> Iterator[tuple[object, str, str]]:
    """The texts of a mapping: key, context, English. Of sentences the English says enough."""
    for key, value in english.items():
        yield key, context if isinstance(english, Sentences) else f"{context}.{key}", value


class CatalogueEntry(Struct, frozen=True, kw_only=True):
    """A text as catalogues have it: its context, its English (two forms where it counts), and what
    else a translator has to know."""

    context: str
    english: Sequence[str]
    also: tuple[str, ...] = ()
    note: str = ""


def entries(record: type[Texts]) -> Iterator[CatalogueEntry]:
    """All texts of a record, in their order."""
    english = record()
    for name in record.__struct_fields__:
        if name in NOT_TEXTS:
            continue
        context, value = f"{record.CONTEXT}.{name}", getattr(english, name)
        if isinstance(value, Mapping):
            for _, one, said in _members(context, value):
                if said:
                    yield CatalogueEntry(context=one, english=(said,))
        elif isinstance(value, str):
            yield _entry(context, value)
        elif not isinstance(value, Texts):
            yield CatalogueEntry(context=context, english=value)


def _entry(context: str, english: str) -> CatalogueEntry:
    if isinstance(english, Described):
        return CatalogueEntry(
            context=context, english=(str(english),), also=english.also, note=english.note
        )
    return CatalogueEntry(context=context, english=(english,))
