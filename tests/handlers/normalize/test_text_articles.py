"""Articles of news pages. All texts are invented, in shapes that occur."""

import pytest
from examples import examples
from hypothesis import given
from hypothesis import strategies as st

from handlers.normalize.text import read_text
from storage.document import Dateline, Document

BRIDGE = (
    "The two towns have opened a bridge that took nine years to build, the mayor told reporters."
)
TOLL = '"The toll falls by half," she said. "We hope that many will walk."'


def read(text: str) -> Document:
    (document,) = read_text(text, file="article.txt", file_hash="cd" * 32)
    assert document.kind == "article"
    return document


def furniture(document: Document) -> list[tuple[str, str, int]]:
    return [(item.kind, item.text, item.at) for item in document.furniture]


def body(document: Document) -> list[str]:
    return [block.text for block in document.body]


def test_a_dateline_follows_the_header() -> None:
    document = read(f" date 2025-04-17 SPRINGFIELD, April 17. /TASS/. {BRIDGE}\n\n{TOLL}")
    assert document.dateline == Dateline(
        raw="SPRINGFIELD, April 17. /TASS/.", place="SPRINGFIELD", date="--04-17", agency="TASS"
    )
    assert body(document) == [BRIDGE, TOLL]
    assert [block.gap for block in document.body] == [None, 2]
    assert (document.title, document.deck, document.header_date) == (None, None, "2025-04-17")
    assert (document.published_at, document.published_precision) == ("2025-04-17", "day")
    assert document.published_basis == "header"
    assert document.flags == ()
    assert document.source.lines == (1, 3)
    assert document.doc_id == f"txt:{'cd' * 8}#1"


def test_furniture_title_deck_and_picture_stand_above_the_dateline() -> None:
    text = (
        "All news\n\nTowns open a bridge — mayor\n\n"
        "The toll falls by half, according to the mayor\n"
        "Mayor of the town Ann Lee/TASS\nMayor of the town\n© Ann Lee/TASS\n\n"
        f"SPRINGFIELD, April 30. /TASS/. {BRIDGE}\n\n{TOLL}"
    )
    document = read(text)
    assert document.title == "Towns open a bridge — mayor"
    assert document.deck == "The toll falls by half, according to the mayor"
    assert furniture(document) == [
        ("nav", "All news", 0),
        ("alt_text", "Mayor of the town Ann Lee/TASS", 2),
        ("caption", "Mayor of the town", 2),
        ("credit", "© Ann Lee/TASS", 2),
    ]
    assert (document.published_at, document.published_precision) == ("--04-30", "day_no_year")
    assert (document.published_basis, document.flags) == ("dateline", ("year_unknown",))


@pytest.mark.parametrize(
    ("opening", "published", "precision", "basis", "flags"),
    [
        (" date 2022-05-05 5 May. 16:30\n\n", "2022-05-05T16:30", "minute", "header+page_time",
         ("zone_unknown",)),
        (" date 2024-10-30 30 October 2024 15:05 (UTC+04:00)\n\n", "2024-10-30T15:05+04:00",
         "minute", "header+page_time", ()),
        (" date 2025-09-21 21 сентября 2025, 13:50\n\n", "2025-09-21T13:50", "minute",
         "header+page_time", ("zone_unknown",)),
        (" date 2023-05-05 Friday, May 5, 2023\n\n", "2023-05-05", "day", "header", ()),
        (" date 2022-05-05 4 May. 16:30\n\n", "2022-05-05", "day", "header", ("date_conflict",)),
        (" date 2024-03 5 March 2024\n\n", "2024-03", "month", "header", ()),
        (" date 2024-03 5 Mar. 15:00 (UTC+3 MSK)\n\n", "2024-03-05T15:00+03:00", "minute",
         "header+page_time", ()),
        (" date 2024-03 5 May 2024 15:00\n\n", "2024-03", "month", "header", ("date_conflict",)),
        (" date 2024-03 5 May 2024\n\n", "2024-03", "month", "header", ("date_conflict",)),
        (" date 2022-05-05 ", "2022-05-05", "day", "header", ()),
        (" date 2022-02-31 ", None, "none", "none", ()),
        ("A bridge opens\n\n19:26, November 28, 2011\n\n", "2011-11-28T19:26", "minute",
         "page_time", ("zone_unknown",)),
        ("A bridge opens\n\n5 May. 19:26\n\n", "--05-05", "day_no_year", "page_time",
         ("year_unknown",)),
        ("A bridge opens\n\n", None, "none", "none", ()),
        ("SPRINGFIELD, May 4, 2026, 9:30 — SPN. ", "2026-05-04T09:30", "minute", "dateline",
         ("zone_unknown",)),
        ("SPRINGFIELD, May 4, 2026 — SPN. ", "2026-05-04", "day", "dateline", ()),
    ],
)  # fmt: skip
def test_the_time_of_publication_is_known_as_well_as_the_page_tells_it(
    opening: str, published: str | None, precision: str, basis: str, flags: tuple[str, ...]
) -> None:
    document = read(f"{opening}{BRIDGE}\n\n{TOLL}")
    assert document.published_at == published
    assert (document.published_precision, document.published_basis) == (precision, basis)
    assert document.flags == flags
    assert body(document) == [BRIDGE, TOLL]


