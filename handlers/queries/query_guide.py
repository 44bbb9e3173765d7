"""The table of what a query may hold: ``/help query`` and docs/query-language.md come from it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from handlers.render.text.rich import RichText, bold, code, join
from storage.query import filter_words, filters, syntax

SUBJECTS = frozenset({"query", "queries", "запрос", "запросы"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Operator:
    """One thing that a query may hold: how it is written, and in each language what it asks for
    with an example that parses."""

    form: str
    summary: Mapping[str, str]
    example: Mapping[str, str]


def _row(form: str, en: str, en_example: str, ru: str, ru_example: str) -> Operator:
    return Operator(
        form=form, summary={"en": en, "ru": ru}, example={"en": en_example, "ru": ru_example}
    )


def _filter(name: str, en: str, en_example: str, ru: str, ru_example: str) -> Operator:
    """A filter's row; in Russian it has a second name."""
    other = next(russian for russian, means in filter_words.NAMES_RUSSIAN.items() if means == name)
    return _row(f"{name}:", en, en_example, f"{ru}; можно {other}:", ru_example)


def _values(values: Mapping[str, str], all_of_them: Sequence[str]) -> str:
    """The values of a filter in Russian, each with what it may also be called: ``photo (фото)``."""
    russian = {means: value for value, means in reversed([*values.items()])}
    return ", ".join(f"{value} ({russian[value]})" for value in all_of_them)


OPERATORS: tuple[Operator, ...] = (
    _row(
        "word word",
        "every word must occur, in any form, case and order",
        "oil price",
        "должны встретиться все слова, в любой форме и в любом порядке",
        "цена нефть",
    ),
    _row(
        '"…"',
        "a phrase: these words one after the other",
        '"central bank"',
        "фраза: эти слова подряд",
        "«центральный банк»",
    ),
    _row("OR", "either of two; also ИЛИ", "oil OR gas", "одно из двух; можно OR", "нефть ИЛИ газ"),
    _row(
        "-word",
        "leaves posts with the next term out; also NOT, НЕ",
        "oil -olive",
        "исключает посты со следующим словом; можно НЕ, NOT",
        "нефть -оливковая",
    ),
    _row(
        "( )",
        "brackets say what belongs together",
        "(oil OR gas) price",
        "скобки показывают, что к чему относится",
        "(нефть ИЛИ газ) цена",
    ),
    _row(
        "word*",
        f"the beginning of a word, {syntax.SHORTEST_PREFIX} letters or more",
        "sanction*",
        f"начало слова, не меньше {syntax.SHORTEST_PREFIX} букв",
        "санкци*",
    ),
    _row("=word", "this very form, no other", "=sanctions", "только эта форма слова", "=послами"),
    _row(
        "NEAR/n",
        "two words or phrases with at most so many words between them, or (a OR b) on a side",
        "grain NEAR/5 storage",
        "два слова или фразы, между которыми не больше стольких слов; можно РЯДОМ/n и (a OR b)",
        "зерно NEAR/5 хранение",
    ),
    _row("#tag", "a hashtag", "#energy", "хештег", "#энергетика"),
    _filter("title", "in the title only", "title:embargo", "только в заголовке", "title:эмбарго"),
    _filter(
        "in",
        "in:text: all that stands beside it in the post's own words, not in what is attached",
        "embargo in:text",
        "in:text: всё, что рядом, — в словах самого поста, не во вложениях",
        "эмбарго в:тексте",
    ),
    _filter(
        "link",
        "with a link to a site, the sites below it too, or to a part of it: example.org/press",
        "link:example.org",
        "со ссылкой на сайт, его поддомены или раздел: example.org/press",
        "link:example.org",
    ),
    _filter(
        "channel",
        "posts of a channel: its name, link or id",
        "channel:example_mfa",
        "посты канала: имя, ссылка или номер",
        "channel:example_mfa",
    ),
    _filter(
        "from",
        "forwarded from a channel",
        "from:example_mfa",
        "переслано из канала",
        "from:example_mfa",
    ),
    _filter(
        "by",
        "in groups: written by somebody, as far as authors are kept: name, @username or id",
        'by:"port office"',
        "в группах: кто написал, насколько авторы хранятся: имя, @имя или номер",
        "by:@example_office",
    ),
    _filter("lang", "in a language", "oil lang:en", "на языке", "нефть lang:ru"),
    _filter(
        "has",
        f"with something in it: {', '.join(filters.HAS)}",
        "flood has:photo,video",
        f"с вложением: {_values(filter_words.HAS_RUSSIAN, filters.HAS)}",
        "паводок есть:фото,видео",
    ),
    _filter(
        "is",
        f"of a kind: {', '.join(filters.IS)}",
        "is:original oil",
        f"какой пост: {_values(filter_words.IS_RUSSIAN, filters.IS)}",
        "is:original нефть",
    ),
    _filter("place", "datelined there", "place:Moscow", "место в шапке", "place:Москва"),
    _filter(
        "after",
        "published on that day or later: a date, or 7d, 2w, today, yesterday",
        "oil after:2024-05-31",
        "в этот день или позже: дата, 7д, 2н, сегодня, вчера",
        "нефть после:31.05.2024",
    ),
    _filter(
        "before",
        "published before that day",
        "oil before:2024-06",
        "раньше этого дня",
        "нефть before:2024-06",
    ),
    _filter("on", "published that day", "oil on:2024-05-31", "в этот день", "нефть on:2024-05-31"),
)

