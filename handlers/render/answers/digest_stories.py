"""A story of a digest as lines: what happened, how it went on, which channels have it, who was
first."""

import re
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from msgspec import Struct

from handlers.outlines.briefs import Brief
from handlers.outlines.courses import Step
from handlers.outlines.greetings import is_call
from handlers.outlines.outline import FEW, Continued, Outline, Story, Teller
from handlers.render.text.dates import Here, clock, dated, moment
from handlers.render.text.headings import address, channel_name, published
from handlers.render.text.messages import shorten
from handlers.render.text.rich import RichText, bold, fill, italic, join, link
from handlers.stories.officials import channel_key
from handlers.texts.alerts.alert_lines import alert_lines_words
from handlers.texts.digests.digesting import DigestingWords, digesting_words
from handlers.texts.words import Words
from storage import times
from storage.document import Document

NAMED = 3
"""The most other channels of a story that are named."""
BRIEF_UNITS = 150
LIKEWISE = 6
"""The most posts shown that say the same of somebody else, each with who that is."""
NAME_UNITS = 40
HEAD_UNITS = 300
LINE_UNITS = 140
MORE_UNITS = 220
LEAST_OF_LINE = 5
"""Lines of fewer words are mostly signatures of channels."""
DAY = timedelta(hours=24)
"""If a period is longer, all times are shown with their day."""
MOMENT = timedelta(seconds=1)
"""A digest of one day shows times of its last day without the day; one until midnight ends just
before it."""
_WORD = re.compile(r"\w+")


class Digest(Struct, frozen=True, kw_only=True):
    """A digest that was made: by ``token`` its buttons name it. ``documents``, by ``doc_id``, are
    those of its stories and roundups at least; ``query`` is what it was asked for, ``title`` the
    name of its plan; ``short``: its stories are heads, with who tells them; ``history``: how many
    posts of its period it leaves out because they were read as history, if it says so."""

    token: str
    since: datetime
    until: datetime
    outline: Outline
    documents: Mapping[str, Document]
    query: str | None = None
    title: str = ""
    short: bool = False
    history: int = 0


def story_block(number: int, story: Story, digest: Digest, here: Here, words: Words) -> RichText:
    document = digest.documents.get(story.doc_id)
    head = link(shorten(story.head, HEAD_UNITS), address(document) if document else None)
    title = f"{number}. " + bold(head)
    if document is None:
        title += " " + italic(f"({digesting_words(words.language).post_gone})")
    lines: list[RichText | str] = [title]
    lines += correction_lines(story.corrections, digest, here, words)
    if digest.short:
        return join("\n", (*lines, join(" · ", story_notes(story, digest, here, words))))
    if document is not None and len(digest.outline.posts) <= FEW and story.quote is None:
        more = shorten(what_follows(story.head, document), MORE_UNITS)
        lines += [more] if more else []
    if story.quote is not None:
        speaker = shorten(story.quote.speaker, NAME_UNITS)
        lines.append(f"💬 {speaker}: " + italic(f"«{shorten(story.quote.text, HEAD_UNITS)}»"))
    steps = [_step(step, story, digest, here, words) for step in story.steps]
    lines += [step for step in steps if step]
    likewise = story_likewise(story.likewise, digest, here, words)
    lines += [likewise] if likewise is not None else []
    notes = story_notes(story, digest, here, words)
    lines += [join(" · ", notes)] if notes else []
    if (across := story_across(story, digest, here, words)) is not None:
        lines.append(across)
    lines += [brief_line(brief, digest, here, words) for brief in story.abroad]
    return join("\n", lines)


def what_follows(head: str, document: Document) -> str:
    """What a post goes on with behind the words that head its story, without lines of few words;
    empty where that can't be told."""
    lines = [line for text in document.texts() for line in text.split("\n")]
    text = " ".join(" ".join(line for line in lines if _tells(line, head)).split())
    before, found, after = text.partition(head)
    return after.strip() if found and len(before) <= HEAD_UNITS else ""


