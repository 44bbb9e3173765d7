"""A digest as messages: its stories by pages, why they stand in that order, and all its posts."""

from collections.abc import Sequence

from handlers.outlines.headlines import head_of
from handlers.outlines.outline import Outline, Story
from handlers.outlines.weight import NOTICE, NOVELTY, OFFICIAL, RECENCY, SOURCES, VOLUME
from handlers.render.answers.digest_stories import (
    LIKEWISE,
    LINE_UNITS,
    Digest,
    brief_line,
    day_and_time,
    name_of,
    story_block,
    time_of,
)
from handlers.render.text.dates import Here
from handlers.render.text.headings import address, headline
from handlers.render.text.keyboards import data, pager
from handlers.render.text.messages import Button, Message, shorten
from handlers.render.text.names import contained
from handlers.render.text.rich import RichText, bold, code, fill, italic, join, link, utf16_length
from handlers.render.text.rich import command as command_to_tap
from handlers.texts.digests.digesting import DigestingWords, digesting_words
from handlers.texts.words import Words
from storage.document import Document

PAGE = "dp"
WHY = "dw"
POSTS = "da"
REST = "dr"
FILE = "dh"
"""Verbs of the buttons below a digest: a page of stories, their weights, a page of all posts, a
page of the posts in no story, and the file. Their fields: the token, the page."""
TITLE_UNITS = 80
LINES = 15
"""The number of posts on a page."""
ROUNDUPS = 6
QUERY_UNITS = 300
"""A longer query is not written below a digest: no page has room for it."""
_ROOM = 3600
_SPANS = 90
"""A page is filled up to this number of spans: fewer than Telegram takes, so that nothing is ever
cut."""


def digest_page(digest: Digest, page: int, here: Here, words: Words) -> Message:
    """A page (0-based) of the stories; one that is not there is the last."""
    said = digesting_words(words.language)
    pages = _pages(digest, here, words)
    page = min(page, len(pages) - 1)
    outline = digest.outline
    turning = pager(
        PAGE, (digest.token,), page, len(pages), more=page + 1 < len(pages), words=words
    )
    row = []
    if outline.rest:
        row.append(Button(text=said.rest_heading, data=data(REST, digest.token, 0)))
    elif len(outline.posts) > 1:
        row.append(Button(text=said.all_button, data=data(POSTS, digest.token, 0)))
    if len(outline.stories) > 1:
        row.append(Button(text=said.why_button, data=data(WHY, digest.token, page)))
    row.append(Button(text=said.page_button, data=data(FILE, digest.token)))
    text = join("\n\n", (*pages[page], *_below(digest, words)))
    return Message(text, (*turning, tuple(row)))


def _below(digest: Digest, words: Words) -> tuple[RichText, ...]:
    """What stands at the end of each page."""
    return (history_line(digest.history, digest.query, words),) if digest.history else ()


def history_line(count: int, query: str | None, words: Words) -> RichText:
    """How many posts (that answer a query) no digest has, and where they are found."""
    counted = words.count(digesting_words(words.language).history, count)
    if query is None:
        return fill(counted, command=command_to_tap("/latest"))
    is_shown = utf16_length(query) <= QUERY_UNITS
    return fill(counted, command=code(f"/search {query}") if is_shown else "/search")


def digest_text(digest: Digest, here: Here, words: Words) -> str:
    """All of the stories as plain text, for where there are no buttons."""
    first, *others = _pages(digest, here, words)
    blocks = [*first, *(block for page in others for block in page[1:])]
    return "\n\n".join(block.text for block in blocks)


def why_page(digest: Digest, page: int, words: Words) -> Message:
    """How the weight of each story is made up; ``page`` leads back."""
    said = digesting_words(words.language)
    lines: list[RichText | str] = [bold(said.why)]
    if any(story.mine for story in digest.outline.stories):
        lines.append(said.why_mine)
    lines += [_weight(number, story, said) for number, story in _numbered(digest.outline)]
    back = Button(text=said.back_button, data=data(PAGE, digest.token, page))
    return Message(join("\n", lines), ((back,),))


