"""The words of queries: what each means, and what other search engines call it."""

from datetime import UTC, datetime

import pytest

from storage.errors import QueryError
from storage.query.reading.syntax import SUGGESTION, parse

NOW = datetime(2024, 5, 1, 12, tzinfo=UTC)
VALUES = {"link": "example.org", "lang": "ru", "has": "photo"} | dict.fromkeys(
    ("after", "before", "on"), "2024"
)


def read(text: str) -> str:
    return parse(text, now=NOW).text


def suggested(text: str) -> str:
    """The query that the error offers."""
    with pytest.raises(QueryError) as refused:
        read(text)
    assert refused.value.hint.startswith(SUGGESTION)
    return refused.value.hint.removeprefix(SUGGESTION)


@pytest.mark.parametrize("operator", ["or OR", "and AND", "not NOT", "near NEAR"])
def test_operators_are_written_in_capital_letters(operator: str) -> None:
    small, capital = operator.split()
    joined = {"OR": "a OR b", "AND": "a b", "NOT": "a -b", "NEAR": "a NEAR/10 b"}[capital]
    assert read(f"a {capital} b") == joined
    assert read(f"a {small} b") == f"a {small} b"


@pytest.mark.parametrize(
    ("name", "values"),
    [
        (
            "has",
            "photo video link forward album poll audio voice document sticker location contact "
            "webpage story checklist invoice giveaway game dice media",
        ),
        ("is", "edited deleted original"),
        (
            "lang",
            "ar be bg cs de el en es fa fr he hi hy it ja ka kk ko mk nl pl pt ro ru sr sv tr uk "
            "zh",
        ),
        ("in", "text"),
    ],
)
def test_values_of_filters(name: str, values: str) -> None:
    for value in values.split():
        told = f"{name}:{value}"
        expected = "a in:text" if name == "in" else f"a {told}"
        assert read(f"a {told}") == read(f"a {told.upper()}") == expected


@pytest.mark.parametrize(
    "names",
    [
        "after newer since",
        "before older to until",
        "by author sender user",
        "channel chat source",
        "from origin",
        "has filter type",
        "lang language",
        "link domain site url",
        "on date day",
        "place city",
        "who quote quotes said speaker",
    ],
)
def test_a_filter_of_another_search_engine_is_told_ours(names: str) -> None:
    ours, *others = names.split()
    value = VALUES.get(ours, "harbour")
    for other in others:
        assert suggested(f"a {other}:{value}") == f"a {ours}:{value}"
        assert suggested(f"a {other.title()}:{value}") == f"a {ours}:{value}"


@pytest.mark.parametrize(
    "values",
    [
        "has:audio music",
        "has:checklist todo",
        "is:deleted removed",
        "has:document file",
        "is:edited changed",
        "has:forward repost",
        "has:giveaway prize",
        "has:link url urls",
        "has:location geo map",
        "is:original own",
        "has:photo image images picture pictures",
        "has:poll quiz",
        "has:video gif",
        "has:voice recording",
        "has:webpage preview",
        "lang:ar arabic",
        "lang:be by",
        "lang:cs cz",
        "lang:de ger german",
        "lang:el gr",
        "lang:en en-us eng english gb us",
        "lang:es spanish",
        "lang:fa ir persian",
        "lang:fr french",
        "lang:he hebrew il",
        "lang:it italian",
        "lang:ja japanese jp",
        "lang:ka georgian",
        "lang:kk kz",
        "lang:nl dutch",
        "lang:pl polish",
        "lang:ru rus russian",
        "lang:sr rs serbian",
        "lang:tr turkish",
        "lang:uk ua ukr ukrainian",
        "lang:zh chinese cn",
    ],
)
def test_a_value_of_another_search_engine_is_told_ours(values: str) -> None:
    ours, *others = values.split()
    name = ours.partition(":")[0]
    for other in others:
        assert suggested(f"a {name}:{other}") == f"a {ours}"


@pytest.mark.parametrize("heading", ["title", "heading", "headline"])
def test_whoever_looks_in_the_title_is_told_the_filter(heading: str) -> None:
    with pytest.raises(QueryError) as refused:
        read(f"a in:{heading}")
    assert refused.value.hint == "write title:word"


@pytest.mark.parametrize(
    ("written", "instead"), [("now", "today"), ("week", "7d"), ("month", "30d"), ("year", "1y")]
)
def test_a_date_of_another_search_engine_is_told_ours(written: str, instead: str) -> None:
    assert suggested(f"a after:{written}") == f"a after:{instead}"


@pytest.mark.parametrize(
    ("written", "instead"),
    [
        ("источник:harbour", "channel:harbour"),
        ("сайт:example.org", "link:example.org"),
        ("год:2024", "on:2024"),
        ("has:картинка", "has:photo"),
        ("has:голосовое", "has:voice"),
        ("is:удалён", "is:deleted"),
        ("lang:укр", "lang:uk"),
        ("after:сейчас", "after:сегодня"),
        ("after:месяц", "after:30д"),
    ],
)
def test_russian_words_are_told_ours(written: str, instead: str) -> None:
    assert suggested(f"a {written}") == f"a {instead}"
