"""Flattened channel pages: which lines are whose. All texts are invented."""

from itertools import pairwise

import pytest
from examples import examples
from hypothesis import given
from hypothesis import strategies as st

from handlers.normalize.text import is_page, read_text
from storage.document import Document, Media

HIDDEN = "Please open Telegram to view this post\nVIEW IN TELEGRAM"
TOO_BIG = "Media is too big\nVIEW IN TELEGRAM"

BRIDGE = (
    "🎙 Jane Roe on the bridge (Springfield, May 17, 2023)",
    "Key points:",
    "🔹 The bridge is open to #Walkers on both sides.",
    "🔹The toll falls by half in the #North.",
    "Read in full",
)
FERRY = (
    "The ferry leaves at nine from the old pier.",
    "💬 Harbour Master: The tide decides, not we.",
    "It has done so for a hundred years.",
    "#Ferry",
)
LAMP = ("⚡️ A lamp burns in the tower again",)


def flat(post: tuple[str, ...], forward: str | None = None, big: bool = False) -> str:
    """A post as the extractor prints it: the body twice."""
    rows = [f"Forwarded from {forward}"] if forward else []
    rows += [TOO_BIG] if big else []
    return "\n".join([*rows, *post, *post[1:]])


def read(text: str) -> list[Document]:
    return read_text(text, file="page.txt", file_hash="ab" * 32)


def texts(documents: list[Document]) -> list[tuple[str, ...]]:
    return [tuple(document.texts()) for document in documents]


def test_posts_end_where_their_copies_end() -> None:
    page = [flat(BRIDGE, "Old Town"), flat(FERRY), flat(FERRY[:2], "Harbour", big=True)]
    documents = read("\n".join(page))
    assert texts(documents) == [BRIDGE, FERRY, FERRY[:2]]
    assert [document.source.lines for document in documents] == [(1, 10), (11, 17), (18, 23)]
    assert [document.doc_id for document in documents] == [
        f"txt:{'ab' * 8}#{number}" for number in (1, 2, 3)
    ]
    assert [document.flags for document in documents] == [("body_repeated",)] * 3
    names = [document.forwarded_from and document.forwarded_from.name for document in documents]
    assert names == ["Old Town", None, "Harbour"]
    assert documents[2].media == (Media(type="video", state="too_big"),)


def test_gaps_are_not_known_on_a_flattened_page() -> None:
    assert {block.gap for block in read(flat(BRIDGE, "Old Town"))[0].body} == {None}


@pytest.mark.parametrize("order", [(0, 1, 2), (2, 1, 0), (1, 0, 2), (1, 1, 0), (0, 0, 0)])
def test_any_order_and_repetition_of_posts_reads_the_same(order: tuple[int, ...]) -> None:
    posts = (BRIDGE, FERRY, (*LAMP, "🔸 It is seen from the sea."))
    documents = read("\n".join(flat(posts[number]) for number in order))
    assert texts(documents) == [posts[number] for number in order]


def test_a_post_printed_twice_after_a_line_is_two_posts() -> None:
    assert texts(read("\n".join([*LAMP, flat(FERRY), flat(FERRY)]))) == [LAMP, FERRY, FERRY]


def test_a_custom_emoji_post_after_a_line_keeps_its_own_head() -> None:
    post = ("🎙 Jane Roe speaks", "💬 We came.", "🔹 One walks.", "They have built a bridge.")
    text = "\n".join(["Forwarded from Old Town", *LAMP, *post, post[3], HIDDEN])
    documents = read(text)
    assert texts(documents) == [LAMP, post]
    assert "boundary_inferred" in documents[1].flags


def test_repetition_inside_a_body_stays() -> None:
    song = ("Song of the ferry", "Row, row, row.", "Home we go.", "Row, row, row.")
    documents = read(flat(song) + "\n" + flat(FERRY))
    assert texts(documents) == [song, FERRY]


