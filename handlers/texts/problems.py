"""What can be wrong with a query: what storage says in English, and what to say in its place."""

import functools
import re
from collections.abc import Mapping
from string import Formatter

from storage.languages import catalogue
from storage.languages.records import Texts, sentences

_KINDS = {"number": r"\d+", "filter": r"\S+:", "written": r"\S+"}
"""What a value looks like, by its name; ``quoted`` is in quotation marks, others are anything."""


class QueryProblems(Texts, frozen=True, kw_only=True):
    """The first that fits is taken: what has more words of its own stands above what has less."""

    CONTEXT = "query"

    problems: Mapping[str, str] = sentences(
        "the query is longer than {number} characters",
        "the query is empty",
        "the query only says what to leave out",
        "the query has more than {number} terms",
        "the bracket is not closed",
        "this bracket was never opened",
        "the brackets are empty",
        "more than {number} levels of brackets",
        "the quotation mark is not closed",
        "there is no word between the quotation marks",
        "a phrase holds whole words",
        "a dash stands alone",
        "a term is missing here",
        "AND needs a term on both sides",
        "OR needs a term on both sides",
        "NOT needs a term after it",
        "NEAR needs a word on both sides",
        "NEAR joins two words, not three",
        "NEAR joins words and phrases only",
        "NEAR reaches from 1 to {number} words",
        "NEAR takes its number after a slash",
        "regular expressions are not understood",
        "brackets are ( and )",
        "nothing is searched for by likeness",
        "an exclamation mark leaves nothing out",
        "a question mark stands for no letter",
        "a hashtag is asked for whole",
        "a hashtag ends here",
        "=word is a whole word",
        "no post is known to be in {quoted}",
        "an asterisk stands at the end of a word only",
        "the beginning of a word needs {number} letters at least",
        "there is no word in {quoted}",
        "{written} takes one word",
        "{filter} takes words and phrases only",
        "there is no filter {text}",
        "{filter} needs a value",
        "{filter} names no channel",
        "{filter} names no author",
        "{filter} names no place",
        "who: names no speaker",
        "link: names no site",
        "in: takes text alone",
        "in:text needs a word beside it",
        "in:text cannot be refused",
        "{filter} knows no {quoted}",
        "{quoted} is no language code",
        "{quoted} is no date",
        "only a full date can be used here",
        "a date stands beside OR",
        "a date stands beside OR or NOT",
        "a date cannot be refused",
        "this cannot be read",
        "ask for fewer words",
        "ask for fewer",
        "ask more simply",
        "add a word that must occur",
        "leave it out",
        "leave them out",
        "leave out the asterisk",
        "use brackets and AND",
        "split it up",
        "write a word",
        "write more of the word",
        "write words, a phrase or the beginning of a word: {text}",
        "write -word, without a space, to leave a word out",
        "write dates once, outside of brackets, for the whole query",
        "write a NEAR/5 b, or word*",
        "write a space",
        "write {text} or leave it out",
        "write (a OR b)",
        "write {text} or {other}",
        "write {text}",
        "choose of {text}",
        "to search for it write {text}",
    )


def said(english: str, language: str) -> str:
    """What is wrong with a query, or what to do, as far as there is a translation."""
    if language == catalogue.SOURCE:
        return english
    for pattern, template in _patterns(language):
        if match := pattern.fullmatch(english):
            return template.format_map(match.groupdict())
    return english


@functools.cache
def _patterns(language: str) -> tuple[tuple[re.Pattern[str], str], ...]:
    known = QueryProblems.of(language).problems
    return tuple((_pattern(english), template) for english, template in known.items())


def _pattern(template: str) -> re.Pattern[str]:
    """What is said after a template: ``{number} words`` finds ``5 words``."""
    written = ""
    for literal, name, _, _ in Formatter().parse(template):
        written += re.escape(literal)
        if name == "quoted":
            written += r"['\"](?P<quoted>.+)['\"]"
        elif name is not None:
            written += f"(?P<{name}>{_KINDS.get(name, '.+')})"
    return re.compile(written, re.DOTALL)
