"""``dateline digest``: prints the stories of a period."""

import asyncio
import json
import sys
from datetime import UTC, datetime, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from bot.commands import archive
from bot.process import terminal
from bot.settings import Settings
from handlers.digests.reading import read_outline
from handlers.outlines.outline import Story
from handlers.render.answers.digest_html import digest_html
from handlers.render.answers.digest_pages import digest_text
from handlers.render.answers.digest_stories import Digest
from handlers.render.text.dates import here_in
from handlers.render.text.headings import channel_name
from handlers.texts.languages import words_of
from storage.query.reading import syntax

Format = Literal["text", "html", "json"]


def run(
    settings: Settings, query: str | None, *, since: timedelta, limit: int, format: Format
) -> int:
    """Print the stories since a time, of the posts that ``query`` finds if there is one. An empty
    digest is no failure. Raises DatelineError."""
    now, zone = datetime.now(UTC), ZoneInfo(settings.timezone)
    tree = syntax.parse(query, now=now, zone=zone) if query else None
    digest = asyncio.run(_read(settings, tree, now - since, now, limit))
    if not digest.outline.posts and format == "text":
        terminal.say("dateline: nothing came in")
        return 0
    here, words = here_in(settings.timezone, now), words_of(settings.bot_language)
    if format == "json":
        sys.stdout.write(_json(digest) + "\n")
    elif format == "html":
        sys.stdout.write(digest_html(digest, here, words))
    else:
        lines = digest_text(digest, here, words).splitlines()
        sys.stdout.write("".join(f"{terminal.one_line(line)}\n" for line in lines))
    return 0


async def _read(
    settings: Settings, query: syntax.Query | None, after: datetime, until: datetime, limit: int
) -> Digest:
    async with archive.opened(settings) as database, database.reader() as reader:
        outline, documents = await read_outline(
            reader, after=after, until=until, query=query, most=limit
        )
    return Digest(
        token="",
        since=after,
        until=until,
        outline=outline,
        documents=documents,
        query=query.written if query else None,
    )


def _json(digest: Digest) -> str:
    outline = digest.outline
    value = {
        "since": f"{digest.since:%Y-%m-%dT%H:%M:%SZ}",
        "until": f"{digest.until:%Y-%m-%dT%H:%M:%SZ}",
        "posts": len(outline.posts),
        "stories": [_story(story, digest) for story in outline.stories],
        "rest": len(outline.roundups) + len(outline.rest),
    }
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _story(story: Story, digest: Digest) -> dict[str, object]:
    words = words_of("en")
    tellers = [digest.documents[teller.doc_id] for teller in story.tellers]
    across = {"across": story.across.doc_id} if story.across is not None else {}
    return {
        "head": story.head,
        "posts": list(story.posts),
        "channels": [channel_name(document, words) for document in tellers],
        "first": digest.documents[story.posts[0]].published_at,
        "score": round(story.weight.total, 1),
        **across,
    }