def _tells(line: str, head: str) -> bool:
    is_long = len(_WORD.findall(line)) >= LEAST_OF_LINE and not is_call(line)
    return is_long or line.strip() in head


def brief_line(brief: Brief, digest: Digest, here: Here, words: Words) -> RichText:
    """A further story in a line. Below it: posts that contradict it, and posts that say the same of
    somebody else. It is marked if it may be the same as the story above it."""
    others = f", +{brief.channels - 1}" if brief.channels > 1 else ""
    others += f" · {words.count(words.posts, brief.posts)}" if brief.posts > 1 else ""
    line = _in_a_line(brief, digest, here, words, others)
    abroad = digesting_words(words.language).abroad
    lines = [join("", ("  ", fill(abroad, post=line)) if brief.also else ("• ", line))]
    corrections = correction_lines(brief.corrections, digest, here, words)
    lines += [join("", ("  ", line)) for line in corrections]
    if brief.otherwise is not None:
        lines.append(join("", ("  ↔ ", _in_a_line(brief.otherwise, digest, here, words))))
    if (likewise := story_likewise(brief.likewise, digest, here, words)) is not None:
        lines.append(join("", ("  ", likewise)))
    return join("\n", lines)


def correction_lines(
    corrections: Sequence[Step], digest: Digest, here: Here, words: Words
) -> list[RichText]:
    """The posts that take back or correct something in a story, each with its time."""
    said = digesting_words(words.language).correction
    lines: list[RichText] = []
    for step in corrections:
        document = digest.documents.get(step.doc_id)
        if document is not None:
            time = link(time_of(document, digest, here, words), address(document))
            name = f"{name_of(document, words)}: {shorten(step.text, HEAD_UNITS)}"
            lines.append(fill(said, post=join(" ", (time, name))))
    return lines


def _in_a_line(
    told: Brief | Step, digest: Digest, here: Here, words: Words, others: str = ""
) -> RichText:
    document = digest.documents.get(told.doc_id)
    text = shorten(told.text, BRIEF_UNITS)
    if document is None:
        gone = digesting_words(words.language).post_gone
        return join("", (text, " ", italic(f"({gone})")))
    by = f"{name_of(document, words)} {time_of(document, digest, here, words)}{others}"
    return link(text, address(document)) + f" ({by})"


def story_likewise(
    likewise: Sequence[Step], digest: Digest, here: Here, words: Words
) -> RichText | None:
    """Of whom else the same is said: the words that differ."""
    named: list[RichText | str] = []
    for step in likewise[:LIKEWISE]:
        document = digest.documents.get(step.doc_id)
        if document is not None:
            text = link(shorten(step.text, NAME_UNITS), address(document))
            named.append(text + f" {time_of(document, digest, here, words)}")
    if not named:
        return None
    if len(likewise) > LIKEWISE:
        named.append(f"+{len(likewise) - LIKEWISE}")
    return fill(digesting_words(words.language).likewise, posts=join(", ", named))


def story_across(story: Story, digest: Digest, here: Here, words: Words) -> RichText | None:
    """Posts in other languages that may be about the same story."""
    document = digest.documents.get(story.across.doc_id) if story.across is not None else None
    if story.across is None or document is None:
        return None
    text = link(shorten(story.across.text, LINE_UNITS), address(document))
    name = f"{name_of(document, words)} {time_of(document, digest, here, words)}: "
    said = digesting_words(words.language)
    return fill(said.across[story.across.language], post=name + text)


def _step(step: Step, story: Story, digest: Digest, here: Here, words: Words) -> RichText | None:
    document = digest.documents.get(step.doc_id)
    at = times.from_instant(document.published_at) if document else None
    if document is None or at is None or says_the_same(step.text, story.head):
        return None
    time = link(time_in(digest, at, here, words), address(document))
    return join(" ", (time, f"{name_of(document, words)}: {shorten(step.text, HEAD_UNITS)}"))


