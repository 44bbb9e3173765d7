"""The line grammar: one block for each line, by the first rule that fits."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.normalize.post import lines
from handlers.normalize.post.lines import Line
from storage.document import Block, Span


def read(text: str) -> Block:
    return lines.block(Line(text=text))


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("📍 Vienna, March 13, 2023", "location"),
        ("📍Read in full", "location"),
        ("Read in full", "cta"),
        ("READ IN FULL", "cta"),
        ("📖 Read in full", "cta"),
        ("📚Read in full", "cta"),
        ("🎥 Watch", "cta"),
        ("Watch the briefing", "cta"),
        ("Читать полностью", "cta"),
        ("🎥 Смотреть запись", "cta"),
        ("Watchful neighbours met.", "para"),
        ("Watch out. It is a long story of two towns.", "para"),
        ("#Alpha", "hashtags"),
        ("#Alpha #Beta_2", "hashtags"),
        ("#Дата  #Новости", "hashtags"),
        ("#Alpha and more", "para"),
        ("#1", "para"),
        ("💬 We came.", "quote"),
        ("💬We came.", "quote"),
        ("• item", "bullet"),
        ("▪️ item", "bullet"),
        ("▪️item", "bullet"),
        ("- item", "bullet"),
        ("– item", "bullet"),
        ("— item", "bullet"),
        ("✅ item", "bullet"),
        ("🤝 We welcome", "bullet"),
        ("👩‍🚀 On this day", "bullet"),
        ("1️⃣ First;", "bullet"),
        ("👏🏻 Bravo", "bullet"),
        ("🇷🇸 A flag opens a paragraph", "para"),
        ("🇷🇸🇲🇪 So do two", "para"),
        ("🏴󠁧󠁢󠁳󠁣󠁴󠁿 And a flag of tags", "para"),
        ("-5 degrees at night", "para"),
        ("1. First", "para"),
        ("Key points:", "subhead"),
        ("🗓 Key points:", "bullet"),
        ("x" * 79 + ":", "para"),
        ("x" * 78 + ":", "subhead"),
        ("Question: Why now?", "question"),
        ("Вопрос: Почему сейчас?", "question"),
        ("Question 2: And then?", "question"),
        ("ВОПРОС:", "subhead"),
        ("Questionable: claims", "para"),
        ("Does this sound like a question?", "para"),
        ("A plain line.", "para"),
    ],
)
def test_the_first_rule_that_fits_gives_the_type(text: str, kind: str) -> None:
    block = read(text)
    assert (block.type, block.text) == (kind, text)


@pytest.mark.parametrize(
    ("text", "marker"),
    [
        ("• item", "•"),
        ("▪️item", "▪️"),
        ("✍️ item", "✍️"),
        ("⚠️ item", "⚠️"),
        ("✔ item", "✔"),
        ("– item", "–"),
        ("8️⃣0️⃣ years", "8️⃣"),
        ("👩‍🚀 pilot", "👩‍🚀"),
        ("👏🏻The film", "👏🏻"),
        ("🔹🔹 twice", "🔹"),
    ],
)
def test_a_marker_is_the_whole_cluster_without_the_space(text: str, marker: str) -> None:
    assert read(text).marker == marker


@pytest.mark.parametrize(
    ("text", "speaker"),
    [
        ("💬 Jane Roe: We came.", "Jane Roe"),
        ("💬 Minister J. R. Roe: We came: all of us.", "Minister J. R. Roe"),
        ("💬 Mr. Roe: Yes.", "Mr. Roe"),
        ("💬\ufe0f Jane Roe: We came.", "Jane Roe"),
        *((f"💬 {short}. Roe: We came.", f"{short}. Roe") for short in (
            "Mr", "Mrs", "Ms", "Dr", "St", "Gen", "Col", "Lt", "Sen", "Prof", "Rep", "Им", "г",
            "X")),
        ("💬 Xyz. Roe: We came.", None),
        ("💬Анна Иванова: Да.", "Анна Иванова"),
        ("💬 We came. Then this: rain.", None),
        ("💬 Really? Look: rain.", None),
        ("💬 No colon at all", None),
        ("💬 At 11:00 it began", None),
        ("💬 " + "x" * 81 + ": long", None),
        ("💬 " + "x" * 80 + ": just", "x" * 80),
        ("💬 : nobody", None),
    ],
)  # fmt: skip
def test_a_speaker_is_short_and_no_sentence(text: str, speaker: str | None) -> None:
    block = read(text)
    assert (block.type, block.speaker) == ("quote", speaker)


@pytest.mark.parametrize(
    ("text", "place", "date"),
    [
        ("📍 Vienna, March 13, 2023", "Vienna", "2023-03-13"),
        ("📍Vienna, 13 March", "Vienna", "--03-13"),
        ("📍 Нижний Новгород, 10 июня 2024 года", "Нижний Новгород", "2024-06-10"),
        ("📍 Palace of Nations, Geneva, May 2, 2023", "Palace of Nations, Geneva", "2023-05-02"),
        ("📍 Geneva", "Geneva", None),
        ("📍 May 2, 2023", None, "2023-05-02"),
        ("📍 May 2, 2023, Geneva", "Geneva", "2023-05-02"),
        ("📍 May 2. Geneva", "Geneva", "--05-02"),
        ("📍 May 2 , Geneva", "Geneva", "--05-02"),
        ("📍 May 2 Geneva", "May 2 Geneva", None),
        ("📍 May 2; Geneva", "May 2; Geneva", None),
        ("📍 May 2.", None, "--05-02"),
        ("📍 Geneva, May 32, 2023", "Geneva, May 32, 2023", None),
        ("📍 It rained. Nobody came to the square.", None, None),
        ("📍", None, None),
    ],
)
def test_a_pin_gives_place_and_date_as_far_as_they_parse(
    text: str, place: str | None, date: str | None
) -> None:
    block = read(text)
    assert (block.type, block.place, block.date) == ("location", place, date)


def test_lines_know_their_gaps_and_blank_lines_are_none() -> None:
    found = lines.split("head\none\n\ntwo\n \n\n\nthree\r\nfour\n")
    assert [(line.text, line.gap) for line in found] == [
        ("head", None),
        ("one", 1),
        ("two", 2),
        ("three", 2),
        ("four", 1),
    ]


def test_the_first_block_has_no_gap() -> None:
    found = lines.blocks(lines.split("head\n\none\ntwo")[1:])
    assert [block.gap for block in found] == [None, 1]


def test_spans_are_cut_at_line_ends_and_count_from_the_line() -> None:
    text = "Head line\nbold here\nand on"
    spans = [
        Span(kind="bold", start=10, end=21),
        Span(kind="link", start=0, end=4, url="https://example.org/a"),
        Span(kind="italic", start=26, end=99),
    ]
    found = lines.split(text, spans)
    assert found[0].spans == (Span(kind="link", start=0, end=4, url="https://example.org/a"),)
    assert found[1].spans == (Span(kind="bold", start=0, end=9),)
    assert found[2].spans == (Span(kind="bold", start=0, end=1),)


def test_a_line_inside_a_frame_has_the_frames_type() -> None:
    text = "quoted line\ncode line"
    spans = [Span(kind="blockquote", start=0, end=11), Span(kind="pre", start=12, end=21)]
    assert [block.type for block in lines.blocks(lines.split(text, spans))] == [
        "blockquote",
        "code",
    ]


@given(st.text(max_size=200), st.lists(st.tuples(st.integers(0, 220), st.integers(0, 220))))
def test_no_text_is_too_odd(text: str, ranges: list[tuple[int, int]]) -> None:
    spans = [Span(kind="bold", start=min(pair), end=max(pair)) for pair in ranges]
    found = lines.blocks(lines.split(text, spans))
    assert all(block.text in text for block in found)
    for block in found:
        assert all(0 <= span.start <= span.end <= len(block.text) for span in block.spans)


@pytest.mark.parametrize("sign", "•‣◦▪▫■□●○◆◇►▶◀◾◽◼◻-–—―−")
def test_each_sign_of_a_list(sign: str) -> None:
    assert (read(f"{sign} item").type, read(f"{sign} item").marker) == ("bullet", sign)
    assert read(f"{sign}5 items").type == ("para" if sign in "-–—―−" else "bullet")
    assert read(f"{sign}\ufe0f item").marker == (sign if sign in "-–—―−" else f"{sign}\ufe0f")


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Read more", "cta"), ("Read the full story!", "cta"), ("читать далее…", "cta"),
        ("Читать целиком", "cta"), ("Смотрите запись", "cta"), ("watch", "cta"),
        ("📖\ufe0f Read  in full, x.", "cta"), (f"Read in full {'x' * 79}", "cta"),
        (f"Read in full {'x' * 80}", "para"), (f"Watch {'x' * 59}", "cta"),
        (f"Watch {'x' * 60}", "para"), ("Watch...", "cta"), ("Watch....", "para"),
        ("Read more. Then", "para"), ("Watch it? No", "para"), ("Reading more", "para"),
        ("Question №3: x", "question"), ("Question no. 3: x", "question"),
        ("Question 123: x", "question"), ("Question 1234: x", "para"),
        ("ВОПРОС № 3 : x", "question"), ("Вопрос   : x", "para"),
    ],
)  # fmt: skip
def test_calls_and_questions_are_short(text: str, kind: str) -> None:
    assert read(text).type == kind


def test_hundreds_of_spans_over_thousands_of_lines_are_shared_out_within_limits() -> None:
    text = "a\n" * 2048
    spans = [Span(kind="bold", start=0, end=len(text) - n) for n in range(500)]
    shares = [line.spans for line in lines.split(text, spans)]
    assert len(shares) == 2048
    assert shares[0] == (Span(kind="bold", start=0, end=1),) * 500
    assert sum(len(share) for share in shares) == 20_000
    few = lines.split(text, spans[:9])
    assert all(line.spans == (Span(kind="bold", start=0, end=1),) * 9 for line in few[:-9])
