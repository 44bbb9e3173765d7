"""A digest as an HTML page. Its links are those of the posts."""

from collections.abc import Sequence
from html import escape

from handlers.outlines.outline import Story
from handlers.render.answers.digest_stories import (
    Digest,
    brief_line,
    correction_lines,
    says_the_same,
    story_across,
    story_likewise,
    story_notes,
    time_in,
)
from handlers.render.answers.html_page import link, page, plain, rich
from handlers.render.text.dates import Here, dated
from handlers.render.text.headings import address, channel_name, headline
from handlers.texts.digests.digesting import digesting_words
from handlers.texts.words import Words
from storage import times
from storage.document import Document


def digest_html(digest: Digest, here: Here, words: Words) -> str:
    """The page: the stories in their order, roundups, and every other post by a line."""
    said = digesting_words(words.language)
    outline = digest.outline
    title = " – ".join(dated(at, here.zone, words) for at in (digest.since, digest.until))
    count = words.count(words.posts, len(outline.posts))
    about = f"{count} · {words.count(words.channels, outline.channels)}"
    parts = [
        f"<h1>{escape(title)}</h1>",
        f'<p class="soft">{escape(about)}</p>',
    ]
    if digest.query:
        parts.append(f"<p>🔎 {plain(digest.query)}</p>")
    if outline.corrections:
        parts.append(f"<h3>{escape(said.corrections)}</h3>")
        above = [rich(brief_line(one, digest, here, words)) for one in outline.corrections]
        parts += [f'<p dir="auto">{line}</p>' for line in above]
    parts += [_article(story, digest, here, words) for story in outline.stories]
    for heading, names in (
        (said.roundups_heading, outline.roundups),
        (said.rest_heading, outline.rest),
    ):
        documents = [found for name in names if (found := digest.documents.get(name))]
        if documents:
            lines = _lines(documents, digest, here, words)
            parts.append(f"<h3>{escape(heading)}</h3>{lines}")
    return page(title, "\n".join(parts), words.language)


def _article(story: Story, digest: Digest, here: Here, words: Words) -> str:
    document = digest.documents.get(story.doc_id)
    head = link(story.head, address(document) if document else None)
    parts = [f'<h2 dir="auto">{head}</h2>']
    corrections = correction_lines(story.corrections, digest, here, words)
    parts += [f'<p dir="auto">{rich(line)}</p>' for line in corrections]
    if story.quote is not None:
        speaker, said = plain(story.quote.speaker), plain(story.quote.text)
        parts.append(
            f'<blockquote dir="auto">{said}<br><span class=soft>— {speaker}</span></blockquote>'
        )
    steps = []
    for step in story.steps:
        told = digest.documents.get(step.doc_id)
        at = times.from_instant(told.published_at) if told else None
        if told is not None and at is not None and not says_the_same(step.text, story.head):
            time = link(time_in(digest, at, here, words), address(told))
            name = plain(channel_name(told, words))
            steps.append(f"<li>{time} <span class=soft>{name}:</span> {plain(step.text)}</li>")
    if steps:
        parts.append(f"<ul>{''.join(steps)}</ul>")
    if (likewise := story_likewise(story.likewise, digest, here, words)) is not None:
        parts.append(f"<p>{rich(likewise)}</p>")
    notes = " · ".join(rich(note) for note in story_notes(story, digest, here, words))
    parts.append(f'<div class="soft">{notes}</div>')
    if (across := story_across(story, digest, here, words)) is not None:
        parts.append(f'<div class="soft">{rich(across)}</div>')
    abroad = [rich(brief_line(brief, digest, here, words)) for brief in story.abroad]
    parts += [f'<div class="soft">{line}</div>' for line in abroad]
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
    name = plain(channel_name(document, words))
    told = link(headline(document, words), address(document))
    return f'<span class="soft">{time}{name}:</span> {told}'