@pytest.mark.parametrize(("between", "gap"), [(" ", None), ("", 0), ("\n", 1), ("\n\n", None)])
def test_the_gap_of_the_first_block_tells_what_parts_it_from_the_dateline(
    between: str, gap: int | None
) -> None:
    document = read(f"SPRINGFIELD, May 4 (SPN) -{between}{BRIDGE}\n\n{TOLL}")
    assert body(document) == [BRIDGE, TOLL]
    assert [block.gap for block in document.body] == [gap, 2]


@pytest.mark.parametrize(
    ("header", "dateline", "conflicts"),
    [
        ("2025-04-17", "April 17", False),
        ("2025-04-17", "April 16", True),
        ("2024-01-01", "December 31", True),
        ("2025-04", "April 16", False),
        ("2025-04", "May 16", True),
        ("2025-04-17", "April 17, 2024", True),
    ],
)
def test_a_dateline_of_another_day_is_a_conflict_and_the_header_wins(
    header: str, dateline: str, conflicts: bool
) -> None:
    document = read(f" date {header} SPRINGFIELD, {dateline}. /TASS/. {BRIDGE}")
    assert document.published_at == header
    assert ("date_conflict" in document.flags) is conflicts


@pytest.mark.parametrize(
    ("text", "title", "deck", "kinds"),
    [
        (f" date 2022-07-28 World\n\nTowns open a bridge in spring\n\nX, May 1 – TASS. {BRIDGE}",
         "Towns open a bridge in spring", None, ["section"]),
        (f" date 2022-07-28 ENG\n9250 visitors online\nTown News\n14 156 81\n\n"
         f"Towns open a bridge in spring\n\nмост\n\n{BRIDGE}",
         "Towns open a bridge in spring", None,
         ["nav", "counter", "section", "counter", "section"]),
        (f" date 2024-02-09 https://example.org/a\nTowns Open Bridge\n2024-02-09T07:01+0000\n"
         f"{BRIDGE}", "Towns Open Bridge", None, ["nav", "page_time"]),
        (f" date 2021-08-31 Source: The Town Hall – English\n\n{BRIDGE}", None, None, ["credit"]),
        (f" date 2024-10-30 30 October 2024 15:05\n\nAnna Lee\n\n{BRIDGE}", None, None,
         ["page_time", "credit"]),
        (f"Towns open a bridge\n\n© AP Photo/Ann Lee\n\nUN, May 1. /TASS/. {BRIDGE}",
         "Towns open a bridge", None, ["credit"]),
        (f"Towns open a bridge\n\nAP News\nPosted: Nov 02, 2016 9:59 AM\nTowns open a bridge\n\n"
         f"ATHENS, Greece (AP) — {BRIDGE}", "Towns open a bridge", None,
         ["nav", "page_time", "nav"]),
        (f" date 2023-01-18 International\nTowns Open Bridge After Nine Years\n"
         f"It is expected that many will walk over it.\n{BRIDGE} {TOLL}",
         "Towns Open Bridge After Nine Years", "It is expected that many will walk over it.",
         ["section"]),
        (f" date 2019-01-18 3.42 RUB\nThe mayor meets with builders\n{BRIDGE}",
         "The mayor meets with builders", None, ["counter"]),
        (f"Мост открыт, сообщила мэрия\nМосква. 21 апреля. INTERFAX.RU - {BRIDGE}",
         "Мост открыт, сообщила мэрия", None, []),
        ("• 11/13/2024\n\nTowns open a bridge, note its beauty\n\n"
         "Disclaimer: The Crier is no reliable source.\n\nMany will walk over it, they hope\n\n"
         "https://example.org/b", "Towns open a bridge, note its beauty",
         "Many will walk over it, they hope", ["page_time", "nav", "nav"]),
        (f"Town News 1 January 2024 11:46 (UTC +04:00)\nAnna Lee\n"
         f"SPRINGFIELD, Ohio, January 1. {BRIDGE}", None, None, ["page_time", "credit"]),
    ],
)  # fmt: skip
def test_an_opening_is_taken_apart(
    text: str, title: str | None, deck: str | None, kinds: list[str]
) -> None:
    document = read(text)
    assert (document.title, document.deck) == (title, deck)
    assert [item.kind for item in document.furniture] == kinds
    assert [BRIDGE in block.text for block in document.body[:1]] == [True] * (BRIDGE in text)