def posts_page(
    digest: Digest, names: Sequence[str], verb: str, page: int, here: Here, words: Words
) -> Message:
    """A page of posts, a line each. ``names``: all of them; the documents of this page must be in
    the digest."""
    said = digesting_words(words.language)
    pages = _count_pages(names)
    page = min(page, pages - 1)
    shown = [digest.documents.get(name) for name in posts_of_page(names, page)]
    lines = [_line(document, digest, here, words) for document in shown if document is not None]
    if None in shown:
        lines.append(italic(fill(said.posts_gone, count=shown.count(None))))
    count = words.count(words.posts, len(names))
    title = bold(f"{count} · {_span(digest, here, words)}")
    turning = pager(verb, (digest.token,), page, pages, more=page + 1 < pages, words=words)
    row = [Button(text=said.back_button, data=data(PAGE, digest.token, 0))]
    if verb == REST:
        row.append(Button(text=said.all_button, data=data(POSTS, digest.token, 0)))
    return Message(join("\n", (title, *lines)), (*turning, tuple(row)))


def posts_of_page(names: Sequence[str], page: int) -> Sequence[str]:
    """The posts of a page (from 0); beyond the end, those of the last page."""
    return names[min(page, _count_pages(names) - 1) * LINES :][:LINES]


def _count_pages(names: Sequence[str]) -> int:
    return max(1, -(-len(names) // LINES))


def shown_posts(outline: Outline) -> set[str]:
    """The posts whose documents a page of stories needs."""
    names = {name for story in outline.stories for name in _named(story)}
    return names | _in_brief(outline) | set(outline.roundups[:ROUNDUPS])


def _in_brief(outline: Outline) -> set[str]:
    """The posts with a line of their own."""
    abroad = (line for story in outline.stories for line in story.abroad)
    briefs = [*outline.corrections, *outline.briefs, *abroad]
    others = {brief.otherwise.doc_id for brief in briefs if brief.otherwise is not None}
    likewise = {step.doc_id for brief in briefs for step in brief.likewise[:LIKEWISE]}
    likewise |= {step.doc_id for brief in briefs for step in brief.corrections}
    return others | likewise | {brief.doc_id for brief in briefs}


def _named(story: Story) -> set[str]:
    tellers = {teller.doc_id for teller in story.tellers}
    across = {story.across.doc_id} if story.across is not None else set()
    earlier = {story.continues.doc_id} if story.continues is not None else set()
    told = (*story.steps, *story.likewise[:LIKEWISE], *story.corrections)
    steps = {step.doc_id for step in told}
    return {story.doc_id, *tellers, *steps, *across, *earlier}


def _numbered(outline: Outline) -> list[tuple[int, Story]]:
    return list(enumerate(outline.stories, 1))


def _pages(digest: Digest, here: Here, words: Words) -> list[list[RichText]]:
    """The blocks of each page: the title on each, roundups and the rest on the last."""
    title = _title(digest, here, words)
    blocks = [
        story_block(number, story, digest, here, words)
        for number, story in _numbered(digest.outline)
    ]
    end = _ending(digest, here, words)
    pages: list[list[RichText]] = [[title]]
    for block in _corrections(digest, here, words):
        _add(block, pages)
    for block in blocks:
        _add(block, pages)
    _add_briefs(digest, pages, here, words)
    if end is not None:
        _add(end, pages)
    return pages


def _corrections(digest: Digest, here: Here, words: Words) -> list[RichText]:
    """Corrections of posts that are in no digest: shown above all stories."""
    if not digest.outline.corrections:
        return []
    heading = bold(digesting_words(words.language).corrections)
    lines = [brief_line(one, digest, here, words) for one in digest.outline.corrections]
    return [join("\n", (heading, *lines))]


def _add(block: RichText, pages: list[list[RichText]]) -> None:
    """Add a block to the last page, or to a new one if it does not fit."""
    if len(pages[-1]) > 1 and not _fits(pages[-1], block):
        pages.append(pages[-1][:1])
    pages[-1].append(block)


def _add_briefs(digest: Digest, pages: list[list[RichText]], here: Here, words: Words) -> None:
    """The further stories, a line each, below a heading that stands once."""
    briefs = () if digest.short else digest.outline.briefs
    lines = [brief_line(brief, digest, here, words) for brief in briefs]
    heading: RichText | None = bold(digesting_words(words.language).briefly)
    for line in lines:
        if heading is not None:
            _add(join("\n", (heading, line)), pages)
            heading = None
        elif _fits(pages[-1], line):
            pages[-1][-1] = join("\n", (pages[-1][-1], line))
        else:
            _add(line, pages)


def _fits(page: Sequence[RichText], block: RichText) -> bool:
    units = sum(utf16_length(one.text) + 2 for one in (*page, block))
    spans = sum(len(one.spans) for one in (*page, block))
    return units <= _ROOM and spans <= _SPANS


def _title(digest: Digest, here: Here, words: Words) -> RichText:
    said = digesting_words(words.language)
    outline = digest.outline
    span = _span(digest, here, words)
    name = contained(digest.title).strip()
    lines: list[RichText | str] = [bold(f"🗞 {shorten(name, TITLE_UNITS) or span}")]
    lines += [span] if name else []
    if digest.query:
        lines.append(fill(said.asked, query=shorten(digest.query, TITLE_UNITS)))
    posts = words.count(words.posts, len(outline.posts))
    lines.append(f"{posts} · {words.count(words.channels, outline.channels)}")
    return join("\n", lines)


def _span(digest: Digest, here: Here, words: Words) -> str:
    since, until = (day_and_time(at, here, words) for at in (digest.since, digest.until))
    return f"{since} – {until}"


def _ending(digest: Digest, here: Here, words: Words) -> RichText | None:
    said = digesting_words(words.language)
    lines: list[RichText | str] = []
    lists = [digest.documents.get(name) for name in digest.outline.roundups]
    titles: list[RichText | str] = [
        link(_shortly(one, words), address(one)) + f" {time_of(one, digest, here, words)}"
        for one in lists[:ROUNDUPS]
        if one is not None
    ]
    if titles:
        left = len(lists) - ROUNDUPS
        titles += [f"+{left}"] if left > 0 else []
        lines.append(fill(said.roundups, titles=join("\n• ", ("", *titles))))
    above = {one.doc_id for one in digest.outline.corrections}
    told = above if digest.short else _in_brief(digest.outline)
    if untold := len(set(digest.outline.rest) - told):
        lines.append(said.count(said.rest, untold))
    if digest.outline.older:
        lines.append(fill(said.older, count=digest.outline.older))
    return join("\n", lines) if lines else None


def _shortly(document: Document, words: Words) -> str:
    return shorten(head_of(document, TITLE_UNITS) or headline(document, words), TITLE_UNITS)


def _line(document: Document, digest: Digest, here: Here, words: Words) -> RichText:
    name = f"{time_of(document, digest, here, words)} {name_of(document, words)}: "
    return name + link(headline(document, words, LINE_UNITS), address(document))


def _weight(number: int, story: Story, said: DigestingWords) -> str:
    weight = story.weight
    parts = (
        (said.sources, SOURCES * weight.sources),
        (said.novelty, NOVELTY * weight.novelty),
        (said.recency, RECENCY * weight.recency),
        (said.official, OFFICIAL * weight.official),
        (said.volume, VOLUME * weight.volume),
        (said.notice, -NOTICE * weight.notice),
    )
    told = ", ".join(text.replace("{n}", str(round(n))) for text, n in parts if round(n))
    line = said.weight.replace("{n}", str(number)).replace("{total}", str(round(weight.total)))
    return line.replace("{parts}", told)
