"""A digest as messages: its stories by pages, why they stand in that order, and all its posts."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from handlers.outlines.outline import Continued, Outline, Step, Story, Teller
from handlers.outlines.weight import NOVELTY, OFFICIAL, RECENCY, SOURCES, VOLUME
from handlers.render.text.dates import Here, clock, dated, moment
from handlers.render.text.headings import address, channel_name, headline, published
from handlers.render.text.keyboards import data, pager
from handlers.render.text.messages import MESSAGE_SPANS, MESSAGE_UNITS, Button, Message, shorten
from handlers.render.text.names import contained
from handlers.render.text.rich import RichText, bold, fill, italic, join, link, utf16_length
from handlers.texts.alert_lines import alert_lines_words
from handlers.texts.digesting import DigestingWords, digesting_words
from handlers.texts.words import Words
from storage import times
from storage.document import Document

PAGE = "dp"
WHY = "dw"
POSTS = "da"
REST = "dr"
FILE = "dh"
"""Verbs of the buttons below a digest: a page of its stories, why they stand in that order, a page
of all its posts, one of those that stand in no story, and the whole as a file. Their fields: the
token, the page."""
NAMED = 3
"""The most other channels of a story that are named."""
NAME_UNITS = 40
TITLE_UNITS = 80
HEAD_UNITS = 300
LINE_UNITS = 140
LINES = 15
"""A page of posts has so many."""
ROUNDUPS = 4
DAY = timedelta(hours=24)
"""Of a longer period times are told with their day."""
_ROOM = 3600
_SPANS = 90
"""A page is filled so far: below what Telegram takes, so that what must not be cut never is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Digest:
    """A digest that was made: by ``token`` its buttons name it. ``documents``, by ``doc_id``, are
    those of its stories and roundups at least; ``query`` is what it was asked for, ``title`` the
    name of its plan; ``short``: its stories are heads, with who tells them."""

    token: str
    since: datetime
    until: datetime
    outline: Outline
    documents: Mapping[str, Document]
    query: str | None = None
    title: str = ""
    short: bool = False


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
        text = said.count(said.rest_button, len(outline.rest))
        row.append(Button(text=text, data=data(REST, digest.token, 0)))
    elif len(outline.posts) > 1:
        row.append(Button(text=said.all_button, data=data(POSTS, digest.token, 0)))
    if len(outline.stories) > 1:
        row.append(Button(text=said.why_button, data=data(WHY, digest.token, page)))
    row.append(Button(text=said.page_button, data=data(FILE, digest.token)))
    return Message(join("\n\n", pages[page]), (*turning, tuple(row)))


def digest_text(digest: Digest, here: Here, words: Words) -> str:
    """All of the stories as plain text, for where there are no buttons."""
    first, *others = _pages(digest, here, words)
    blocks = [*first, *(block for page in others for block in page[1:])]
    return "\n\n".join(block.text for block in blocks)


def why_page(digest: Digest, page: int, words: Words) -> Message:
    """Of what the weight of each story is made; ``page`` leads back."""
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
    """A page of posts, a line each; ``names`` are all of them, and those of this page are among
    the documents."""
    said = digesting_words(words.language)
    pages = _count_pages(names)
    page = min(page, pages - 1)
    shown = [digest.documents.get(name) for name in posts_of_page(names, page)]
    lines = [_line(document, digest, here, words) for document in shown if document is not None]
    count = words.count(words.posts, len(names))
    title = bold(f"{count} · {_span(digest, here, words)}")
    turning = pager(verb, (digest.token,), page, pages, more=page + 1 < pages, words=words)
    row = [Button(text=said.back_button, data=data(PAGE, digest.token, 0))]
    if verb == REST:
        row.append(Button(text=said.all_button, data=data(POSTS, digest.token, 0)))
    return Message(join("\n", (title, *lines)), (*turning, tuple(row)))


def posts_of_page(names: Sequence[str], page: int) -> Sequence[str]:
    """The posts of a page (0-based); of one that is not there, those of the last."""
    return names[min(page, _count_pages(names) - 1) * LINES :][:LINES]


