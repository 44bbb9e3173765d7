"""A digest as an HTML page that stands alone: it opens offline, in light and dark, and loads
nothing from any address. Its links are those of the posts."""

from collections.abc import Sequence
from html import escape

from handlers.outlines.outline import Story
from handlers.render.answers.digest_stories import (
    Digest,
    says_the_same,
    story_across,
    story_notes,
    time_in,
)
from handlers.render.text.dates import Here, dated
from handlers.render.text.headings import address, channel_name, headline
from handlers.render.text.names import contained
from handlers.render.text.rich import RichText, followable
from handlers.texts.digests.digesting import digesting_words
from handlers.texts.words import Words
from storage import times
from storage.document import Document

_STYLE = """
:root { color-scheme: light dark; --ink: #1c1e21; --soft: #565b61; --page: #fff; --line: #dcdfe3;
  --link: #0a58b0; }
@media (prefers-color-scheme: dark) {
  :root { --ink: #e6e8ea; --soft: #a3aab1; --page: #16181b; --line: #383d43; --link: #86baf7; }
}
* { box-sizing: border-box; }
body { margin: 0 auto; padding: 1.5rem 1rem 3rem; max-width: 42rem; background: var(--page);
  color: var(--ink); font: 1.0625rem/1.5 system-ui, sans-serif; overflow-wrap: anywhere;
  counter-reset: story; }
h1 { font-size: 1.4rem; line-height: 1.25; margin: 0; }
h2 { font-size: 1.125rem; line-height: 1.35; margin: 0 0 .375rem; }
h2::before { content: counter(story) ". "; color: var(--soft); }
h3 { font-size: 1.0625rem; margin: 2rem 0 .5rem; }
a { color: var(--link); text-decoration: none; }
h2 a, .posts a { color: var(--ink); text-decoration: underline var(--line);
  text-underline-offset: .2em; }
a:hover, a:focus { text-decoration: underline; }
article { border-top: 1px solid var(--line); padding: 1rem 0; counter-increment: story; }
blockquote { margin: .5rem 0; padding-left: .75rem; border-left: 3px solid var(--line); }
ul { margin: .5rem 0; padding: 0; list-style: none; }
li { margin: .3rem 0; }
summary { color: var(--link); cursor: pointer; padding: .25rem 0; }
.soft, details { color: var(--soft); font-size: .95rem; }
p.soft { margin: .375rem 0 1rem; }
@media print { body { max-width: none; } a { color: inherit; } }
"""


def digest_html(digest: Digest, here: Here, words: Words) -> str:
    """The page: the stories in their order, roundups, and every other post by a line."""
    said = digesting_words(words.language)
    outline = digest.outline
    title = escape(" – ".join(dated(at, here.zone, words) for at in (digest.since, digest.until)))
    count = words.count(words.posts, len(outline.posts))
    about = f"{count} · {words.count(words.channels, outline.channels)}"
    parts = [
        f"<h1>{title}</h1>",
        f'<p class="soft">{escape(about)}</p>',
    ]
    if digest.query:
        parts.append(f"<p>🔎 {_text(digest.query)}</p>")
    parts += [_article(story, digest, here, words) for story in outline.stories]
    for heading, names in (
        (said.roundups_heading, outline.roundups),
        (said.rest_heading, outline.rest),
    ):
        documents = [found for name in names if (found := digest.documents.get(name))]
        if documents:
            lines = _lines(documents, digest, here, words)
            parts.append(f"<h3>{escape(heading)}</h3>{lines}")
    return (
        f'<!doctype html>\n<html lang="{escape(words.language)}">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta http-equiv="Content-Security-Policy"'
        " content=\"default-src 'none'; style-src 'unsafe-inline'\">\n"
        '<meta name="referrer" content="no-referrer">\n'
        f"<title>{title}</title>\n<style>{_STYLE}</style>\n</head>\n<body>\n"
        + "\n".join(parts)
        + "\n</body>\n</html>\n"
    )


def _article(story: Story, digest: Digest, here: Here, words: Words) -> str:
    document = digest.documents.get(story.doc_id)
    head = _link(story.head, address(document) if document else None)
    parts = [f"<h2>{head}</h2>"]
    if story.quote is not None:
        speaker, said = _text(story.quote.speaker), _text(story.quote.text)
        parts.append(f"<blockquote>{said}<br><span class=soft>— {speaker}</span></blockquote>")
    steps = []
    for step in story.steps:
        told = digest.documents.get(step.doc_id)
        at = times.from_instant(told.published_at) if told else None
        if told is not None and at is not None and not says_the_same(step.text, story.head):
            time = _link(time_in(digest, at, here, words), address(told))
            name = _text(channel_name(told, words))
            steps.append(f"<li>{time} <span class=soft>{name}:</span> {_text(step.text)}</li>")
    if steps:
        parts.append(f"<ul>{''.join(steps)}</ul>")
    notes = " · ".join(_rich(note) for note in story_notes(story, digest, here, words))
    parts.append(f'<div class="soft">{notes}</div>')
    if (across := story_across(story, digest, here, words)) is not None:
        parts.append(f'<div class="soft">{_rich(across)}</div>')
    posts = [found for name in story.posts if (found := digest.documents.get(name))]
    if len(posts) > 1:
        summary = escape(digesting_words(words.language).all_button)
        lines = _lines(posts, digest, here, words)
        parts.append(f"<details><summary>{summary}</summary>{lines}</details>")
    return f"<article>{''.join(parts)}</article>"


def _lines(documents: Sequence[Document], digest: Digest, here: Here, words: Words) -> str:
    lines = "".join(f"<li>{_line(one, digest, here, words)}</li>" for one in documents)
    return f'<ul class="posts">{lines}</ul>'


def _line(document: Document, digest: Digest, here: Here, words: Words) -> str:
    at = times.from_instant(document.published_at)
    time = f"{time_in(digest, at, here, words)} " if at else ""
    name = _text(channel_name(document, words))
    told = _link(headline(document, words), address(document))
    return f'<span class="soft">{time}{name}:</span> {told}'


def _rich(text: RichText | str) -> str:
    """A text with its links; what else is formatted is plain."""
    if isinstance(text, str):
        return _text(text)
    parts, done = [], 0
    for span in sorted(text.spans, key=lambda span: span.start):
        if span.url and span.start >= done:
            parts.append(_text(text.text[done : span.start]))
            parts.append(_link(text.text[span.start : span.end], span.url))
            done = span.end
    return "".join([*parts, _text(text.text[done:])])


def _link(text: str, url: str | None) -> str:
    if url is None or not followable(url):
        return _text(text)
    return f'<a href="{escape(url)}" rel="noopener noreferrer">{_text(text)}</a>'


def _text(text: str) -> str:
    return escape(contained(text))
