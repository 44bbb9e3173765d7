"""What is said of how queries are written: ``/help query`` and docs/query-language.md."""

from collections.abc import Mapping

from storage.languages.records import Texts, text, texts


class GuideWords(Texts, frozen=True, kw_only=True):
    """``summaries`` and ``examples`` by the form: an example is a query, in the language too.
    ``other_name`` is for a filter that has a name of the language's own."""

    CONTEXT = "guide"

    title: str = "How queries are written"
    introduction: str = (
        "Searches and alerts take the same queries: what an alert tells of is what a search "
        "finds. Case does not matter, nor ё and е, nor punctuation, nor the kind of quotes and "
        "dashes, nor how a number or a name is written: 15 000 is 15000, F-16 is F16, U.S. is US "
        "(not us). But operators are capital letters: in small ones they are words. Several values "
        "of a filter are alternatives: lang:ru,en."
    )
    limits: str = (
        "A query has {characters} characters, {words} words and {levels} levels of brackets at "
        "most, and something that must occur. An alert takes no before: and on:, and full dates "
        "only; in one, is:edited and is:deleted tell of the change itself, with what the post "
        "said before."
    )
    hint: str = "All that a query may hold: /help query"
    other_name: str = text("{summary}; also {name}:", note="The filter's name in this language.")
    form_head: str = "write"
    summary_head: str = "which asks for"
    example_head: str = "for example"
    summaries: Mapping[str, str] = texts(
        {
            "word word": "every word must occur, in any form, case and order",
            '"…"': "a phrase: these words one after the other",
            "OR": "either of two; also ИЛИ",
            "-word": "leaves posts with the next term out; also NOT, НЕ",
            "( )": "brackets say what belongs together",
            "word*": "the beginning of a word, {letters} letters or more",
            "=word": "this very form, no other",
            "==WORD": "this word with these very capitals",
            "NEAR/n": (
                "two words or phrases with at most so many words between them, or (a OR b) on a "
                "side"
            ),
            "#tag": "a hashtag",
            "title:": "in the title only",
            "in:": (
                "in:text: all that stands beside it in the post's own words, not in what is "
                "attached"
            ),
            "link:": (
                "with a link to a site, the sites below it too, or to a part of it: "
                "example.org/press"
            ),
            "channel:": "posts of a channel: its name, link or id",
            "from:": "forwarded from a channel",
            "by:": (
                "in groups: written by somebody, as far as authors are kept: name, @username or id"
            ),
            "who:": "somebody is quoted in it: a name in any form, in Russian or English letters",
            "lang:": "in a language",
            "has:": "with something in it: {values}",
            "is:": "of a kind: {values}",
            "place:": "datelined there",
            "after:": "published on that day or later: a date, or 7d, 2w, today, yesterday",
            "before:": "published before that day",
            "on:": "published that day",
        }
    )
    examples: Mapping[str, str] = texts(
        {
            "word word": "oil price",
            '"…"': '"central bank"',
            "OR": "oil OR gas",
            "-word": "oil -olive",
            "( )": "(oil OR gas) price",
            "word*": "sanction*",
            "=word": "=sanctions",
            "==WORD": "==US",
            "NEAR/n": "grain NEAR/5 storage",
            "#tag": "#energy",
            "title:": "title:embargo",
            "in:": "embargo in:text",
            "link:": "link:example.org",
            "channel:": "channel:example_mfa",
            "from:": "from:example_mfa",
            "by:": 'by:"port office"',
            "who:": "who:Lavrov sanctions",
            "lang:": "oil lang:en",
            "has:": "flood has:photo,video",
            "is:": "is:original oil",
            "place:": "place:Moscow",
            "after:": "oil after:2024-05-31",
            "before:": "oil before:2024-06",
            "on:": "oil on:2024-05-31",
        }
    )