def _count_pages(names: Sequence[str]) -> int:
    return max(1, -(-len(names) // LINES))


def shown_posts(outline: Outline) -> set[str]:
    """The posts whose documents a page of stories needs."""
    names = {name for story in outline.stories for name in _named(story)}
    return names | set(outline.roundups[:ROUNDUPS])


def _named(story: Story) -> set[str]:
    tellers = {teller.doc_id for teller in story.tellers}
    across = {story.across.doc_id} if story.across is not None else set()
    earlier = {story.continues.doc_id} if story.continues is not None else set()
    return {story.doc_id, *tellers, *(step.doc_id for step in story.steps), *across, *earlier}


def _numbered(outline: Outline) -> list[tuple[int, Story]]:
    return list(enumerate(outline.stories, 1))


def _pages(digest: Digest, here: Here, words: Words) -> list[list[RichText]]:
    """The blocks of each page: the title on each, roundups and the rest on the last."""
    title = _title(digest, here, words)
    blocks = [
        _story(number, story, digest, here, words) for number, story in _numbered(digest.outline)
    ]
    end = _ending(digest, here, words)
    pages: list[list[RichText]] = [[title]]
    for block in (*blocks, *([end] if end else [])):
        if len(pages[-1]) > 1 and not _fits(pages[-1], block):
            pages.append([title])
        pages[-1].append(block)
    return pages


def _fits(page: Sequence[RichText], block: RichText) -> bool:
    units = sum(utf16_length(one.text) + 2 for one in (*page, block))
    spans = sum(len(one.spans) for one in (*page, block))
    return units <= min(_ROOM, MESSAGE_UNITS) and spans <= min(_SPANS, MESSAGE_SPANS)


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
    since, until = (_moment(at, here, words) for at in (digest.since, digest.until))
    return f"{since} – {until}"


def _moment(at: datetime, here: Here, words: Words) -> str:
    """With the time of day, whatever the day."""
    told, time = moment(at, here, words), clock(at.astimezone(here.zone))
    return told if told.endswith(time) else f"{told} {time}"


def _story(number: int, story: Story, digest: Digest, here: Here, words: Words) -> RichText:
    document = digest.documents.get(story.doc_id)
    head = link(shorten(story.head, HEAD_UNITS), address(document) if document else None)
    lines: list[RichText | str] = [f"{number}. " + bold(head)]
    if story.quote is not None and not digest.short:
        speaker = shorten(story.quote.speaker, NAME_UNITS)
        lines.append(f"💬 {speaker}: " + italic(f"«{shorten(story.quote.text, HEAD_UNITS)}»"))
    if story.steps and not digest.short:
        steps = [_step(step, story, digest, here, words) for step in story.steps]
        told = [step for step in steps if step]
        lines += [join(" → ", told)] if told else []
    lines.append(join(" · ", story_notes(story, digest, here, words)))
    if (across := story_across(story, digest, here, words)) is not None:
        lines.append(across)
    return join("\n", lines)


def story_across(story: Story, digest: Digest, here: Here, words: Words) -> RichText | None:
    """Where a story may be told in another language, as far as that can be guessed."""
    document = digest.documents.get(story.across.doc_id) if story.across is not None else None
    if story.across is None or document is None:
        return None
    text = link(shorten(story.across.text, LINE_UNITS), address(document))
    name = f"{_name(document, words)} {_time(document, digest, here, words)}: "
    said = digesting_words(words.language)
    return fill(said.across[story.across.language], post=name + text)


def _step(step: Step, story: Story, digest: Digest, here: Here, words: Words) -> RichText | None:
    document = digest.documents.get(step.doc_id)
    at = times.from_instant(document.published_at) if document else None
    if document is None or at is None or says_the_same(step.text, story.head):
        return None
    time = link(time_in(digest, at, here, words), address(document))
    return join(" ", (time, shorten(step.text, LINE_UNITS)))


def says_the_same(step: str, head: str) -> bool:
    """Whether half a line says what the head says already."""
    return head.startswith(step.rstrip("…").rstrip(" ,.;:—–-"))


def story_notes(story: Story, digest: Digest, here: Here, words: Words) -> list[RichText | str]:
    """Who tells a story, who was first, and what became of its posts."""
    said = digesting_words(words.language)
    notes: list[RichText | str] = []
    if story.mine:
        notes.append(said.mine)
    if len(story.posts) > 1:
        notes.append(words.count(words.posts, len(story.posts)))
    first, *others = story.tellers
    document = digest.documents.get(first.doc_id)
    if document is not None:
        name = link(_name(document, words), address(document))
        template = said.first if len(story.posts) > 1 else said.only
        notes.append(fill(template, name=name, time=_time(document, digest, here, words)))
    if others:
        notes.append(fill(said.also, names=_others(others, document, digest, words, said)))
    if story.since is not None:
        notes.append(
            fill(said.since, day=_moment(datetime.fromisoformat(story.since), here, words))
        )
    if story.continues is not None:
        notes.append(_continued(story.continues, digest, here, words))
    if story.edited:
        notes.append(said.count(said.edited, story.edited))
    if story.deleted:
        notes.append(said.count(said.deleted, story.deleted))
    return notes


def _continued(earlier: Continued, digest: Digest, here: Here, words: Words) -> RichText:
    document = digest.documents.get(earlier.doc_id)
    day = _moment(datetime.fromisoformat(earlier.since), here, words)
    named = link(day, address(document) if document is not None else None)
    return fill(digesting_words(words.language).continues, day=named)


def _others(
    others: Sequence[Teller],
    first: Document | None,
    digest: Digest,
    words: Words,
    said: DigestingWords,
) -> RichText:
    """The channels after the first, the next of them with how much later it was."""
    names: list[RichText | str] = []
    for place, teller in enumerate(others[:NAMED]):
        document = digest.documents.get(teller.doc_id)
        if document is None:
            continue
        name: RichText | str = link(_name(document, words), address(document))
        notes = [str(teller.posts)] if teller.posts > 1 else []
        if place == 0 and (lag := _lag(first, document)) is not None:
            notes.append(said.later.replace("{span}", alert_lines_words(words.language).span(lag)))
        names.append(join("", (name, f" ({', '.join(notes)})" if notes else "")))
    if len(others) > NAMED:
        names.append(said.count(said.more_channels, len(others) - NAMED))
    return join(", ", names)


def _lag(first: Document | None, then: Document) -> float | None:
    """Seconds between two posts, where they are a minute or more."""
    start, end = (
        times.from_instant(first.published_at) if first else None,
        times.from_instant(then.published_at),
    )
    seconds = (end - start).total_seconds() if start and end else 0.0
    return seconds if seconds >= 60 else None


def _name(document: Document, words: Words) -> str:
    return shorten(channel_name(document, words), NAME_UNITS)


def _time(document: Document, digest: Digest, here: Here, words: Words) -> str:
    at = times.from_instant(document.published_at)
    if at is None:
        return published(document, here, words)
    return time_in(digest, at, here, words)


def time_in(digest: Digest, at: datetime, here: Here, words: Words) -> str:
    """When something was (aware), as it is told in a digest: with its day where that is not plain
    from the digest's title."""
    if digest.until - digest.since > DAY:
        return dated(at, here.zone, words)
    return clock(at.astimezone(here.zone))


def _ending(digest: Digest, here: Here, words: Words) -> RichText | None:
    said = digesting_words(words.language)
    lines: list[RichText | str] = []
    lists = [digest.documents.get(name) for name in digest.outline.roundups]
    titles: list[RichText | str] = [
        link(headline(one, words, TITLE_UNITS), address(one))
        + f" {_time(one, digest, here, words)}"
        for one in lists[:ROUNDUPS]
        if one is not None
    ]
    if titles:
        left = len(lists) - ROUNDUPS
        titles += [f"+{left}"] if left > 0 else []
        lines.append(fill(said.roundups, titles=join(" · ", titles)))
    if digest.outline.rest:
        lines.append(said.count(said.rest, len(digest.outline.rest)))
    if digest.outline.older:
        lines.append(fill(said.older, count=digest.outline.older))
    return join("\n", lines) if lines else None


def _line(document: Document, digest: Digest, here: Here, words: Words) -> RichText:
    name = f"{_time(document, digest, here, words)} {_name(document, words)}: "
    return name + link(headline(document, words, LINE_UNITS), address(document))


def _weight(number: int, story: Story, said: DigestingWords) -> str:
    weight = story.weight
    parts = (
        (said.sources, SOURCES * weight.sources),
        (said.novelty, NOVELTY * weight.novelty),
        (said.recency, RECENCY * weight.recency),
        (said.official, OFFICIAL * weight.official),
        (said.volume, VOLUME * weight.volume),
    )
    told = ", ".join(text.replace("{n}", str(round(n))) for text, n in parts if round(n))
    line = said.weight.replace("{n}", str(number)).replace("{total}", str(round(weight.total)))
    return line.replace("{parts}", told)
