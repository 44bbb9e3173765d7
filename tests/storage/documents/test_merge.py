from collections.abc import Callable
from typing import Any

import pytest

from storage.document import (
    DELETED,
    Author,
    Block,
    Channel,
    Document,
    Forward,
    Media,
    Reply,
    Source,
)
from storage.documents.authors import forgotten
from storage.documents.merge import RANKS, Merged, absorb, merge
from storage.structs import replace

MakeDocument = Callable[..., Document]

EARLY, LATE = "2024-05-01T12:00:00Z", "2024-05-01T13:00:00Z"


def heard(first: Document, *others: Document) -> Merged:
    merged = Merged(document=first)
    for other in others:
        merged = merge(merged, other)
    return merged


@pytest.mark.parametrize(
    ("known", "known_edit", "new", "new_edit", "text", "revised"),
    [
        ("tme_html", None, "telethon", None, "new", False),
        ("telethon", None, "tme_html", None, "known", False),
        ("telethon", None, "telethon", None, "new", False),
        ("telethon", None, "telethon", LATE, "new", True),
        ("telethon", EARLY, "telethon", LATE, "new", True),
        ("telethon", LATE, "telethon", EARLY, "known", False),
        ("telethon", LATE, "telethon", None, "known", False),
        ("telethon", LATE, "telethon", LATE, "new", True),
        ("tme_html", None, "tme_html", None, "new", True),
        ("desktop_html", None, "desktop_html", None, "new", True),
        ("text", None, "text", None, "new", False),
        ("telethon", EARLY, "desktop_json", LATE, "new", True),
        ("desktop_json", LATE, "telethon", EARLY, "known", False),
        ("desktop_json", LATE, "tme_html", None, "known", False),
        ("tme_html", None, "desktop_json", LATE, "new", True),
        ("text", None, "desktop_html", None, "new", False),
        ("desktop_html", None, "text", None, "known", False),
    ],
)
def test_whose_text_it_is(
    make_document: MakeDocument,
    known: str,
    known_edit: str | None,
    new: str,
    new_edit: str | None,
    text: str,
    revised: bool,
) -> None:
    merged = heard(
        make_document("known\nline one", source=known, edited_at=known_edit),
        make_document("new\nline two", source=new, edited_at=new_edit),
    )
    assert merged.document.title == text
    assert merged.document.body[0].text == ("line one" if text == "known" else "line two")
    assert merged.document.source.type == (known if text == "known" else new)
    assert merged.document.edited_at == max(filter(None, [known_edit, new_edit]), default=None)
    assert merged.revised is revised


LOST = "Tide table"
WHOLE = f"{LOST}\nHigh water at noon"
OTHER = f"{LOST}\nLow water at noon"


@pytest.mark.parametrize(
    ("known", "new", "text", "revised"),
    [
        (("telethon", None, None, LOST), ("telethon", 2, None, WHOLE), WHOLE, False),
        (("telethon", 1, None, WHOLE), ("telethon", 2, None, LOST), LOST, False),
        (("telethon", None, LATE, LOST), ("telethon", 2, LATE, WHOLE), WHOLE, False),
        (("telethon", 2, LATE, LOST), ("telethon", 2, LATE, WHOLE), WHOLE, True),
        (("telethon", None, EARLY, LOST), ("telethon", 2, LATE, WHOLE), WHOLE, True),
        (("telethon", None, LATE, LOST), ("telethon", 2, EARLY, WHOLE), LOST, False),
        (("telethon", 2, None, WHOLE), ("telethon", None, None, OTHER), WHOLE, False),
        (("telethon", 2, None, WHOLE), ("telethon", 1, LATE, OTHER), OTHER, True),
        (("tme_html", None, None, LOST), ("tme_html", 2, None, WHOLE), WHOLE, False),
        (("tme_html", 2, None, LOST), ("tme_html", 2, None, WHOLE), WHOLE, True),
        (("tme_html", 2, None, WHOLE), ("tme_html", 1, None, OTHER), WHOLE, False),
        (("text", None, None, LOST), ("text", 2, None, WHOLE), WHOLE, False),
        # Of a lesser source what was lost is taken, and nothing else.
        (("telethon", None, None, LOST), ("desktop_json", 2, None, WHOLE), WHOLE, False),
        (("telethon", None, None, OTHER), ("desktop_json", 2, None, WHOLE), OTHER, False),
        (("telethon", None, None, WHOLE), ("tme_html", 2, None, LOST), WHOLE, False),
        (("telethon", 2, None, LOST), ("desktop_json", 2, None, WHOLE), LOST, False),
        (("telethon", None, LATE, LOST), ("desktop_json", 2, None, WHOLE), LOST, False),
        (("desktop_json", 2, None, WHOLE), ("telethon", 2, None, OTHER), OTHER, False),
    ],
)
def test_what_a_newer_reader_makes_of_a_post_is_no_edit(
    make_document: MakeDocument,
    known: tuple[str, int | None, str | None, str],
    new: tuple[str, int | None, str | None, str],
    text: str,
    revised: bool,
) -> None:
    first, second = (
        make_document(words, source=source, reader=reader, edited_at=edited_at)
        for source, reader, edited_at, words in (known, new)
    )
    merged = heard(first, second)
    assert "\n".join(merged.document.texts()) == text
    assert merged.revised is revised
    taken = second if text == new[3] else first
    assert (merged.document.reader, merged.document.source) == (taken.reader, taken.source)
    again = merge(merged, second)
    assert (again.document, again.revised) == (merged.document, False)


