"""All texts of the code, and catalogues brought up to date with them: for
``storage.languages.update`` and for tests, not for the service."""

import importlib
import inspect
import io
import pkgutil
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from types import ModuleType

from babel import Locale, UnknownLocaleError
from babel.messages.catalog import Catalog, Message
from babel.messages.plurals import get_plural
from babel.messages.pofile import read_po, write_po
from msgspec import Struct

from storage.languages.records import CatalogueEntry, Texts, entries
from storage.languages.vocabulary import Vocabulary

PACKAGES = ("storage", "handlers", "bot")
_WIDTH = 100
_Strings = str | tuple[str, ...] | list[str]
_HEADER = """\
# Brought up to date with the code by `./do docs`, translated by hand: docs/texts.md.
msgid ""
msgstr ""
"Language: {language}\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Plural-Forms: {plural}\\n"

"""


class LocatedEntry(Struct, frozen=True):
    """An entry and the file that it stands in."""

    entry: CatalogueEntry
    file: str


def find_entries(packages: Iterable[str] = PACKAGES) -> list[LocatedEntry]:
    """Every text and word of the code, in the order of files. Imports all modules."""
    return [
        LocatedEntry(entry, f"{module.__name__.replace('.', '/')}.py")
        for module, found in find_sources(packages)
        for entry in (entries(found) if isinstance(found, type) else found.entries())
    ]


def find_sources(
    packages: Iterable[str] = PACKAGES,
) -> Iterator[tuple[ModuleType, type[Texts] | Vocabulary]]:
    """Every record of texts and every vocabulary, with the module that it stands in."""
    for package in packages:
        path = importlib.import_module(package).__path__
        for one in pkgutil.walk_packages(path, f"{package}."):
            if not one.name.endswith("__main__"):
                module = importlib.import_module(one.name)
                yield from ((module, found) for found in _sources_in(module))


def _sources_in(module: ModuleType) -> Iterator[type[Texts] | Vocabulary]:
    for name, value in vars(module).items():
        if inspect.isclass(value) and issubclass(value, Texts):
            if value.__module__ == module.__name__:
                yield value
        elif isinstance(value, Vocabulary) and _is_defined(name, module):
            yield value


def _is_defined(name: str, module: ModuleType) -> bool:
    """Whether a module has this of its own, not of another's."""
    pattern = rf"^{name}\b.*= Vocabulary\("
    return re.search(pattern, inspect.getsource(module), re.MULTILINE) is not None


def is_language(code: str) -> bool:
    """Whether it is the code of a language that the CLDR knows: two letters, as ``de``."""
    try:
        return len(code) == 2 and str(Locale.parse(code)) == code
    except (UnknownLocaleError, ValueError):
        return False


def new_catalog(language: str, plural: str = "") -> Catalog:
    """An empty catalogue; ``plural`` is gettext's rule, else the usual one of the language."""
    header = _HEADER.format(language=language, plural=plural or get_plural(language).plural_forms)
    return read(header)


def read(text: str) -> Catalog:
    """A catalogue from its file's text."""
    return read_po(io.BytesIO(text.encode()))


def brought_up_to_date(old: Catalog, placed: Iterable[LocatedEntry]) -> Catalog:
    """The texts of the code, with what ``old`` says for them.

    What it says for another English in the same context is kept as fuzzy: it is not used until
    somebody has looked at it. What the code has no more is dropped.
    """
    new = new_catalog(str(old.locale_identifier), old.plural_forms)
    same = {(message.context, message.id): message for message in old if message.context}
    contexts = Counter(message.context for message in old)
    former = {one.context: one for one in same.values() if contexts[one.context] == 1}
    for one in placed:
        entry = one.entry
        _add(new, one, same.get((entry.context, _id(entry)), former.get(entry.context)))
    return new


def _id(entry: CatalogueEntry) -> str | tuple[str, ...]:
    return entry.english[0] if len(entry.english) == 1 else tuple(entry.english)


def _add(catalog: Catalog, placed: LocatedEntry, known: Message | None) -> None:
    entry, english = placed.entry, _id(placed.entry)
    flags = set[str]()
    string: _Strings = ""
    previous: _Strings = ()
    if known is not None and isinstance(known.id, str) == isinstance(english, str):
        string = known.string or ""
        flags |= {"fuzzy"} & (known.flags if known.id == english else {"fuzzy"})
        previous = () if known.id == english else known.id
    also = [f"May have too: {' '.join(f'{{{name}}}' for name in entry.also)}"] if entry.also else []
    catalog.add(
        english,
        string,
        locations=[(placed.file, 0)],
        flags=flags,
        auto_comments=[*also, *([entry.note] if entry.note else [])],
        user_comments=known.user_comments if known is not None else (),
        previous_id=previous,
        context=entry.context,
    )


def dump(catalog: Catalog) -> str:
    """A catalogue as its file's text."""
    out = io.BytesIO()
    write_po(
        out, catalog, width=_WIDTH, omit_header=True, include_lineno=False, include_previous=True
    )
    header = _HEADER.format(language=catalog.locale_identifier, plural=catalog.plural_forms)
    return header + out.getvalue().decode()
