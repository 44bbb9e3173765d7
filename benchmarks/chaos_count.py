"""What came of a run of ``chaos.py``: the sandbox's ledger held against the database."""

import json
import sqlite3
import sys
from collections import Counter
from collections.abc import Set
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bot.sandbox.state.messages import Message
from bot.sandbox.world.channels import Post

PostKey = tuple[int, int]
"""A channel's number and a message's."""


@dataclass(slots=True, kw_only=True)
class Deeds:
    """What was done on purpose, for the count: ``due`` are the marks of posts that must be told,
    each once; ``parts`` are the parts of albums that were deleted, ``strangers`` the channels that
    took over a name which somebody watched."""

    due: set[str] = field(default_factory=set)
    edited: list[Post] = field(default_factory=list)
    deleted: list[Post] = field(default_factory=list)
    parts: set[PostKey] = field(default_factory=set)
    strangers: set[int] = field(default_factory=set)


@dataclass(slots=True, kw_only=True)
class Count:
    """What came of it."""

    posted: int
    stored: int
    missed: int
    duplicated: int
    due: int
    sent: int
    missing: int
    doubled: int
    edits_missed: int
    deletions_missed: int
    parts_left: int
    strange: int
    examples: list[str]

    @classmethod
    def of(
        cls, deeds: Deeds, posted: Set[PostKey], received: list[Message], folder: Path
    ) -> "Count":
        """Count. ``posted`` is all that channels posted, ``received`` what the subscriber got."""
        documents = read_documents(folder)
        ids = Counter(place for document in documents for place in places(document))
        wanted = {place for place in posted if place[0] not in deeds.strangers} - deeds.parts
        told = Counter(mark for message in received for mark in marks(message))
        by_place = {place: document for document in documents for place in places(document)}
        lost = wanted - ids.keys()
        return cls(
            posted=len(wanted),
            stored=len(ids.keys() & wanted),
            missed=len(lost),
            duplicated=sum(count > 1 for count in ids.values()),
            due=len(deeds.due),
            sent=told.total(),
            missing=len(deeds.due - told.keys()),
            doubled=sum(count > 1 for count in told.values()),
            edits_missed=sum(
                post.deleted_at is None
                and post.text.split()[0] not in (by_place.get(_place(post)) or {}).get("title", "")
                for post in deeds.edited
            ),
            deletions_missed=sum(
                not (by_place.get(_place(post)) or {}).get("deleted_at") for post in deeds.deleted
            ),
            parts_left=len(deeds.parts & ids.keys()),
            strange=sum(place[0] in deeds.strangers for place in ids),
            examples=[f"missed {place}" for place in sorted(lost)[:5]]
            + [f"missing {mark}" for mark in sorted(deeds.due - told.keys())[:5]]
            + [f"doubled {mark}" for mark, count in told.items() if count > 1][:5],
        )

    @property
    def figures(self) -> tuple[int, ...]:
        """All that may still change."""
        missed = self.edits_missed, self.deletions_missed, self.parts_left
        return self.stored, self.sent, self.missed, self.missing, *missed

    @property
    def is_clean(self) -> bool:
        """Whether nothing was lost, nothing doubled and nothing taken for something else."""
        return not (self.missed or self.duplicated or self.missing or self.doubled or self.strange)

    @property
    def is_settled(self) -> bool:
        """Whether there is nothing left to wait for."""
        waited = self.missed, self.missing, self.edits_missed, self.deletions_missed
        return not any(waited) and not self.parts_left

    def show(self) -> None:
        """Print it all."""
        sys.stdout.write(
            f"posted {self.posted} stored {self.stored} missed {self.missed} duplicated"
            f" {self.duplicated} alerts due {self.due} sent {self.sent} missing {self.missing}"
            f" doubled {self.doubled}\n"
        )
        for example in self.examples:
            sys.stdout.write(f"  {example}\n")


def marks(message: Message) -> set[str]:
    """The marks of the posts that an alert tells of, or a list of them by now."""
    if not message.text.startswith("🔔"):
        return set()
    return {word for word in message.text.split() if word.startswith("zq")}


def _place(post: Post) -> PostKey:
    return post.channel.id, post.id


def read_documents(folder: Path) -> list[dict[str, Any]]:
    """The documents as they are stored."""
    rows = _rows(folder, "SELECT json FROM document WHERE channel_id IS NOT NULL")
    return [json.loads(text) for (text,) in rows]


def places(document: dict[str, Any]) -> set[PostKey]:
    """Where a document stands: its channel with every one of its message ids."""
    if document["kind"] == "service":
        return set()
    numbers = {document["message_id"], *document.get("album_ids", ())}
    return {(document["channel"]["id"], number) for number in numbers}


def stored_ids(folder: Path) -> set[PostKey]:
    """The messages that are stored, an album's parts too."""
    found = {(channel, number) for channel, number in _rows(folder, _POSTS)}
    names = (name.removeprefix("tg:").split("/") for (name,) in _rows(folder, _PARTS))
    return found | {(int(owner), int(number)) for owner, number in names if owner.isdigit()}


_POSTS = "SELECT channel_id, message_id FROM document WHERE channel_id IS NOT NULL"
_PARTS = "SELECT doc_id FROM document_name WHERE doc_id LIKE 'tg:%'"


def _rows(folder: Path, sql: str) -> list[Any]:
    db = sqlite3.connect(folder / "data" / "dateline.db")
    try:
        return db.execute(sql).fetchall()
    finally:
        db.close()