def test_a_newer_reader_is_noted_though_it_reads_the_same(make_document: MakeDocument) -> None:
    known = make_document("Same", source="tme_html")
    merged = heard(known, make_document("Same", source="tme_html", reader=2))
    assert (merged.document.reader, merged.revised) == (2, False)
    assert merge(merged, make_document("Edited", source="tme_html", reader=2)).revised


@pytest.mark.parametrize(
    ("known", "new", "taken"),
    [
        (("telethon", None, None), ("telethon", 2, "Compass\nbrass"), True),
        (("telethon", None, None), ("desktop_json", 2, "Compass"), True),
        (("telethon", None, "Compass\nbrass"), ("desktop_json", 2, "Compass"), False),
        (("telethon", 2, None), ("desktop_json", 2, "Compass"), False),
        (("telethon", 2, "Compass"), ("telethon", None, None), False),
        (("desktop_json", 2, "Compass"), ("telethon", None, "Map"), False),
    ],
)
def test_the_words_of_what_is_attached_come_back(
    make_document: MakeDocument,
    known: tuple[str, int | None, str | None],
    new: tuple[str, int | None, str | None],
    taken: bool,
) -> None:
    first, second = (
        make_document(source=source, reader=reader, media=(Media(type="invoice", title=title),))
        for source, reader, title in (known, new)
    )
    merged = heard(first, second)
    assert merged.document.media == (second if taken else first).media
    assert not merged.revised
    again = merge(merged, second)
    assert again.document.media == merged.document.media


PLAN, MAP = Media(type="document", name="plan.pdf"), Media(type="document", name="map.pdf")
PHOTO = Media(type="photo", size=1)


@pytest.mark.parametrize(
    ("known", "new", "edited_at", "reader", "revised"),
    [
        ((PLAN,), (MAP,), LATE, 2, True),
        ((PLAN,), (PLAN, MAP), LATE, 2, True),
        ((PHOTO,), (PLAN,), LATE, 2, True),
        ((PLAN,), (replace(PLAN, size=7),), LATE, 2, False),
        ((PHOTO,), (replace(PHOTO, size=7),), LATE, 2, False),
        ((PLAN,), (MAP,), EARLY, 2, False),
        ((PLAN,), (), LATE, 2, False),  # not every reading tells what is attached
        ((PLAN,), (MAP,), LATE, 3, False),
    ],
)
def test_another_thing_attached_by_a_later_edit_revises(
    make_document: MakeDocument,
    known: tuple[Media, ...],
    new: tuple[Media, ...],
    edited_at: str,
    reader: int,
    revised: bool,
) -> None:
    merged = heard(
        make_document("Read it", edited_at=EARLY, media=known, reader=2),
        make_document("Read it", edited_at=edited_at, media=new, reader=reader),
    )
    assert merged.document.media == (new or known)
    assert merged.revised is revised


