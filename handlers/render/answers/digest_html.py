"""A digest as an HTML page that stands alone: it opens offline, in light and dark, and loads
nothing from any address. Its links are those of the posts."""

from html import escape

from handlers.outlines.outline import Story
from handlers.render.answers.digest_pages import Digest, says_the_same, story_notes
from handlers.render.text.dates import Here, clock, dated
from handlers.render.text.headings import address, channel_name, headline
from handlers.render.text.names import contained
from handlers.render.text.rich import RichText, followable
from handlers.texts.digesting import digesting_words
from handlers.texts.words import Words
from storage import times
from storage.document import Document

_STYLE = """
:root { color-scheme: light dark; --ink: #1c1e21; --soft: #62676d; --page: #fff; --line: #dfe2e5;
  --link: #0b62c4; }
@media (prefers-color-scheme: dark) {
  :root { --ink: #e6e8ea; --soft: #9aa1a8; --page: #16181b; --line: #34383d; --link: #7db4f5; }
}
* { box-sizing: border-box; }
body { margin: 0 auto; padding: 1.5rem 1rem 3rem; max-width: 42rem; background: var(--page);
  color: var(--ink); font: 1rem/1.5 system-ui, sans-serif; overflow-wrap: anywhere; }
h1 { font-size: 1.35rem; margin: 0; }
h2 { font-size: 1.05rem; margin: 0 0 .25rem; }
h3 { font-size: 1rem; margin: 2rem 0 .5rem; }
a { color: var(--link); text-decoration: none; }
a:hover, a:focus { text-decoration: underline; }
article { border-top: 1px solid var(--line); padding: 1rem 0; }
blockquote { margin: .5rem 0; padding-left: .75rem; border-left: 3px solid var(--line); }
ol, ul { margin: .5rem 0; padding-left: 1.25rem; }
.soft { color: var(--soft); font-size: .9rem; }
li { margin: .2rem 0; }
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
            lines = "".join(f"<li>{_line(one, here, words)}</li>" for one in documents)
            parts.append(f"<h3>{escape(heading)}</h3><ul>{lines}</ul>")
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
            time = _link(clock(at.astimezone(here.zone)), address(told))
            steps.append(f"<li>{time} {_text(step.text)}</li>")
    if steps:
        parts.append(f"<ul>{''.join(steps)}</ul>")
    notes = " · ".join(_rich(note) for note in story_notes(story, digest, here, words))
    parts.append(f'<div class="soft">{notes}</div>')
    return f"<article>{''.join(parts)}</article>"


def _line(document: Document, here: Here, words: Words) -> str:
    at = times.from_instant(document.published_at)
    time = clock(at.astimezone(here.zone)) if at else ""
    name = _text(channel_name(document, words))
    return f"{time} {name}: {_link(headline(document, words), address(document))}"


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
