"""What can be wrong with a query is said in a language as its catalogue has it."""

from string import Formatter

import pytest

from handlers.texts import problems
from handlers.texts.problems import QueryProblems
from storage.languages import catalogue

VALUES = {
    "number": ["5"],
    "filter": ["from:"],
    "written": ["~port"],
    "quoted": ["port", "the port's", 'a "b"'],
    "text": ["port", "from:@news", "=port", "a, b"],
    "other": ["-port"],
}


def filled(template: str) -> list[dict[str, str]]:
    """Values for what stands open in a template, each with the plainest of the others."""
    names = [name for _, name, _, _ in Formatter().parse(template) if name]
    plain = {name: VALUES[name][0] for name in names}
    return [plain, *({**plain, name: value} for name in names for value in VALUES[name][1:])]


@pytest.mark.parametrize("language", sorted(catalogue.spoken()))
@pytest.mark.parametrize("english", QueryProblems().problems)
def test_each_is_said_in_its_own_words(english: str, language: str) -> None:
    its_own = QueryProblems.of(language).problems[english]
    for values in filled(english):
        written = english.format_map(
            {name: repr(value) if name == "quoted" else value for name, value in values.items()}
        )
        assert problems.said(written, language) == (
            written if language == catalogue.SOURCE else its_own.format_map(values)
        )


def test_what_is_not_known_stays_as_it_is() -> None:
    assert problems.said("something new", "ru") == "something new"