def test_a_later_edit_of_the_same_words_revises_nothing(make_document: MakeDocument) -> None:
    merged = heard(make_document("Words"), make_document("Words", edited_at=LATE))
    assert (merged.revised, merged.document.edited_at) == (False, LATE)


def test_a_lesser_source_keeps_the_better_rendering_of_the_same_words(
    make_document: MakeDocument,
) -> None:
    better = make_document("Words")
    merged = heard(better, make_document("Words", source="desktop_json", edited_at=LATE))
    assert merged.document == replace(better, edited_at=LATE)


def test_an_emptied_caption_is_an_edit_but_a_withheld_text_is_not(
    make_document: MakeDocument,
) -> None:
    known = make_document("Caption", media=(Media(type="photo"),))
    emptied = make_document("", edited_at=LATE)
    withheld = replace(emptied, flags=("text_withheld",))
    assert heard(known, emptied).document.texts() == []
    assert heard(known, emptied).revised
    assert heard(known, withheld).document.texts() == ["Caption"]
    assert heard(known, make_document("")).document.texts() == ["Caption"]


def test_a_text_that_came_in_part_is_completed_and_never_cut_again(
    make_document: MakeDocument,
) -> None:
    part = make_document("Head", flags=("text_withheld",))
    whole = make_document("Head\nand the rest")
    merged = heard(part, whole)
    assert (merged.document.texts(), merged.document.flags) == (whole.texts(), ())
    # The words that were kept back may be what somebody waits for.
    assert merged.revised
    assert heard(whole, part).document == whole
    edited = replace(part, edited_at="2024-05-02T00:00:00Z")
    later = heard(whole, edited)
    assert (later.document.texts(), later.document.flags) == (part.texts(), ("text_withheld",))


def test_a_withheld_text_is_filled_by_anyone(make_document: MakeDocument) -> None:
    withheld = make_document("", flags=("text_withheld",))
    merged = heard(withheld, make_document("Words", source="text"))
    assert merged.document.texts() == ["Words"]
    assert merged.document.flags == ()
    assert not merged.revised


@pytest.mark.parametrize(
    ("name", "known", "new"),
    [
        ("views", 10, 12),
        ("forwards", 1, 2),
        ("reactions", 3, 4),
        ("url", "https://t.me/a/1", "https://t.me/b/1"),
        ("author_signature", "A", "B"),
        ("grouped_id", 4, 5),
        ("media", (Media(type="photo"),), (Media(type="video"),)),
    ],
)
def test_single_fields_follow_rank_and_null_never_overwrites(
    make_document: MakeDocument, name: str, known: Any, new: Any
) -> None:
    empty: Any = () if name == "media" else None

    def told(first: tuple[str, Any], second: tuple[str, Any]) -> Any:
        documents = [
            make_document(source=source, **{name: value}) for source, value in (first, second)
        ]
        return getattr(heard(*documents).document, name)

    assert told(("telethon", known), ("telethon", new)) == new
    assert told(("telethon", known), ("tme_html", new)) == known
    assert told(("tme_html", known), ("telethon", new)) == new
    assert told(("telethon", known), ("telethon", empty)) == known
    assert told(("telethon", empty), ("text", new)) == new


def test_a_field_remembers_whose_it_is(make_document: MakeDocument) -> None:
    merged = heard(
        make_document(source="telethon"),
        make_document(source="tme_html", views=100),
        make_document(source="text", views=1),
    )
    assert merged.document.views == 100
    assert merged.rank("views") == RANKS["tme_html"]
    assert merge(merged, make_document(source="desktop_json", views=105)).document.views == 105