@pytest.mark.parametrize(
    ("tail", "kinds"),
    [
        ("\n\nComments\n\ncomments", ["tail", "tail"]),
        ("\n\nAuthor: \n\nBridges (285)\n Support the Crier\nShare:", ["tail"] * 4),
        ("\nSource: The Crier", ["tail"]),
        ("\n08:05 GMT 18.01.2023", ["page_time"]),
        ("\n\n© 2024 The Crier. All rights reserved.", ["copyright"]),
        ("\n\nhttps://example.org/a", ["tail"]),
    ],
)
def test_a_tail_is_furniture(tail: str, kinds: list[str]) -> None:
    document = read(f"SPRINGFIELD, May 1. /TASS/. {BRIDGE}\n\n{TOLL}{tail}")
    assert body(document) == [BRIDGE, TOLL]
    assert [item.kind for item in document.furniture] == kinds


def test_a_dateline_may_stand_alone_and_its_agency_below_it() -> None:
    document = read(f" date 2021-12-22 BAKU, Azerbaijan, Dec. 22\n\nTrend:\n\n{BRIDGE}")
    assert document.dateline == Dateline(
        raw="BAKU, Azerbaijan, Dec. 22", place="BAKU, Azerbaijan", date="--12-22", agency="Trend"
    )
    assert (document.title, body(document)) == (None, [BRIDGE])


def test_single_line_breaks_part_paragraphs_and_a_short_line_heads_one() -> None:
    document = read(f"SPRINGFIELD, May 1. /TASS/. {BRIDGE}\nTradition of bridges\n{TOLL}")
    assert [(block.type, block.gap) for block in document.body] == [
        ("para", None),
        ("subhead", 1),
        ("para", 1),
    ]


def test_hard_wrapped_lines_are_one_paragraph() -> None:
    wrapped = (
        "Referring to the town's own crier, the paper says that the\nbridge has been finished."
    )
    document = read(f" date 2024-01-01 (MENAFN- AzerNews) The bridge is open.\n{wrapped}")
    assert body(document) == ["The bridge is open.", wrapped]


@pytest.mark.parametrize(
    "trap",
    [
        'It cost two billion (US dollars - TASS)," she said.',
        "1509 GMT — Ferry crews go home",
        "It opens on May 10, the mayor said. MOSCOW, May 5. /TASS/. is how others begin.",
    ],
)
def test_a_trap_in_the_text_is_text(trap: str) -> None:
    document = read(f" date 2024-01-01 {BRIDGE}\n\n{trap}\n\n{TOLL}")
    assert body(document) == [BRIDGE, trap, TOLL]
    assert document.dateline is None


def test_text_is_kept_as_it_is() -> None:
    odd = "The  bridge\xa0of Larvov‘s towns , opened.And on it goes."
    assert body(read(f" date 2024-01-01 {odd}\n\n{TOLL}"))[0] == odd


