"""All that the bot says: counted as people count, set as people set type."""

import importlib
import re
from collections.abc import Iterator
from typing import Any

import pytest
from msgspec import Struct
from msgspec.structs import fields

from handlers.texts import chats
from handlers.texts.alerts import why
from handlers.texts.languages import words_of
from storage.languages.catalogue import spoken
from storage.languages.template import find_sources

ROMAN = re.compile(
    r"/\w+|@\w+|#\w+|\{\w+\}|https?://\S+|`[^`]*`|\b[A-Z][A-Z_]+(?:/\w+)?\b|"
    r"\b[a-z]+:[\w,]*|\b[a-z]+(?= \()|\bexample\.org\S*|"
    r"\b(?:Telegram|csv|jsonl|[Dd]ateline(?: \w+)?|JSON|word|text|query)\b"
)
"""Names, commands and values, which stay what they are."""


def records(language: str) -> Iterator[Any]:
    """Every record of texts in a language, whatever module it stands in."""
    yield words_of(language, "group")
    yield words_of(language, "channel")
    for _, found in find_sources():
        if isinstance(found, type):
            yield found.of(language)


def sentences(value: Any, at: str = "") -> Iterator[tuple[str, str]]:
    """Every text in a record, with where it stands."""
    if isinstance(value, str):
        yield at, value
    elif isinstance(value, Struct):
        for spec in fields(value):
            yield from sentences(getattr(value, spec.name), f"{at}.{spec.name}")
    elif hasattr(value, "items"):
        for key, inner in value.items():
            yield from sentences(inner, f"{at}.{key}")
    elif isinstance(value, tuple | list):
        for inner in value:
            yield from sentences(inner, at)


def said(language: str) -> list[tuple[str, str]]:
    found = [pair for record in records(language) for pair in sentences(record)]
    if language == "ru":
        found = [pair for pair in found if not is_pattern(pair[0])]
    return sorted(set(found))


def is_pattern(at: str) -> bool:
    """What is looked up or typed, not said."""
    return at.startswith(".examples.") or at.endswith((".language", ".other_language", ".zone"))


def test_all_records_are_found() -> None:
    names = {type(record).__name__ for record in records("ru")}
    assert len(names) == len({type(record).__name__ for record in records("en")}) >= 12
    assert len(said("ru")) > 700


def faults(text: str, language: str) -> Iterator[str]:
    """What a proof-reader would mark."""
    if re.search(r"\s-\s|^- ", text):
        yield "a hyphen for a dash"
    if "..." in text:
        yield "three dots for one sign"
    if re.search(r"  |\s[,.;:!?](?:\s|$)", text):
        yield "spaces"
    if language == "en":
        if re.search("[А-Яа-яЁё]", re.sub(r"\b(?:ИЛИ|НЕ|ё|е)\b", "", text)):
            yield "Russian"
        if re.search(r"\w\(s\)", text):
            yield "a plural in brackets"
        return
    if re.search('["“”]', re.sub(r'[a-z]+:"[^"]*"', "", text)):
        yield "quotation marks"
    if re.search(r"\d\.\d", text):
        yield "a point in a number"
    if re.search(r"[A-Za-z]{2,}", ROMAN.sub("", text)):
        yield "English"


@pytest.mark.parametrize("language", spoken())
def test_all_is_set_as_the_language_is_set(language: str) -> None:
    found = [(at, fault, text) for at, text in said(language) for fault in faults(text, language)]
    assert found == []


COUNTED = [
    ("en", 1, "posts", "1 post"),
    ("en", 2, "posts", "2 posts"),
    ("en", 0, "results", "0 results"),
    ("en", 1, "results", "1 result"),
    ("en", 1, "alerts", "1 alert"),
    ("en", 21, "alerts", "21 alerts"),
    ("en", 1, "channels", "1 channel"),
    ("en", 1, "days", "1 day"),
    ("en", 1, "people", "1 person"),
    ("en", 11, "people", "11 people"),
    ("ru", 1, "posts", "1 пост"),
    ("ru", 2, "posts", "2 поста"),
    ("ru", 5, "posts", "5 постов"),
    ("ru", 11, "posts", "11 постов"),
    ("ru", 21, "posts", "21 пост"),
    ("ru", 0, "posts", "0 постов"),
    ("ru", 3, "results", "3 результата"),
    ("ru", 1, "alerts", "1 оповещение"),
    ("ru", 4, "alerts", "4 оповещения"),
    ("ru", 12, "alerts", "12 оповещений"),
    ("ru", 22, "channels", "22 канала"),
    ("ru", 1, "days", "1 день"),
    ("ru", 14, "days", "14 дней"),
    ("ru", 1, "people", "1 человек"),
    ("ru", 3, "people", "3 человека"),
    ("ru", 5, "people", "5 человек"),
    ("ru", 1, "posts_at_most", "1 поста"),
    ("ru", 500, "posts_at_most", "500 постов"),
    ("en", 1, "alerts.alert_lines.bundle", "🔔 1 post"),
    ("ru", 2, "alerts.alert_lines.bundle", "🔔 2 поста"),
    ("en", 1, "alerts.alert_lines.bundle_gone", "🗑 1 post was deleted"),
    ("ru", 1, "alerts.alert_lines.bundle_gone", "🗑 Удалён 1 пост"),
    ("ru", 5, "alerts.alert_lines.bundle_late", "🔔 Пропущено 5 постов"),
    ("ru", 3, "alerts.alert_lines.added", "+3 строки"),
    ("en", 1, "querying.fired", "It would have fired 1 time in the last 7 days."),
    ("ru", 2, "querying.fired", "За последние 7 дней пришло бы 2 оповещения."),
    ("ru", 5, "querying.also_in", "+5 каналов"),
    ("en", 1, "channels.listing.per_day", "1 post a day"),
    ("ru", 2, "channels.listing.per_week", "2 поста в неделю"),
]


@pytest.mark.parametrize(("language", "number", "name", "text"), COUNTED)
def test_things_are_counted(language: str, number: int, name: str, text: str) -> None:
    words = words_of(language)
    room, _, field = name.rpartition(".")
    record: Any = words
    if room:
        module = importlib.import_module(f"handlers.texts.{room}")
        record = getattr(module, f"{room.rpartition('.')[2]}_words")(language)
    assert words.count(getattr(record, field), number) == text


@pytest.mark.parametrize(
    ("language", "seconds", "text"),
    [("en", 0.5, "0.5 s"), ("ru", 0.5, "0,5 с"), ("ru", 200, "3 мин"), ("ru", 200000, "2 дн")],
)
def test_lengths_of_time(language: str, seconds: float, text: str) -> None:
    assert words_of(language).watching.span(seconds) == text


def test_languages_of_posts_are_told_in_the_prepositional_case() -> None:
    assert why.why_words("ru").languages["uk"] == "украинском"
    assert set(why.why_words("ru").languages) == set(why.why_words("en").languages)


def test_a_place_changes_no_words_of_another_language() -> None:
    assert chats.words_in("private", words_of("ru")) is words_of("ru")
