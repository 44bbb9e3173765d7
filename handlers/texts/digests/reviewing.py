"""What a review of a week says."""

from storage.languages.catalogue import Forms
from storage.languages.records import Texts


class ReviewingWords(Texts, frozen=True, kw_only=True):
    """``{names}`` stand for values, as in ``Words``. Of ``before`` {n} is how many posts a span of
    the same length had, on average, in the weeks before."""

    CONTEXT = "reviewing"
    asked: str = "🔎 {query}"
    rising: str = "📈 Rose · in brackets: in as long a time before"
    falling: str = "📉 Fell · in brackets: in as long a time before"
    names: str = "🆕 New names · in no earlier post"
    repeated: str = "🔁 Repeated most · in the same words"
    changed: Forms = (
        "✏️ {n} statement changed after publication",
        "✏️ {n} statements changed after publication",
    )
    deleted: Forms = (
        "🗑 {n} post deleted after publication",
        "🗑 {n} posts deleted after publication",
    )
    silent: str = "🔇 Fell silent"
    rose: str = "{words} – {posts}, {channels} (before {n})"
    fell: str = "{words} – {posts} (before {n})"
    name: str = "{name} – {posts}, {channels}, first: {channel} {time}"
    told: str = "{head} – {channels}, first: {channel} {time}"
    gone: str = "{channel} {time}: {head}"
    gone_at: str = "gone by {time}"
    still: Forms = ("{n} channel still tells it", "{n} channels still tell it")
    last: str = "{channel} – last post {time} (before {n})"
    unread: str = "could not be read"
    no_before: str = (
        "What rose, fell and is new cannot be told yet: there are too few posts of the weeks "
        "before."
    )
    older: str = "{count} older posts are more than one review looks at."
    none: str = "Nothing was published since {since}."
    gone_review: str = "That review is not kept any more."


def reviewing_words(language: str) -> ReviewingWords:
    """The words of a language; English for one that is not there."""
    return ReviewingWords.of(language)