def test_a_post_of_one_line_stands_between_others() -> None:
    documents = read("\n".join([flat(BRIDGE), *LAMP, flat(FERRY)]))
    assert texts(documents) == [BRIDGE, LAMP, FERRY]
    assert [("boundary_inferred" in document.flags) for document in documents] == [
        False,
        False,
        True,
    ]


def test_a_lossy_copy_keeps_what_no_custom_emoji_opens() -> None:
    copy = "Key points:\nRead in full"
    text = "\n".join(["Forwarded from Old Town", *BRIDGE, copy, HIDDEN, flat(FERRY)])
    first, second = read(text)
    assert tuple(first.texts()) == BRIDGE
    assert first.artefact.copy == "lossy"
    assert first.artefact.keep == ((0, None), (3, None))
    assert first.artefact.hidden_fallback
    assert first.flags == ("body_repeated", "lossy_copy")
    assert first.source.lines == (1, 10)
    assert second.flags == ("body_repeated",)


def test_a_lossy_copy_keeps_prefixes() -> None:
    post = ("Head of the news", "The lamp 🔦 is lit.", "The pier is dry.")
    text = "\n".join([*post, "The lamp", "The pier is dry.", HIDDEN])
    (document,) = read(text)
    assert tuple(document.texts()) == post
    assert document.artefact.keep == ((0, 8), (1, None))


def test_a_body_of_custom_emoji_has_no_copy_at_all() -> None:
    post = ("Head of the news", "🔹 One walks.", "🔹 Two row.", "🔹 Three wait.")
    (first, second) = read("\n".join([*post, HIDDEN, flat(FERRY)]))
    assert tuple(first.texts()) == post
    assert first.artefact.copy == "none"
    assert first.artefact.hidden_fallback
    assert tuple(second.texts()) == FERRY
    assert "boundary_inferred" not in second.flags


def test_a_cut_copy_is_no_lossy_one() -> None:
    whole = flat(FERRY, "Harbour")
    (document,) = read(whole[: whole.rindex("hundred")])
    assert tuple(document.texts()) == FERRY
    assert document.artefact.copy == "cut"
    assert document.artefact.keep == ((0, None), (1, 21))
    assert document.flags == ("body_repeated", "copy_cut")


def test_a_post_cut_in_its_first_body_is_one_post() -> None:
    text = "\n".join([flat(FERRY), "Forwarded from Old Town", *BRIDGE[:4]])
    documents = read(text)
    assert texts(documents) == [FERRY, BRIDGE[:4]]
    assert documents[1].artefact.copy == "none"


def test_a_page_that_repeats_nothing_has_a_post_a_forward_line() -> None:
    text = "\n".join(["Forwarded from Old Town", *BRIDGE, "Forwarded from Harbour", *FERRY])
    documents = read(text)
    assert texts(documents) == [BRIDGE, FERRY]
    assert [document.flags for document in documents] == [(), ()]


def test_a_link_preview_belongs_to_the_post_before_it() -> None:
    preview = ["example.org", "A page on bridges", "All the bridges of the north."]
    first, second = read("\n".join([flat(BRIDGE), *preview, flat(FERRY)]))
    assert tuple(first.texts()) == BRIDGE
    assert first.media == (
        Media(
            type="webpage",
            name="example.org",
            title="A page on bridges\nAll the bridges of the north.",
        ),
    )
    assert [item.text for item in first.furniture] == preview
    assert first.source.lines == (1, 12)
    assert tuple(second.texts()) == FERRY
    assert second.flags == ("body_repeated", "boundary_inferred")


def test_a_replys_two_lines_belong_to_the_post_after_them() -> None:
    reply = ["Harbour", "The ferry leaves at nine from the old…"]
    first, second = read("\n".join([flat(FERRY, "Harbour"), *reply, flat(BRIDGE)]))
    assert tuple(first.texts()) == FERRY
    assert tuple(second.texts()) == BRIDGE
    assert second.reply_to is not None
    assert second.reply_to.quote == reply[1]
    assert second.source.lines == (9, 19)