def says_the_same(step: str, head: str) -> bool:
    """Whether half a line repeats the head."""
    return head.startswith(step.rstrip("…").rstrip(" ,.;:—–-"))


def story_notes(story: Story, digest: Digest, here: Here, words: Words) -> list[RichText | str]:
    """The channels that have a story, which was first, and what became of its posts."""
    said = digesting_words(words.language)
    notes: list[RichText | str] = []
    if story.mine:
        notes.append(said.mine)
    if len(story.posts) > 1:
        notes.append(words.count(words.posts, len(story.posts)))
    first, *others = story.tellers
    document = digest.documents.get(first.doc_id)
    best = digest.documents.get(story.doc_id)
    is_of_first = best is None or story.doc_id == first.doc_id
    if best is not None and not is_of_first:
        others = [one for one in others if not _is_of(one, best, digest)]
        notes.append(_told(said.only, best, digest, here, words))
    if document is not None and (is_of_first or story.since is None):
        notes.append(_told(_opening(story, said), document, digest, here, words))
    if others:
        earlier = document if story.head_first else None
        notes.append(fill(said.also, names=_others(others, earlier, digest, words, said)))
    if story.since is not None:
        notes.append(
            fill(said.since, day=day_and_time(datetime.fromisoformat(story.since), here, words))
        )
    if story.continues is not None:
        notes.append(_continued(story.continues, digest, here, words))
    if story.edited:
        notes.append(said.count(said.edited, story.edited))
    if story.deleted:
        notes.append(said.count(said.deleted, story.deleted))
    return notes


def _opening(story: Story, said: DigestingWords) -> str:
    """What is said about the channel whose post came first."""
    if len(story.posts) == 1 or story.since is not None:
        return said.only
    return said.first if story.head_first else said.began


def _is_of(teller: Teller, document: Document, digest: Digest) -> bool:
    """Whether a document is from a teller's channel."""
    told = digest.documents.get(teller.doc_id)
    return told is not None and channel_key(told) == channel_key(document)


def _told(template: str, document: Document, digest: Digest, here: Here, words: Words) -> RichText:
    name = link(name_of(document, words), address(document))
    return fill(template, name=name, time=time_of(document, digest, here, words))


def _continued(earlier: Continued, digest: Digest, here: Here, words: Words) -> RichText:
    document = digest.documents.get(earlier.doc_id)
    day = day_and_time(datetime.fromisoformat(earlier.since), here, words)
    named = link(day, address(document) if document is not None else None)
    return fill(digesting_words(words.language).continues, day=named)


def _others(
    others: Sequence[Teller],
    first: Document | None,
    digest: Digest,
    words: Words,
    said: DigestingWords,
) -> RichText:
    """The channels after the first; the second with how much later it was."""
    names: list[RichText | str] = []
    for place, teller in enumerate(others[:NAMED]):
        document = digest.documents.get(teller.doc_id)
        if document is None:
            continue
        name: RichText | str = link(name_of(document, words), address(document))
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


def name_of(document: Document, words: Words) -> str:
    return shorten(channel_name(document, words), NAME_UNITS)


def time_of(document: Document, digest: Digest, here: Here, words: Words) -> str:
    at = times.from_instant(document.published_at)
    if at is None:
        return published(document, here, words)
    return time_in(digest, at, here, words)


def time_in(digest: Digest, at: datetime, here: Here, words: Words) -> str:
    """A time (aware) as a digest shows it: with its day, except the last day of a digest of at most
    one day."""
    local = at.astimezone(here.zone)
    last = (digest.until - MOMENT).astimezone(here.zone).date()
    if digest.until - digest.since > DAY or local.date() != last:
        return dated(at, here.zone, words)
    return clock(local)


def day_and_time(at: datetime, here: Here, words: Words) -> str:
    """With the time of day, whatever the day."""
    told, time = moment(at, here, words), clock(at.astimezone(here.zone))
    return told if told.endswith(time) else f"{told} {time}"