@pytest.mark.parametrize(
    ("known", "new", "expected"),
    [
        (("text", "2024-05", "month"), ("text", "2024-05-01", "day"), "2024-05-01"),
        (("telethon", EARLY, "second"), ("text", "2024-05-02", "day"), EARLY),
        (("text", "2024-05-02", "day"), ("telethon", EARLY, "second"), EARLY),
        (
            ("telethon", "2024-05-02", "day"),
            ("text", "2024-05-02T10:00", "minute"),
            "2024-05-02T10:00",
        ),
        (("tme_html", EARLY, "second"), ("telethon", LATE, "second"), LATE),
        (("telethon", EARLY, "second"), ("tme_html", LATE, "second"), EARLY),
        (("telethon", EARLY, "second"), ("telethon", None, "none"), EARLY),
    ],
)
def test_the_better_known_time_wins(
    make_document: MakeDocument,
    known: tuple[str, str, Any],
    new: tuple[str, str | None, Any],
    expected: str,
) -> None:
    documents = [
        make_document(source=source, published_at=time, published_precision=precision)
        for source, time, precision in (known, new)
    ]
    assert heard(*documents).document.published_at == expected


def test_a_time_without_zone_gives_way_to_one_with(make_document: MakeDocument) -> None:
    local = make_document(
        source="desktop_json", published_at="2024-05-01T15:00:00", flags=("zone_unknown",)
    )
    known = make_document(source="tme_html", published_at=EARLY)
    for merged in (heard(local, known), heard(known, local)):
        assert merged.document.published_at == EARLY
        assert merged.document.flags == ()


def test_parts_of_a_channel_and_an_origin_fill_each_other(make_document: MakeDocument) -> None:
    page = make_document(
        source="tme_html",
        channel=Channel(username="Harbour", title="Old title"),
        forwarded_from=Forward(name="Mill", message_id=7),
    )
    live = make_document(
        channel=Channel(id=77, title="New title"), forwarded_from=Forward(channel_id=5)
    )
    for merged in (heard(page, live), heard(live, page)):
        assert merged.document.channel == Channel(id=77, username="Harbour", title="New title")
        assert merged.document.forwarded_from == Forward(name="Mill", channel_id=5, message_id=7)
        assert merged.document.doc_id == "tg:77/1"


def test_flags_follow_what_they_speak_of(make_document: MakeDocument) -> None:
    rough = make_document(
        source="text", published_at="2024-05-01", published_precision="day",
        flags=("body_repeated", "zone_unknown", "album_guessed"), album_ids=(1, 2),
    )  # fmt: skip
    merged = heard(rough, make_document(source="telethon"))
    assert merged.document.flags == ("album_guessed",)


def test_flags_in_another_order_are_no_change(make_document: MakeDocument) -> None:
    known = make_document(flags=("lossy_copy", "boundary_inferred"), source="text")
    merged = Merged(document=known)
    again = merge(merged, replace(known, flags=("boundary_inferred", "lossy_copy")))
    assert again.document is known


def test_an_albums_part_changes_its_part_alone(make_document: MakeDocument) -> None:
    photos = tuple(Media(type="photo", message_id=n) for n in (1, 2, 3))
    album = make_document("Caption", album_ids=(1, 2, 3), media=photos)
    part = make_document(
        "", message_id=2, edited_at=LATE, media=(Media(type="video", message_id=2),)
    )
    merged = heard(album, part).document
    assert merged.texts() == ["Caption"]
    assert [media.type for media in merged.media] == ["photo", "video", "photo"]
    assert (merged.message_id, merged.doc_id) == (1, "tg:77/1")


def test_a_part_that_does_not_name_itself_is_no_further_one(make_document: MakeDocument) -> None:
    photos = tuple(Media(type="photo", message_id=n) for n in (1, 2, 3))
    album = make_document(
        "Caption", album_ids=(1, 2, 3), media=photos, url="https://t.me/harbour/1"
    )
    part = make_document(
        "", message_id=2, edited_at=LATE, media=(Media(type="video"),), url="https://t.me/harbour/2"
    )
    merged = heard(album, part).document
    assert [(one.type, one.message_id) for one in merged.media] == [
        ("photo", 1),
        ("video", 2),
        ("photo", 3),
    ]
    assert (merged.message_id, merged.url) == (1, "https://t.me/harbour/1")


def test_a_guess_that_was_right_is_a_guess_no_more(make_document: MakeDocument) -> None:
    guess = make_document(source="desktop_json", album_ids=(1, 2), flags=("album_guessed",))
    merged = heard(guess, make_document(source="telethon", album_ids=(1, 2))).document
    assert (merged.album_ids, merged.flags) == ((1, 2), ())


