"""The page about queries says what there is, and all its examples work."""

from pathlib import Path

import pytest

from handlers.normalize.post import language
from handlers.queries import query_guide
from handlers.texts.alerts.why import why_words
from storage.languages.catalogue import spoken
from storage.query.reading import filters, syntax

ROOT = Path(__file__).parents[3]
EXAMPLES = [one.example for language in spoken() for one in query_guide.operators(language)]


@pytest.mark.parametrize("example", EXAMPLES)
def test_every_example_is_a_query(example: str) -> None:
    assert syntax.parse(example).text


def test_every_filter_has_a_row() -> None:
    forms = {operator.form for operator in query_guide.operators("en")}
    assert {f"{name}:" for name in filters.NAMES} <= forms


def test_every_language_that_posts_are_told_to_be_in_can_be_asked_for_and_has_a_name() -> None:
    assert set(filters.LANG) == set(language.LANGUAGES) == set(why_words("en").languages)


def test_the_page_in_the_docs_is_made_from_the_table() -> None:
    written = (ROOT / "docs" / "query-language.md").read_text(encoding="utf-8")
    assert written == query_guide.page(), "run: ./do docs"


@pytest.mark.parametrize("subject", ["query", "Запрос"])
async def test_help_query_is_one_message_with_examples_to_copy(ann, subject: str) -> None:
    (message,) = await ann.say(f"/help {subject}")
    copied = {
        message.text.text[span.start : span.end]
        for span in message.text.spans
        if span.kind == "code"
    }
    assert copied == {operator.example for operator in query_guide.operators("en")}


async def test_help_names_the_page(ann) -> None:
    assert "/help query" in await ann.read("/help")
