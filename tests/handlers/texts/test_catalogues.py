"""Every catalogue says all that the code says, with the same values in it, and nothing else."""

import ast
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from string import Formatter

import parsed
import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po
from msgspec.structs import fields

from storage.languages import catalogue, template
from storage.languages.records import NOT_TEXTS, Texts

ROOT = Path(__file__).parents[3]
UPDATE = "run `python -m storage.languages.update`, and translate what it adds"
TRANSLATED = catalogue.spoken()[1:]


def catalog(language: str) -> Catalog:
    with (catalogue.FOLDER / f"{language}.po").open("rb") as file:
        return read_po(file)


def messages(language: str) -> list[Message]:
    return [message for message in catalog(language) if message.id]


def english(message: Message) -> tuple[str, ...]:
    return (message.id,) if isinstance(message.id, str) else tuple(message.id)


def values(text: str) -> set[str]:
    """The names of a template's values. ``{word`` raises ValueError: no text may break one."""
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}


@cache
def also() -> Mapping[str, set[str]]:
    """What translations may say beyond the English, by context."""
    return {placed.entry.context: set(placed.entry.also) for placed in template.find_entries()}


def test_there_are_catalogues_and_texts() -> None:
    assert "ru" in TRANSLATED
    assert len(template.find_entries()) > 500


def test_every_text_has_a_context_of_its_own() -> None:
    keys = Counter((one.entry.context, tuple(one.entry.english)) for one in template.find_entries())
    assert [key for key, times in keys.items() if times > 1] == []


@pytest.mark.parametrize("language", TRANSLATED)
def test_a_catalogue_is_that_of_the_code(language: str) -> None:
    current = template.brought_up_to_date(catalog(language), template.find_entries())
    stored = (catalogue.FOLDER / f"{language}.po").read_text(encoding="utf-8")
    assert stored == template.dump(current), UPDATE


@pytest.mark.parametrize("language", TRANSLATED)
def test_everything_is_translated_and_looked_at(language: str) -> None:
    untold = [m.context for m in messages(language) if m.fuzzy or not all(catalogue.strings(m))]
    assert untold == []


@pytest.mark.parametrize("language", TRANSLATED)
def test_a_translation_has_the_values_of_its_english(language: str) -> None:
    for message in messages(language):
        wanted, free = values(english(message)[-1]), also()[message.context or ""]
        for text in catalogue.strings(message):
            assert values(text) <= wanted | free, message.context
            assert values(text) >= (set() if free else wanted), message.context


@pytest.mark.slow
@pytest.mark.parametrize("language", TRANSLATED)
def test_a_translation_has_the_shape_of_its_english(language: str) -> None:
    for message in messages(language):
        for text in catalogue.strings(message):
            assert shape(text) == shape(english(message)[0]), message.context


def shape(text: str) -> tuple[object, ...]:
    """What is no language's: tags, line breaks, commands, blanks at the ends."""
    tags = sorted(re.findall(r"</?\w[^>]*>", text))
    commands = sorted(set(re.findall(r"(?<!\w)/[a-z]+\b", text)))
    return tags, commands, text.count("\n"), text[:1] == " ", text[-1:] == " "


@pytest.mark.parametrize("language", TRANSLATED)
def test_what_counts_has_every_form(language: str) -> None:
    rule = catalogue.read(language).plural
    counted = [message for message in messages(language) if len(english(message)) > 1]
    assert len(counted) > 20
    for message in counted:
        assert len(catalogue.strings(message)) == catalogue.plural_forms(rule), message.context
        assert all("{n}" in form for form in english(message)), message.context


# What the code does with its texts.


def records() -> list[type[Texts]]:
    return [found for _, found in template.find_sources() if isinstance(found, type)]


BY_NAME = ("inline_fast", "inline_wrong")
SAYINGS = ("say_kept", "say_again", "say_many", "say_wrong")
"""Texts whose names are put together, or are handed on as such."""


@pytest.mark.slow
def test_every_text_is_used() -> None:
    nodes = [node for tree in parsed.list_modules().values() for node in ast.walk(tree)]
    used = {node.attr for node in nodes if isinstance(node, ast.Attribute)}
    used |= {node.value for node in nodes if isinstance(node, ast.Constant)} & {*BY_NAME}
    told = {spec.name for record in records() for spec in fields(record)}
    assert told - used - {*SAYINGS} == set()


@pytest.mark.slow
def test_every_key_of_texts_is_one_of_the_code() -> None:
    told = Counter(
        word
        for tree in parsed.list_modules().values()
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant)
        for word in {node.value, *re.findall(r"\w+", str(node.value))}
    )
    keys = {
        key
        for record in records()
        for spec in fields(record)
        if isinstance(value := getattr(record(), spec.name), Mapping) and len(value) < 25
        for key in value
        if key != "" and spec.name not in ("periods", "places")  # Of these it makes its keys.
    }
    assert {key for key in keys if told[key] < 2} == set()


