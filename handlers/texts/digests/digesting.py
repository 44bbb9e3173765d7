"""What a digest says of its stories."""

from collections.abc import Mapping

from storage.languages.catalogue import Forms
from storage.languages.records import Texts, texts


class DigestingWords(Texts, frozen=True, kw_only=True):
    """``first`` and ``also`` name channels, ``later`` says how long after the first; ``sources`` to
    ``notice`` are the parts of a story's ``weight``."""

    CONTEXT = "digesting"
    none_found: str = "Nothing for {query} since {since}."
    asked: str = "🔎 {query}"
    first: str = "first: {name} {time}"
    only: str = "{name} {time}"
    began: str = "began with {name} {time}"
    also: str = "also {names}"
    more_channels: Forms = ("+{n}", "+{n}")
    likewise: str = "≈ much the same, about others: {posts}"
    correction: str = "❗ correction: {post}"
    corrections: str = "❗ Corrections"
    later: str = "{span} later"
    since: str = "began {day}"
    continues: str = "↩ continues from {day}"
    mine: str = "🔔 yours"
    across: Mapping[str, str] = texts(
        {"en": "🌐 possibly also in English: {post}", "ru": "🌐 possibly also in Russian: {post}"}
    )
    abroad: str = "🌐 possibly the same: {post}"
    edited: Forms = ("{n} edited", "{n} edited")
    deleted: Forms = ("{n} deleted since", "{n} deleted since")
    briefly: str = "In brief"
    roundups: str = "📋 Roundups{titles}"
    rest: Forms = ("▫️ {n} more post", "▫️ {n} more posts")
    older: str = "{count} older ones are more than one digest holds: /search finds them."
    history: Forms = (
        "{n} post of this time was read afterwards and is in no digest; see {command}",
        "{n} posts of this time were read afterwards and are in no digest; see {command}",
    )
    roundups_heading: str = "Roundups"
    rest_heading: str = "More posts"
    all_button: str = "All posts"
    why_button: str = "Why this order?"
    page_button: str = "HTML"
    page_caption: str = "The digest as a page: it opens in any browser, also offline."
    back_button: str = "‹ Digest"
    why: str = "Why this order: of at most 100"
    weight: str = "{n}. {total} · {parts}"
    sources: str = "sources {n}"
    official: str = "official {n}"
    novelty: str = "new {n}"
    recency: str = "recent {n}"
    volume: str = "volume {n}"
    notice: str = "notice {n}"
    why_mine: str = "What your alerts ask for comes first."
    gone: str = "That digest is not kept any more."
    post_gone: str = "not kept any more"
    posts_gone: str = "Not kept any more: {count}"


def digesting_words(language: str) -> DigestingWords:
    """The words of a language; English for one that is not there."""
    return DigestingWords.of(language)
