"""What a reader who asked for everything gets of real posts, and what is folded away.

``folding_week.py FILE.jsonl`` takes lines with ``id`` (``channel/message``), ``channel``, ``date``
and ``text`` (Markdown), as if each post came when it was published. Prints how many alerts,
follow-ups and folds there are; with ``--draw N`` so many folds (``--seed``), each with both texts,
to be read.
"""

import argparse
import asyncio
import json
import random
import sys
import tempfile
from collections import Counter
from datetime import datetime
from pathlib import Path

sys.path[:0] = [str(Path(__file__).resolve().parents[1]), str(Path(__file__).resolve().parent)]

from telethon.extensions import markdown  # noqa: E402
from telethon.tl import types  # noqa: E402

from bot.intake import alert_rows, door  # noqa: E402
from bot.intake.events import Events  # noqa: E402
from bot.intake.folding import Folding  # noqa: E402
from bot.intake.saved_queries import Saved  # noqa: E402
from handlers.normalize.telethon import message as telethon  # noqa: E402
from handlers.render.text.headings import published_moment  # noqa: E402
from storage import database  # noqa: E402
from storage.connection import Connection, Database  # noqa: E402
from storage.document import Channel, Document  # noqa: E402
from storage.documents.authors import Authors  # noqa: E402
from storage.outbox import queueing  # noqa: E402
from storage.query import snippet  # noqa: E402
from storage.stories import folded  # noqa: E402
from storage.stories.folded import Fold  # noqa: E402
from storage.subscribers import subscribers  # noqa: E402

READER = 1
EVERYTHING = Saved(id=1, chat_id=READER, query="is:new")


class Week:
    """A reader's week."""

    def __init__(self, db: Database, posts: list[tuple[datetime, Document]]) -> None:
        self._db, self._posts = db, posts
        self._folding = Folding()
        self._events = Events()
        self.folds: list[Fold] = []
        self.actions: Counter[str] = Counter()

    async def live(self) -> None:
        """Let every post come."""
        async with self._db.transaction() as tx:
            await subscribers.add_subscriber(tx, chat_id=READER, now=self._posts[0][0])
        for now, post in self._posts:
            async with self._db.transaction() as tx:
                await self._take(tx, post, now)

    async def _take(self, tx: Connection, post: Document, now: datetime) -> None:
        stored, names = await door.store(
            tx, [post], now=now, live=True, authors=Authors(), events=self._events
        )
        matched = {READER: [EVERYTHING]}
        name = names[stored[0].id]
        rows = list(alert_rows.make_rows(post, name, matched, {}, restored=None, now=now))
        known = {post.doc_id: stored[0].document}
        outcome = await alert_rows.decide(tx, rows, known, self._folding, timezone="UTC", now=now)
        await queueing.add_deliveries(tx, outcome.rows)
        await folded.add_folds(tx, outcome.folds, now=now)
        for row in outcome.rows:
            self.actions["follow" if row.alert.follows else "alert"] += 1
        for fold in outcome.folds:
            self.actions["fold" if fold.fresh is None else "added"] += 1
        self.folds += [fold for fold in outcome.folds if fold.fresh is None]


def read(path: Path) -> list[tuple[datetime, Document]]:
    """Posts with their times, oldest first."""
    posts = [_document(json.loads(line)) for line in path.read_text(encoding="utf-8").splitlines()]
    dated = [(at, post) for post in posts if (at := published_moment(post)) is not None]
    return sorted(dated, key=lambda pair: (pair[0], pair[1].doc_id))


def _document(line: dict[str, str]) -> Document:
    channel_id, message_id = (int(number) for number in line["id"].split("/"))
    text, entities = markdown.parse(line["text"])
    peer = types.PeerChannel(-channel_id - 1_000_000_000_000)
    message = types.Message(
        id=message_id,
        peer_id=peer,
        date=datetime.fromisoformat(line["date"]),
        message=text,
        entities=entities,
    )
    channel = Channel(id=peer.channel_id, title=line["channel"])
    return telethon.normalize([message], channel=channel)


async def main() -> None:
    """Print the figures, and the folds that are drawn."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", type=Path)
    parser.add_argument("--draw", type=int, default=0)
    parser.add_argument("--seed", type=int, default=11)
    options = parser.parse_args()
    posts = await asyncio.to_thread(read, options.file)
    with tempfile.TemporaryDirectory(prefix="dateline-week-") as folder:
        db = await database.open_database(f"sqlite:///{Path(folder) / 'dateline.db'}")
        week = Week(db, posts)
        await week.live()
        await db.close()
    texts = {post.doc_id: snippet.searchable_text(post) for _, post in posts}
    chance = random.Random(options.seed)
    for fold in chance.sample(week.folds, min(options.draw, len(week.folds))):
        sys.stdout.write(f"== {fold.onto} <- {fold.post}\n{texts[fold.onto]}\n")
        sys.stdout.write(
            "-- the same\n" if texts[fold.onto] == texts[fold.post] else f"--\n{texts[fold.post]}\n"
        )
    sys.stdout.write(f"{dict(week.actions)}\n")
    messages = week.actions["alert"] + week.actions["follow"]
    sys.stdout.write(f"follow-ups an alert {week.actions['follow'] / messages:.3f}\n")


if __name__ == "__main__":
    asyncio.run(main())