TITLE = {"en": "How queries are written", "ru": "Как пишут запросы"}

INTRODUCTION = {
    "en": (
        "Searches and alerts take the same queries: what an alert tells of is what a search "
        "finds. Case does not matter, nor ё and е, nor punctuation, nor the kind of quotes and "
        "dashes; but operators are capital letters: in small ones they are words. Several values "
        "of a filter are alternatives: lang:ru,en."
    ),
    "ru": (
        "Поиск и оповещения понимают одни и те же запросы: оповещение придёт о том, что нашёл бы "
        "поиск. Регистр, ё и е, знаки препинания, вид кавычек и тире не важны, но операторы "
        "пишутся большими буквами: маленькими они просто слова. Если у условия несколько значений, "
        "подойдёт любое: lang:ru,en."
    ),
}

LIMITS = {
    "en": (
        f"A query has {syntax.MOST_CHARACTERS} characters, {syntax.MOST_WORDS} words and "
        f"{syntax.MOST_DEPTH} levels of brackets at most, and something that must occur. An alert "
        "takes no before: and on:, and full dates only; in one, is:edited and is:deleted tell of "
        "the change itself, with what the post said before."
    ),
    "ru": (
        f"В запросе не больше {syntax.MOST_CHARACTERS} знаков, {syntax.MOST_WORDS} слов и "
        f"{syntax.MOST_DEPTH} уровней скобок, и что-то должно встретиться. В оповещении нет "
        "before: и on:, а даты только полные; is:edited и is:deleted сообщают там о самой правке и "
        "об удалении, с прежним текстом."
    ),
}

HELP_HINT = {
    "en": "All that a query may hold: /help query",
    "ru": "Всё о запросах: /help query",
}


def guide(language: str) -> RichText:
    """The page as the bot says it: examples are to be copied by a tap."""
    rows = [
        join(" — ", (code(operator.example[language]), operator.summary[language]))
        for operator in OPERATORS
    ]
    parts = (bold(TITLE[language]), INTRODUCTION[language], join("\n", rows), LIMITS[language])
    return join("\n\n", parts)


def page() -> str:
    """docs/query-language.md, in both languages."""
    heads = {"en": "| write | which asks for | for example |", "ru": "| запись | смысл | пример |"}
    lines = ["# The query language"]
    for language, head in heads.items():
        lines += ["", f"## {TITLE[language]}", "", INTRODUCTION[language], "", head]
        lines.append("| --- | --- | --- |")
        lines += [
            f"| `{operator.form}` | {operator.summary[language]} | `{operator.example[language]}` |"
            for operator in OPERATORS
        ]
        lines += ["", LIMITS[language]]
    return "\n".join(lines) + "\n"
