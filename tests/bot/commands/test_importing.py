"""What an import takes in at once, what it leaves out, and what it says of it."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.commands import importing
from bot.commands.importing import _kept, _next_batch, _others, _summary
from bot.commands.reading.source_files import Tally
from bot.intake.prepared import Prepared
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
    texts: list[str], sizes: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(importing, "BATCH", 3)
    monkeypatch.setattr(importing, "BATCH_LETTERS", 10)
    found = iter([prepared(text) for text in texts])
    assert [len(_next_batch(found)) for _ in sizes] == sizes


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