@given(
    st.lists(
        st.sampled_from(
            [
                *(" date 2024-02-09 ", "All news", "Title here", "\n", "\n\n", "© A B", BRIDGE),
                *("MOSCOW, May 5. /TASS/. ", "5 May. 16:30", "Share:", "word", "20", "\x00"),
                *("\u200b", "\u200b\u2061", "Trend:", "BAKU, Dec. 22", "\ud800", "https://a.b"),
            ]
        ),
        max_size=30,
    )
)
@examples(300)
def test_nothing_of_an_article_is_lost(parts: list[str]) -> None:
    text = "\n\n" + "".join(parts)
    for document in read_text(text, file="a.txt", file_hash="0" * 64):
        dateline = [document.dateline.raw] if document.dateline else []
        kept = [*document.texts(), *dateline, *(item.text for item in document.furniture)]
        if document.header_date:
            kept += ["date", document.header_date]
        seen = "".join("".join(kept).split()).replace("\u200b", "").replace("\u2061", "")
        wanted = "".join(text.split()).replace("\u200b", "").replace("\u2061", "")
        assert len(seen) >= len(wanted)


@pytest.mark.parametrize(
    ("text", "title", "said"),
    [
        (f"Mayor answers readers on Telegram\n\n{BRIDGE}", "Mayor answers readers on Telegram", []),
        (f"A new bridge\n\nThe mayor, Ann Lee, spoke to readers on Facebook.\n\n{BRIDGE}",
         "A new bridge", ["spoke to readers on Facebook."]),
        (f"A new bridge\n\nThose who subscribe to the channel see it.\n\n{BRIDGE}",
         "A new bridge", ["Those who subscribe to the channel see it."]),
        ("Points of the mayor\n\n▪️ The bridge opens in the spring\n\n▪️ The toll falls by half",
         "Points of the mayor", ["opens in the spring", "The toll falls by half"]),
        ("Points of the mayor\n\n- The bridge opens\n- The toll falls",
         "Points of the mayor", ["The bridge opens", "The toll falls"]),
        ("Day of the mayor\n\nArrival at the new bridge\n\nDinner with the builders\n\nSpeech",
         "Day of the mayor", ["Dinner with the builders", "Speech"]),
        (f"Мэр откроет мост 27 ноября в 12:00\n\n{BRIDGE}",
         "Мэр откроет мост 27 ноября в 12:00", []),
        (f"Открытие 27 ноября 2026 в 12:00\n\n{BRIDGE}", "Открытие 27 ноября 2026 в 12:00", []),
        (f"Opening of the bridge on 27 November at 12:00\n\n{BRIDGE}",
         "Opening of the bridge on 27 November at 12:00", []),
    ],
)  # fmt: skip
def test_what_may_be_text_is_no_furniture(text: str, title: str, said: list[str]) -> None:
    document = read(text)
    assert document.title == title
    assert (document.furniture, document.published_at) == ((), None)
    shown = "\n".join([document.deck or "", *body(document)])
    assert [words for words in [*said, *(["nine years"] if BRIDGE in text else [])]
            if words not in shown] == []  # fmt: skip


@pytest.mark.parametrize(
    "line",
    ["Follow us on Telegram", "Subscribe to our newsletter", "Share on Facebook",
     "Crier on Facebook Crier on X/Twitter Crier on Telegram Crier RSS", "Follow Crier on Twitter"],
)  # fmt: skip
def test_a_label_that_is_a_whole_line_is_navigation(line: str) -> None:
    assert furniture(read(f"{line}\n\nTowns open a bridge\n\n{BRIDGE}")) == [("nav", line, 0)]


def test_a_dateline_is_read_below_a_line_that_no_photographer_signed() -> None:
    document = read(
        "Towns open a bridge\n\nThe toll falls by half, she hopes\n\nThe mayor at the bridge\n\n"
        f"SPRINGFIELD, April 30. /TASS/. {BRIDGE}"
    )
    assert document.dateline is not None
    assert document.dateline.place == "SPRINGFIELD"
    assert (document.deck, body(document)) == (
        "The toll falls by half, she hopes", ["The mayor at the bridge", BRIDGE]
    )  # fmt: skip