def test_another_file_or_time_of_reading_is_no_change(make_document: MakeDocument) -> None:
    known = Merged(document=make_document(source="text"))
    again = replace(known.document, source=Source(type="text", file="b.txt", lines=(3, 9)))
    assert merge(known, again) == known


def test_merging_again_changes_nothing(make_document: MakeDocument) -> None:
    documents = [
        make_document("One", source="text", published_at="2024-05", url="u"),
        make_document("Two", source="tme_html", views=5, channel=Channel(username="harbour")),
        make_document("Three", source="telethon", edited_at=EARLY),
    ]
    merged = heard(*documents)
    for document in documents:
        assert merge(merged, document).document == merged.document


def test_absorbing_keeps_the_better_text_and_adds_the_rest(make_document: MakeDocument) -> None:
    page = Merged(document=make_document("Page", source="tme_html", views=9))
    live = Merged(document=make_document("Live", body=(Block(type="para", text="x"),)))
    for merged in (absorb(page, live), absorb(live, page)):
        assert (merged.document.title, merged.document.views) == ("Live", 9)
        assert not merged.revised


def test_absorbing_keeps_the_better_text_whoever_read_the_other(
    make_document: MakeDocument,
) -> None:
    """A newer reader of a page says no more than was known of the post itself."""
    page = Merged(document=make_document("Page", source="tme_html", reader=9))
    live = Merged(document=make_document("Live at last", reader=1))
    for merged in (absorb(page, live), absorb(live, page)):
        assert merged.document.title == "Live at last"
        assert not merged.revised


def test_of_two_sources_as_good_the_second_counts_as_the_newer(make_document: MakeDocument) -> None:
    first, second = (
        Merged(document=make_document(text, source="tme_html", views=views))
        for text, views in (("One", 1), ("Two", 2))
    )
    assert absorb(first, second).document.views == 2
    assert absorb(second, first).document.views == 1


@pytest.mark.parametrize("source", ["telethon", "tme_html"])
@pytest.mark.parametrize(
    "told",
    [
        {"reply_to": Reply(message_id=3)},
        {"forwarded_from": Forward(channel_id=9, message_id=4)},
        {"channel": Channel(id=77, title="Harbour")},
    ],
)
def test_what_a_post_was_not_known_to_have_is_taken_from_any_source(
    make_document: MakeDocument, source: str, told: dict[str, Any]
) -> None:
    unknown = dict.fromkeys(told)
    known = replace(make_document("The ferry is back", source="desktop_json"), **unknown)
    new = replace(make_document("The ferry is back", source=source), **told)
    merged = heard(known, new).document
    assert {name: getattr(merged, name) for name in told} == told


def test_a_person_who_was_forgotten_stays_so_whoever_reads_the_post_again(
    make_document: MakeDocument,
) -> None:
    author, origin = Author(kind="user", id=5, name="Ann"), Forward(kind="user", user_id=5)
    again = make_document("Grain", author=author, forwarded_from=origin, edited_at=LATE)
    gone = forgotten(replace(again, edited_at=None), 5, ["5"])
    assert gone.author == DELETED
    merged = heard(gone, again, again)
    assert (merged.document.author, merged.document.forwarded_from) == (
        DELETED, gone.forwarded_from,
    )  # fmt: skip


def test_what_an_edit_emptied_is_not_filled_by_what_was_read_before_it(
    make_document: MakeDocument,
) -> None:
    for known, new, text in ((LATE, None, ""), (LATE, EARLY, ""), (LATE, LATE, "Grain")):
        merged = heard(make_document("", edited_at=known), make_document("Grain", edited_at=new))
        assert (merged.document.title or "") == text


def test_two_that_turn_out_the_same_and_a_first_file_are_no_edit(
    make_document: MakeDocument,
) -> None:
    first, second = make_document("Grain"), make_document("Wheat", edited_at=LATE)
    assert heard(first, second).revised
    joined = absorb(Merged(document=first), second=Merged(document=second))
    assert (joined.document.title, joined.revised) == ("Wheat", False)
    file = (Media(type="document", name="tides.pdf"),)
    assert not heard(first, make_document("Grain", edited_at=LATE, media=file)).revised
