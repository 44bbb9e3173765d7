"""The table of what a query may hold: ``/help query`` and docs/query-language.md come from it."""

from collections.abc import Iterable, Mapping

from msgspec import Struct

from handlers.render.text.rich import RichText, bold, code, join
from handlers.texts.guide import GuideWords
from storage.languages.vocabulary import Vocabulary
from storage.query.reading import filter_words, syntax

DOCUMENTED = ("en", "ru")
"""The languages of docs/query-language.md."""


class Operator(Struct, frozen=True, kw_only=True):
    """One thing that a query may hold: how it is written, what it asks for, and an example that
    parses."""

    form: str
    summary: str
    example: str


def operators(language: str) -> tuple[Operator, ...]:
    """All that a query may hold, told in a language."""
    said = GuideWords.of(language)
    return tuple(
        Operator(form=form, summary=_summary(form, said), example=said.examples[form])
        for form in said.summaries
    )


def _summary(form: str, said: GuideWords) -> str:
    """What a form asks for; of a filter also its name in the language."""
    summary = said.summaries[form].format_map(_values(form, said.language))
    name = form.removesuffix(":")
    if name == form:
        return summary
    other = filter_words.NAMES.word(name, said.language)
    return summary if other == name else said.other_name.format(summary=summary, name=other)


def _values(form: str, language: str) -> Mapping[str, object]:
    values = {"has:": filter_words.HAS, "is:": filter_words.IS}.get(form)
    return {
        "letters": syntax.SHORTEST_PREFIX,
        "values": ", ".join(_named(values, language)) if values else "",
    }


def _named(values: Vocabulary, language: str) -> Iterable[str]:
    """The values of a filter, each with what it is called in a language: ``photo (фото)``."""
    for value in values.english:
        word = values.word(value, language)
        yield value if word == value else f"{value} ({word})"


def _limits(said: GuideWords) -> str:
    return said.limits.format(
        characters=syntax.MOST_CHARACTERS, words=syntax.MOST_WORDS, levels=syntax.MOST_DEPTH
    )


def guide(language: str) -> RichText:
    """The page as the bot says it: examples are to be copied by a tap."""
    said = GuideWords.of(language)
    rows = [join(" — ", (code(one.example), one.summary)) for one in operators(language)]
    return join("\n\n", (bold(said.title), said.introduction, join("\n", rows), _limits(said)))


def page() -> str:
    """docs/query-language.md."""
    lines = ["# The query language"]
    for language in DOCUMENTED:
        said = GuideWords.of(language)
        lines += ["", f"## {said.title}", "", said.introduction, ""]
        lines.append(f"| {said.form_head} | {said.summary_head} | {said.example_head} |")
        lines.append("| --- | --- | --- |")
        lines += [
            f"| `{one.form}` | {one.summary} | `{one.example}` |" for one in operators(language)
        ]
        lines += ["", _limits(said)]
    return "\n".join(lines) + "\n"
