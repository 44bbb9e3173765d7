"""What an import takes in at once, what it leaves out, and what it says of it."""

import asyncio
import json
from collections import Counter
from collections.abc import Sequence
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot import settings as settings_of
from bot.commands import importing
from bot.commands.importing import ALONE, BESIDE, Pace, _kept, _next_batch, _others, _summary
from bot.commands.reading.source_files import Tally
from bot.intake.imported import Importing
from bot.intake.prepared import Prepared
from bot.process import locks
from storage.document import Author, Block, Channel, Document, Source
from storage.records import OwnBot
from storage.retention.limits import Keeping

BOT = OwnBot(id=5, username="harbour_bot")
NOW = datetime.now(UTC)


def prepared(text: str = "Ice", **fields: Any) -> Prepared:
    document = Document(
        kind="post",
        doc_id="tg:100/5",
        source=Source(type="telethon"),
        channel=Channel(id=100),
        body=(Block(type="paragraph", text=text),),
        content_hash="0" * 16,
        **fields,
    )
    return Prepared(document)


def aged(days: float, **fields: Any) -> Prepared:
    at = (NOW - timedelta(days=days)).strftime("%Y-%m-%dT%H:%M:%SZ")
    return prepared(published_at=at, published_precision="second", **fields)


@pytest.mark.parametrize(
    ("texts", "sizes"),
    [
        ([], [0]),
        (["a"] * 3, [3, 0]),
        (["a"] * 4, [3, 1, 0]),
        (["a" * 9, "b", "c"], [2, 1, 0]),
        (["a" * 10, "b", "c"], [1, 2, 0]),
    ],
)
def test_a_batch_ends_at_a_number_of_documents_or_of_letters(
    texts: list[str], sizes: list[int]
) -> None:
    pace = Pace(documents=3, letters=10, pause=0)
    found = iter([prepared(text) for text in texts])
    assert [len(_next_batch(found, pace)) for _ in sizes] == sizes


def test_what_our_own_bot_said_and_what_was_said_to_it_is_left_out() -> None:
    ours = prepared(author=Author(kind="user", id=5))
    command = prepared("/alert@harbour_bot ice", author=Author(kind="user", id=6))
    theirs = prepared(author=Author(kind="user", id=6))
    tally = Tally(documents=3)
    assert list(_others(iter([ours, command, theirs]), BOT, tally)) == [theirs]
    assert (tally.documents, tally.skipped) == (1, 2)


@pytest.mark.parametrize(
    ("keeping", "left", "said"),
    [
        (Keeping(), [], ""),
        (Keeping(documents=timedelta(days=30)), [40.0], "1 documents are older"),
        (Keeping(group_posts=timedelta(days=5)), [], ""),
        (Keeping(documents=timedelta(days=5)), [40.0, 9.0], "2 documents are older"),
    ],
)
def test_what_would_be_forgotten_again_is_left_out_and_counted(
    keeping: Keeping, left: list[float], said: str, capfd: pytest.CaptureFixture[str]
) -> None:
    given = {days: aged(days) for days in (40.0, 9.0, 1.0)}
    tally = Tally(documents=3)
    kept = list(_kept(iter(given.values()), keeping, tally))
    assert kept == [one for days, one in given.items() if days not in left]
    assert (tally.documents, tally.skipped) == (3 - len(left), len(left))
    assert said in capfd.readouterr().err


def test_posts_of_groups_may_be_kept_for_less(capfd: pytest.CaptureFixture[str]) -> None:
    given = [aged(9.0), aged(9.0, author=Author(kind="user", id=6))]
    kept = list(_kept(iter(given), Keeping(group_posts=timedelta(days=5)), Tally()))
    assert kept == given[:1]


def test_the_counts_are_said_format_by_format() -> None:
    counts = {
        "files": 2,
        "documents": 3,
        "new": 4,
        "updated": 5,
        "unchanged": 6,
        "skipped": 7,
        "failed": 1,
    }
    assert _summary(counts, Counter(tdesktop=1, article=2)) == (
        "article: 2 documents\n"
        "tdesktop: 1 document\n"
        "2 files, 3 documents: 4 new, 5 updated, 6 unchanged; 7 messages skipped, 1 file failed\n"
    )


def write_export(path: Path, number: int) -> None:
    messages = [
        {"id": id, "type": "message", "date_unixtime": str(1714557600 + id),
         "from": "Port", "from_id": "channel77", "text": f"Ferry {id} sails"}
        for id in range(1, number + 1)
    ]  # fmt: skip
    export = {"name": "Port", "type": "public_channel", "id": 77, "messages": messages}
    path.write_text(json.dumps(export), encoding="utf-8")


@pytest.mark.slow
def test_it_gives_way_to_a_service_while_that_has_the_database(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "no.env").touch()
    known = settings_of.load({"DATA_DIR": str(tmp_path / "data")}, tmp_path / "no.env")
    write_export(tmp_path / "result.json", 3 * BESIDE.documents + ALONE.documents + 1)
    done: list[float] = []
    take, sleep = Importing.take, asyncio.sleep
    with ExitStack() as service:
        (tmp_path / "data").mkdir()
        lock = locks.of_database(tmp_path / "data" / "dateline.db")
        service.enter_context(locks.held(lock, what="the database", where="here"))

        async def noted(self: Importing, batch: Sequence[Prepared]) -> Any:
            done.append(len(batch))
            if len(done) == 5:
                service.close()
            return await take(self, batch)

        async def waited(seconds: float) -> None:
            done.extend([seconds] if seconds else [])
            await sleep(seconds)

        monkeypatch.setattr(Importing, "take", noted)
        monkeypatch.setattr("bot.commands.importing.asyncio.sleep", waited)
        status = importing.run(
            known,
            [tmp_path / "result.json"],
            format=None,
            channel=None,
            all_chats=False,
            as_json=True,
        )
    assert status == 0
    beside = [BESIDE.documents, BESIDE.pause] * 3
    assert done == [*beside, ALONE.documents, 1, 0]
    assert BESIDE.pause > 0.025  # SQLite's patience looks every 25 ms at first