def test_a_reply_to_a_post_of_the_page_is_known_by_its_words() -> None:
    reply = ["The Town Crier", "The ferry leaves at nine from"]
    documents = read("\n".join([flat(FERRY), *reply, flat(BRIDGE)]))
    assert texts(documents) == [FERRY, BRIDGE]
    assert documents[1].reply_to is not None


def test_a_reply_of_one_line_is_no_preview_of_the_post_before_it() -> None:
    reply = ["The Town Crier", "The ferry leaves at nine from"]
    documents = read("\n".join([flat(FERRY), *LAMP, *reply, "No, it leaves at ten.", flat(BRIDGE)]))
    assert texts(documents) == [FERRY, LAMP, ("No, it leaves at ten.",), BRIDGE]
    assert documents[2].reply_to is not None
    assert documents[1].media == ()


def test_a_name_that_one_reply_shows_marks_the_others() -> None:
    replies = ["The Town Crier", "The ferry leaves at nine from", *LAMP]
    older = ["The Town Crier", "What an older page had said", "It was said in vain."]
    documents = read("\n".join([flat(FERRY), *replies, flat(BRIDGE), *older]))
    assert texts(documents) == [FERRY, LAMP, BRIDGE, ("It was said in vain.",)]


def test_a_line_that_opens_with_an_emoji_and_ends_hidden_follows_its_head() -> None:
    # Of a post that opens with a custom emoji the extractor prints no head: this is no such post.
    post = ("Head of the news", "⚡ Nobody was hurt in the harbour.")
    documents = read("\n".join([flat(FERRY), *post, HIDDEN, flat(BRIDGE)]))
    assert texts(documents) == [FERRY, post, BRIDGE]


def test_an_emoji_glued_to_its_word_opens_no_custom_line() -> None:
    # The extractor puts a space after a custom emoji; the second has its own inside.
    head = "⚡️Nobody was hurt in the harbour🔦 of old."
    documents = read("\n".join([flat(FERRY), "Head of the news", head, HIDDEN, flat(BRIDGE)]))
    assert texts(documents) == [FERRY, ("Head of the news",), (head,), BRIDGE]


def test_media_without_text_is_a_post() -> None:
    documents = read("\n".join(["Forwarded from Harbour", TOO_BIG, flat(BRIDGE, "Old Town")]))
    assert texts(documents) == [(), BRIDGE]
    assert documents[0].media == (Media(type="video", state="too_big"),)
    assert documents[0].lang is None


def test_a_hidden_pair_without_text_withholds_it() -> None:
    documents = read(f"{HIDDEN}\n{flat(FERRY)}")
    assert texts(documents) == [(), FERRY]
    assert documents[0].flags == ("text_withheld",)


def test_reactions_are_furniture() -> None:
    documents = read("\n".join([flat(FERRY), "👍62👏2🥰1", flat(BRIDGE, "Old Town"), "20"]))
    assert texts(documents) == [FERRY, BRIDGE]
    assert [(item.kind, item.text) for item in documents[0].furniture] == [
        ("counter", "👍62👏2🥰1")
    ]
    assert [item.text for item in documents[1].furniture] == ["20"]


HEADER = "\n".join(
    ["The Old Town – Telegram", "The Old Town", "1.2K subscribers", "5 photos", "Town news\n\nmore"]
)


@pytest.mark.parametrize("button", ["Download Telegram", "加入频道", "Подписаться"])
def test_a_page_with_blank_lines_keeps_a_header_and_repeats_nothing(button: str) -> None:
    posts = ["\n\n".join(BRIDGE[:3]), "\n\n".join(FERRY), "\n\n".join(LAMP)]
    text = "\n".join([HEADER, button, posts[0], "Forwarded from Harbour", posts[1], posts[2]])
    documents = read(text)
    assert texts(documents) == [BRIDGE[:3], FERRY, LAMP]
    assert [document.channel and document.channel.title for document in documents] == [
        "The Old Town"
    ] * 3
    assert [block.gap for block in documents[0].body] == [None, 2]
    assert documents[2].flags == ("boundary_inferred",)
    kinds = [item.kind for item in documents[0].furniture]
    assert kinds == ["nav", "section", "counter", "counter", "section", "section", "nav"]


