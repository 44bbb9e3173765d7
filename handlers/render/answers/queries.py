"""A query that can't be read, with a caret below the place."""

import re

from handlers.render.text.keyboards import LABEL_UNITS, RUN, data
from handlers.render.text.messages import Button, Keyboard, Message, has_room, shorten
from handlers.render.text.rich import RichText, code, fill, join, styled
from handlers.texts.words import Words
from storage.errors import QueryError
from storage.query.reading import filter_words

SUGGESTION = "did you mean: "
"""How storage begins a hint that is a query."""

WINDOW = 30
"""The number of characters shown on each side of an error: a phone shows about forty."""


def query_problem(text: str, error: QueryError, words: Words, example: str) -> Message:
    """What is wrong with a query, where, and an example (a template) that works."""
    said = words.problem(error.what)
    suggested = suggestion_of(error)
    if error.hint and suggested is None:
        said = f"{said}; {words.problem(error.hint)}"
    last = fill(words.for_example, example=code(words.example(example)))
    if suggested is not None:
        command = example.partition(" ")[0]
        last = fill(words.did_you_mean, command=code(f"{command} {suggested}"))
    lines = (fill(words.query_error, error=said), caret(text, error.column), last)
    return Message(join("\n", lines), _run(example, suggested))


def _run(example: str, suggested: str | None) -> Keyboard:
    """A button that runs the command with what was most likely meant."""
    command = example.partition(" ")[0].removeprefix("/")
    chosen = data(RUN, command, suggested or "")
    if suggested is None or not has_room(chosen):
        return ()
    return ((Button(text=shorten(f"/{command} {suggested}", LABEL_UNITS), data=chosen),),)


def suggestion_of(error: QueryError) -> str | None:
    """The nearest query that can be read, where it is known."""
    return error.hint.removeprefix(SUGGESTION) if error.hint.startswith(SUGGESTION) else None


def as_written(part: str, written: str) -> str:
    """A part of a query with the filter names as they were typed: ``канал:`` for ``channel:``."""
    said = written.lower()
    for word, name in filter_words.NAMES.translated().items():
        if f"{word}:" in said:
            part = re.sub(rf"(?<!\w){name}:", f"{word}:", part)
    for vocabulary in (filter_words.HAS, filter_words.IS, filter_words.LANG):
        for word, value in vocabulary.translated().items():
            if word in said:
                part = re.sub(rf"(?<=:){value}\b", word, part)
    if "«" in written and '"' not in written:
        part = re.sub(r'"([^"]*)"', r"«\1»", part)
    for word, operator in filter_words.OPERATORS.translated().items():
        if re.search(rf"\b{word}\b", written):
            part = re.sub(rf"\b{filter_words.OPERATORS.english[operator]}\b", word, part)
    return part


def caret(text: str, column: int) -> RichText:
    """The text around a 0-based column with a caret below it, in code font."""
    flat = "".join(" " if character.isspace() else character for character in text)
    column = min(max(column, 0), len(flat))
    start, end = max(0, column - WINDOW), min(len(flat), column + WINDOW)
    left, right = "…" if start else "", "…" if end < len(flat) else ""
    pad = " " * (len(left) + column - start)
    return styled("pre", f"{left}{flat[start:end]}{right}\n{pad}^")
