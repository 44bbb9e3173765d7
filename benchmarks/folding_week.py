"""What a reader who asked for everything gets of real posts, and what is folded away.

``folding_week.py FILE.jsonl`` takes lines with ``id`` (``channel/message``), ``channel``, ``date``
and ``text`` (Markdown), as if each post came when it was published. Prints how many alerts,
follow-ups and folds there are; ``--draw N`` draws N folds (``--seed``), each with both texts, to be
read. ``--once``: for a reader who wants one message for an event; then it prints, too, why
others came, and those posts are drawn that went into the message of their event.
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
from storage.stories import event_told, folded  # noqa: E402
from storage.stories.folded import Fold  # noqa: E402
from storage.subscribers import alerts, subscribers  # noqa: E402

READER = 1
EVERYTHING = Saved(id=1, chat_id=READER, query="is:new")


class Week:
    """A reader's week."""

    def __init__(
        self, db: Database, posts: list[tuple[datetime, Document]], *, once: bool = False
    ) -> None:
        self._db, self._posts, self._once = db, posts, once
        self._folding = Folding()
        self._events = Events()
        self.folds: list[Fold] = []
        self.rung: list[tuple[str, str, str]] = []
        self.actions: Counter[str] = Counter()

    async def live(self) -> None:
        """Let every post come."""
        async with self._db.transaction() as tx:
            now = self._posts[0][0]
            await subscribers.add_subscriber(tx, chat_id=READER, now=now)
            await alerts.add_alert(tx, chat_id=READER, query=EVERYTHING.query, now=now)
            await alerts.update_alert(tx, EVERYTHING.id, READER, once=self._once)
        for now, post in self._posts:
            async with self._db.transaction() as tx:
                await self._take(tx, post, now)

    async def _take(self, tx: Connection, post: Document, now: datetime) -> None:
        stored, names = await door.store(
            tx, [post], now=now, live=True, authors=Authors(), events=self._events
        )
        matched = {READER: [EVERYTHING]}
        name = names[stored[0].id]
        rows = list(alert_rows.fan_out(post, name, matched, {}, restored=None, now=now).rows())
        known = {post.doc_id: stored[0].document}
        _, outcome = await alert_rows.decide(
            tx, rows, known, self._folding, timezone="UTC", now=now
        )
        await queueing.add_deliveries(tx, outcome.rows)
        await event_told.note(tx, outcome.ringing)
        await folded.add_folds(tx, outcome.folds, now=now)
        for row in outcome.rows:
            self.actions["follow" if row.alert.follows else "alert"] += 1
            if row.alert.news:
                self.actions[f"news: {row.alert.news}"] += 1
                self.rung.append((row.alert.follows or "", row.alert.doc_id, row.alert.news))
        for fold in outcome.folds:
            how = "event" if fold.is_event else "fold" if fold.fresh is None else "added"
            self.actions[how] += 1
        self.folds += [
            fold for fold in outcome.folds if fold.fresh is None and fold.is_event is self._once
        ]


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
    parser.add_argument("--once", action="store_true")
    parser.add_argument(
        "--rung", type=int, default=0, help="how many to draw that rang all the same"
    )
    options = parser.parse_args()
    posts = await asyncio.to_thread(read, options.file)
    with tempfile.TemporaryDirectory(prefix="dateline-week-") as folder:
        db = await database.open_database(f"sqlite:///{Path(folder) / 'dateline.db'}")
        week = Week(db, posts, once=options.once)
        await week.live()
        await db.close()
    texts = {post.doc_id: snippet.searchable_text(post) for _, post in posts}
    chance = random.Random(options.seed)
    for fold in chance.sample(week.folds, min(options.draw, len(week.folds))):
        sys.stdout.write(f"== {fold.onto} <- {fold.post}\n{texts[fold.onto]}\n")
        sys.stdout.write(
            "-- the same\n" if texts[fold.onto] == texts[fold.post] else f"--\n{texts[fold.post]}\n"
        )
    for follows, post, why in chance.sample(week.rung, min(options.rung, len(week.rung))):
        sys.stdout.write(
            f"== rang: {why}: {follows} <- {post}\n{texts[follows]}\n--\n{texts[post]}\n"
        )
    sys.stdout.write(f"{dict(week.actions)}\n")
    messages = week.actions["alert"] + week.actions["follow"]
    sys.stdout.write(f"follow-ups an alert {week.actions['follow'] / messages:.3f}\n")


if __name__ == "__main__":
    asyncio.run(main())