@cache
def fields_named() -> Mapping[str, list[tuple[str, set[str]]]]:
    """Of every text by its name: the record's module, and the values that it takes. Of texts by a
    key all that any of them takes."""
    found: dict[str, list[tuple[str, set[str]]]] = {}
    for record in records():
        for spec in fields(record):
            value = getattr(record(), spec.name)
            texts = [value] if isinstance(value, str) else value
            if spec.name not in NOT_TEXTS and isinstance(texts, list | Mapping):
                said = texts.values() if isinstance(texts, Mapping) else texts
                wanted = set().union(*map(values, said)) | set(getattr(value, "also", ()))
                found.setdefault(spec.name, []).append((record.__module__, wanted))
    return found


def uses(tree: ast.Module) -> Iterator[tuple[ast.Call, str]]:
    """The calls that fill a text in, with its name: ``fill(said.hello, name=…)``. One that is
    chosen before is looked for within the function."""
    for scope in ast.walk(tree):
        if isinstance(scope, ast.FunctionDef | ast.AsyncFunctionDef):
            for node in ast.walk(scope):
                if isinstance(node, ast.Call) and all(word.arg for word in node.keywords):
                    yield from ((node, name) for name in told(filled(node), scope))


def filled(call: ast.Call) -> ast.expr | None:
    """What a call fills in: ``said.hello`` of ``said.hello.format(name=…)``."""
    if isinstance(call.func, ast.Attribute) and call.func.attr == "format":
        return call.func.value
    is_fill = isinstance(call.func, ast.Name) and call.func.id == "fill"
    return call.args[0] if is_fill else None


def told(node: ast.expr | None, scope: ast.AST) -> Iterator[str]:
    """The names of the texts that an expression may be."""
    if isinstance(node, ast.Attribute) and not node.attr.isupper():
        yield node.attr
    elif isinstance(node, ast.Subscript):
        yield from told(node.value, scope)
    elif isinstance(node, ast.IfExp):
        yield from told(node.body, scope)
        yield from told(node.orelse, scope)
    elif isinstance(node, ast.Name):
        for one in ast.walk(scope):
            if isinstance(one, ast.Assign) and ast.unparse(one.targets[0]) == node.id:
                yield from told(one.value, scope)


def forgotten(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Texts that are filled in without a value of theirs: line and name."""
    modules = {node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    modules |= {"handlers.texts.words", "handlers.texts.watching"}
    named = fields_named()
    for call, name in uses(tree):
        given = {word.arg for word in call.keywords}
        known = [wanted for module, wanted in named.get(name, []) if module in modules]
        if not any(wanted <= given for wanted in known):
            yield call.lineno, name


@pytest.mark.parametrize("language", TRANSLATED)
def test_no_translation_says_itself_twice(language: str) -> None:
    twice = [
        (message.context, said)
        for message in messages(language)
        for said in catalogue.strings(message)
        if len(said) > 12 and said in (said + said)[1:-1]
    ]
    assert twice == []


@pytest.mark.slow
def test_every_text_is_filled_with_its_values() -> None:
    trees = {path.name: tree for path, tree in parsed.list_modules().items() if fills_in(path)}
    assert len(trees) > 50
    assert {name: found for name, tree in trees.items() if (found := [*forgotten(tree)])} == {}


def fills_in(path: Path) -> bool:
    code = path.read_text(encoding="utf-8")
    return "fill(" in code or ".format(" in code


@pytest.mark.parametrize(
    ("line", "missed"),
    [
        ("fill(words.alert_added, query=query)", []),
        ("fill(words.alert_added)", ["alert_added"]),
        ("words.alert_added.format(name=query)", ["alert_added"]),
        ("fill(words.alert_added if new else words.alert_known)", ["alert_added", "alert_known"]),
        ("fill(words.watching.notices[name], channel=1)", ["notices"]),
        ("fill(words.no_such_text)", ["no_such_text"]),
    ],
)
def test_a_value_that_is_forgotten_is_seen(line: str, missed: list[str]) -> None:
    tree = ast.parse(f"def say(words, query, name, new):\n    return {line}")
    assert [name for _, name in forgotten(tree)] == missed


def test_what_is_said_is_a_text_and_no_more() -> None:
    for record in records():
        said = record.of("en")
        for name in record.__struct_fields__:
            value = getattr(said, name)
            assert not isinstance(value, str) or type(value) is str, name
