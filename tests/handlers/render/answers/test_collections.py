"""Collections as they are shown, in words."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from handlers.render.answers import collections as shown
from handlers.render.answers.collections import NOTE_UNITS, View
from handlers.render.text.dates import here_in
from handlers.render.text.messages import Message
from handlers.texts.languages import words_of
from storage.subscribers.collections import Collection, Saved

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
VIEW = View(here_in("UTC", NOON), words_of("en"))


def collection(posts: int = 1, name: str = "Brief", id: int = 7) -> Collection:
    return Collection(id=id, chat_id=1, name=name, posts=posts)


def buttons(message: Message) -> list[list[tuple[str, str]]]:
    """Each with its data, without the verb."""
    return [
        [(one.text, "|".join((one.data or "").split("|")[1:])) for one in row]
        for row in message.keyboard
    ]


@pytest.mark.parametrize(
    ("count", "page", "first", "rows", "turning"),
    [
        (1, 0, "0", 1, []),
        (8, 0, "0", 8, []),
        (9, 0, "0", 8, ["1 / 2", "Next ›"]),
        (9, 1, "8", 1, ["‹ Prev", "2 / 2"]),
        (9, 5, "8", 1, ["‹ Prev", "2 / 2"]),
        (17, 1, "8", 8, ["‹ Prev", "2 / 3", "Next ›"]),
    ],
)
def test_eight_collections_are_on_a_page(
    count: int, page: int, first: str, rows: int, turning: list[str]
) -> None:
    have = [collection(n, f"C{n}", n) for n in range(count)]
    message = shown.collections_list(have, page, VIEW)
    assert message.text.text == (
        f"Collections: {count}\nPress one to read it, to take it along as a file, or to remove it."
    )
    named = [row for row in buttons(message) if row[0][0].startswith("📁")]
    assert named[0] == [(f"📁 C{first} · {first}", f"{first}|0")]
    assert len(named) == rows
    assert [text for row in buttons(message)[rows:] for text, _ in row] == turning


def test_what_was_removed_can_be_undone_above_the_rest() -> None:
    message = shown.collections_list([], 0, VIEW, removed=collection())
    assert message.text.text.startswith("Removed: Brief\nNothing is saved here yet.")
    assert buttons(message) == [[("↩️ Undo", "7")]]


@pytest.mark.parametrize(
    ("posts", "page", "numbers", "turning"),
    [
        (1, 0, [1], []),
        (5, 0, [1, 2, 3, 4, 5], []),
        (6, 0, [1, 2, 3, 4, 5], ["1 / 2", "Next ›"]),
        (6, 1, [6], ["‹ Prev", "2 / 2"]),
        (11, 1, [6, 7, 8, 9, 10], ["‹ Prev", "2 / 3", "Next ›"]),
    ],
)
def test_five_posts_are_on_a_page(
    posts: int, page: int, numbers: list[int], turning: list[str]
) -> None:
    saved = [Saved(f"tg:100/{n}", "", NOON) for n in numbers]
    message = shown.collection_card(collection(posts), saved, {}, page, VIEW)
    entries = message.text.text.split("\n\n")
    noun = "post" if posts == 1 else "posts"
    assert entries[0] == f"📁 Brief · {posts} {noun}"
    assert entries[1:-1] == [f"{n}. a post that is not kept any more" for n in numbers]
    assert entries[-1] == "✕ removes a post from it."
    out, *turns, files, last = buttons(message)
    assert out == [(f"✕ {n}", f"7|{page}|tg:100/{n}") for n in numbers]
    assert [text for row in turns for text, _ in row] == turning
    assert files == [("⬇️ Page (HTML)", "7|html"), ("⬇️ Text", "7|txt")]
    assert last == [("‹ All collections", "0"), ("✕ Remove", "7")]


def test_an_empty_one_has_no_files_and_what_was_taken_out_comes_back() -> None:
    message = shown.collection_card(collection(0), [], {}, 0, VIEW, taken="tg:100/1")
    assert message.text.text == "📁 Brief · 0 posts\n\nRemoved from Brief.\n\nNothing is in it."
    assert buttons(message) == [
        [("↩️ Undo", "7|0|tg:100/1")],
        [("‹ All collections", "0"), ("✕ Remove", "7")],
    ]
    long = shown.collection_card(collection(0), [], {}, 0, VIEW, taken="tg:@" + "x" * 64)
    assert len(long.keyboard) == 1  # A button can't hold it.


@pytest.mark.parametrize(
    ("fields", "note", "lines"),
    [
        ({}, "", ["1. Ferry", "Harbour News · today 9:01"]),
        ({"deleted_at": "2026-11-22T10:00:00Z"}, "",
         ["1. Ferry", "Harbour News · today 9:01 · deleted in its channel"]),
        ({}, "look", ["1. Ferry", "Harbour News · today 9:01", "Note: look"]),
        ({}, "x" * 400, ["1. Ferry", "Harbour News · today 9:01",
                         "Note: " + "x" * (NOTE_UNITS - 1) + "…"]),
    ],
)  # fmt: skip
def test_a_post_is_told_with_its_channel_time_and_note(
    make_post: Any, fields: dict[str, Any], note: str, lines: list[str]
) -> None:
    post = make_post(1, "Ferry", **fields)
    saved = [Saved(post.doc_id, note, NOON - timedelta(days=1))]
    message = shown.collection_card(collection(), saved, {post.doc_id: post}, 0, VIEW)
    assert message.text.text.split("\n\n")[1].split("\n") == lines


@pytest.mark.parametrize(
    ("outcome", "text", "undone"),
    [
        ("new", "Saved to Brief, which holds 2 posts now.", True),
        ("there", "It is in Brief already, which holds 2 posts.", False),
        ("noted", "It is in Brief already; its note is yours now.", False),
        ("full", "Brief is full: it holds 2 posts. Save to another one, by its name.", False),
    ],
)
def test_what_came_of_saving(make_post: Any, outcome: str, text: str, undone: bool) -> None:
    message = shown.saved_message(collection(2), outcome, make_post(1, "Ferry"), VIEW)
    assert message.text.text == text
    undo = [("↩️ Undo", "7|0|tg:100/1")] if undone else []
    assert buttons(message) == [[("📁 Open Brief", "7|0"), *undo]]
    long = make_post(1, "Ferry", doc_id="tg:@" + "x" * 64)
    assert len(shown.saved_message(collection(2), "new", long, VIEW).keyboard[0]) == 1


def test_a_name_is_contained_and_cut() -> None:
    assert shown.label(collection(name=" Night\u202e desk ")).startswith("Night")
    assert len(shown.label(collection(name="x" * 60))) == shown.NAME_UNITS