def test_a_call_to_action_in_the_middle_ends_no_post() -> None:
    text = f"{HEADER}\nJoin\nHead\n\nRead in full\n\nQuestion: Why?\n\n💬 Because."
    assert texts(read(text)) == [("Head", "Read in full", "Question: Why?", "💬 Because.")]


@pytest.mark.parametrize(
    ("between", "flags"),
    [
        ("👉 READ IN FULL\n", ("boundary_inferred",)),
        ("Read in full\n", ("boundary_inferred",)),
        ("📚 Read in full\n\n", ("boundary_inferred", "boundary_unsure")),
    ],
)
def test_a_call_to_action_at_the_end_ends_a_post(between: str, flags: tuple[str, ...]) -> None:
    first = "\n\n".join(["Head", "one", "two", "three"])
    documents = read(f"{HEADER}\nJoin\n{first}\n\n{between}The next head\n\nand more")
    assert [document.title for document in documents] == ["Head", "The next head"]
    assert documents[1].flags == flags


@pytest.mark.parametrize("text", ["", "\n\n", " \t\n", "\u200b\n"])
def test_nothing_to_read_is_no_document(text: str) -> None:
    assert read(text) == []


def test_carriage_returns_are_no_text() -> None:
    assert texts(read(flat(FERRY).replace("\n", "\r\n"))) == [FERRY]


@given(
    st.lists(
        st.sampled_from(
            [
                *("Forwarded from A", "Media is too big", "VIEW IN TELEGRAM", "🔹 one", "two", ""),
                *("Please open Telegram to view this post", "Read in full", "example.org", "20"),
                *(" date 2024-02-09 ", "two and more", "5 photos", "👍6", "\x00", "\ud800", "Name"),
            ]
        ),
        max_size=40,
    )
)
@examples(300)
def test_every_line_of_any_page_has_its_place(rows: list[str]) -> None:
    documents = read("\n".join(rows))
    ranges = [document.source.lines for document in documents]
    assert ranges == sorted(ranges)
    for document, (first, last) in zip(documents, ranges, strict=True):
        assert 1 <= first <= last <= len(rows), document
    for before, after in pairwise(ranges):
        assert before[1] < after[0]


@given(st.text(max_size=300))
@examples(300)
def test_no_text_is_too_odd(text: str) -> None:
    read(text)


DATED = "SPRINGFIELD, May 5. /TASS/. The bridge is open."


@pytest.mark.parametrize(
    ("text", "is_one"),
    [
        ("The bridge is open.", True),
        ("The bridge is open.\nThe toll falls.\n\n", True),
        ("The bridge is open.\n\nThe toll falls.", False),
        ("\nThe bridge is open.\nThe toll falls.", False),
        (" date 2024-01-01 The bridge is open.", False),
        (" date 2024-01-01 ", False),
        (" date 2024-01-01 \nThe bridge is open.", True),
        (" date 2024-01-01 \nThe bridge is open.\n\nThe toll falls.", False),
        (" date 2024-01-01 The bridge is open.\nForwarded from Old Town\nHead", True),
        ("Head\nForwarded from Old Town\n\nThe bridge is open.", True),
        (f"Head\n{DATED}", False),
        ("\n".join(["a", "b", "c", "d", DATED]), False),
        ("\n".join(["a", "b", "c", "d", "e", DATED]), True),
        ("Springfield, May 5. The bridge is open.", True),
        ("Springfield, May 5. /TASS/. The bridge is open.", False),
        ("SPRINGFIELD, May 5. The bridge is open.", False),
    ],
)
def test_what_tells_a_page_from_an_article(text: str, is_one: bool) -> None:
    assert is_page(text) is is_one
