from collections.abc import Callable

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from storage.document import Block, Channel, Dateline, Document, Event, Forward, Link, Media
from storage.query import compile_fts5
from storage.query.words import analysis, folding, forms

SCRIPTS = st.text(
    alphabet="аёйяі\u0301\u0306aeoñøǿı'\u2019\u200d石油〹㈠かガﾞヿゟ\u3099कि\u094dمُ\u0640שׁ\u20e31🏴\ufe0f",
    max_size=12,
)


@pytest.mark.parametrize(
    ("text", "forms"),
    [
        ("Grain exports", ["grain", "exports"]),
        ("don't DON’T dont", ["dont"] * 3),
        ("Russia's Russia’s Russia", ["russia"] * 3),
        ("Ёлка ёлка елка", ["елка"] * 3),
        ("за́мок замок", ["замок"] * 2),
        ("йод йод", ["йод"] * 2),
        ("naïve naïve naive", ["naive"] * 3),
        ("À\u094d À\u064b", ["a\u094d", "a"]),
        ("Erdoğan Yıldız Łódź Søren", ["erdogan", "yildiz", "lodz", "soren"]),
        ("йод иод їжак їжак", ["йод", "иод", "їжак", "їжак"]),
        ("Қазақстан Ђорђе Ўладзімір п'ять", ["қазақстан", "ђорђе", "уладзімір", "пять"]),
        ("石油价格 在2024年", ["石", "油", "价", "格", "在", "2024", "年"]),
        ("カタカナ ガ が", ["カ", "タ", "カ", "ナ", "ガ", "が"]),
        ("مُحَمَّد محمد النفط", ["محمد", "محمد", "النفط"]),
        ("हिन्दी की", ["हिंदी", "की"]),
        ("שָׁלוֹם", ["שלום"]),
        ("ＦＵＬＬ 𝗯𝗼𝗹𝗱 ﬁsh", ["full", "bold", "fish"]),
        ("со\u00adгла\u200bсие", ["согласие"]),
        ("Су-57 10:30 1,000", ["су", "57", "10", "30", "1", "000"]),
        ("#BRICS_2024", ["brics", "2024"]),
        ("🇷🇺🇺🇸", ["🇷🇺", "🇺🇸"]),
        ("👍🏽👍 ❤️", ["👍", "👍", "❤"]),
        ("👨‍👩‍👧", ["👨\u200d👩\u200d👧"]),
        ("🏴󠁧󠁢󠁥󠁮󠁧󠁿🏴", ["🏴󠁧󠁢󠁥󠁮󠁧󠁿", "🏴"]),
        ("1️⃣ пункт", ["1", "пункт"]),
        ("— … • \x00 \ud800", []),
        ("a\x00b", ["a", "b"]),
    ],
)
def test_words(text: str, forms: list[str]) -> None:
    assert [word.form for word in analysis.words(text)] == forms


def test_the_term_of_a_word_is_all_that_its_form_may_be() -> None:
    found = {word.form: word.term for word in analysis.words("Послами стали export Exports 5G")}
    assert found == {
        "послами": "посол",
        "стали": "сталь|стать",
        "export": "export",
        "exports": "export",
        "5g": "5g",
    }
    assert forms.readings_in("сталь|стать") == ["сталь", "стать"]


@given(
    st.text('«(*—"', max_size=2),
    st.text("abzABZéабёяАБЁЯ.²9", min_size=1, max_size=5),
    st.text("».,!?*…-'", max_size=3),
)
def test_signs_around_a_word_change_nothing(before: str, word: str, after: str) -> None:
    chunk = f"{before}{word}{after}"
    found = analysis.column(chunk)
    surfaces = folding.find_words(chunk)
    forms = found.words[: len(surfaces)]  # and what they also say
    assert [form.removesuffix(folding.CAPITAL) for form in forms] == [
        analysis.fold(surface) for surface in surfaces
    ]
    assert [form.endswith(folding.CAPITAL) for form in forms] == [
        bool(folding.capital_form(surface)) for surface in surfaces
    ]


@given(st.text(max_size=60) | SCRIPTS)
def test_words_stand_where_they_say(text: str) -> None:
    placed = analysis.WordSpans(text)
    assert placed.column == analysis.column(text)
    end = 0
    for index, word in enumerate(analysis.words(text)):
        start, stop = placed.span(index)
        assert end <= start < stop
        assert analysis.words(text[start:stop]) == [word]
        assert word.form
        assert word.term
        end = stop


@given(st.text(max_size=20) | SCRIPTS)
def test_a_form_is_its_own_form(text: str) -> None:
    for word in analysis.words(text):
        assert analysis.words(word.form) == [word]


@given(st.text(max_size=30) | st.text("USsa.-'\u2019\u00b2", max_size=12) | SCRIPTS)
@example("US'S'S")
def test_words_of_one_form_are_of_one_term(text: str) -> None:
    found = analysis.column(text)
    for form, term in zip(found.words, found.terms, strict=True):
        assert term == forms.normal_form(form.removesuffix(folding.CAPITAL)) or form == term


@given(st.text(min_size=1, max_size=12), st.text(max_size=6))
def test_encoded_terms_hold_only_what_fts5_keeps_and_keep_beginnings(one: str, more: str) -> None:
    encoded = compile_fts5.encode(one)
    assert all(char.isalnum() or not char.isascii() for char in encoded)
    assert compile_fts5.encode(one + more).startswith(encoded)


@given(st.text(max_size=30) | SCRIPTS)
def test_words_hold_of_ascii_letters_and_digits_alone(text: str) -> None:
    for word in analysis.words(text):
        assert compile_fts5.encode(word.form) == word.form
        readings = word.term.replace("|", "")
        assert compile_fts5.encode(readings) == readings
        assert not any(char.isspace() for char in word.form + word.term)


def test_hashtags() -> None:
    found = list(analysis.hashtags("#BRICS and #Мир_Труд, #1 ##x a#b"))
    assert [name for _, _, name in found] == ["brics", "мир_труд", "x", "b"]


def test_marks_of_a_document(make_document: Callable[..., Document]) -> None:
    document = make_document(
        "Head #BRICS\nbody",
        channel=Channel(id=77, username="Harbour", title="Harbour News 🚢"),
        forwarded_from=Forward(name="Russian MFA 🇷🇺", username="MFA", channel_id=5),
        lang="en",
        event=Event(place="Port Said", date="2024-05-01", basis="pin_line"),
        media=(Media(type="round_video"), Media(type="photo")),
        links=(Link(text="x"),),
        album_ids=(1, 2),
        edited_at="2024-05-01T12:00:00Z",
    )
    assert analysis.analyse_document(document).marks == {
        "tag:brics", "channel:77", "channel:harbour", "channel:harbour news", "from:5", "from:mfa",
        "from:russian mfa", "lang:en", "place:port", "place:say", "has:video", "has:photo",
        "has:media", "has:link", "has:album", "has:forward", "is:edited",
    }  # fmt: skip


def test_a_dateline_that_was_cut_is_searched_and_one_that_stays_is_not_doubled(
    make_document: Callable[..., Document],
) -> None:
    dateline = Dateline(raw="ПОРТ, 1 мая. /АГЕНТСТВО/.", place="ПОРТ")
    article = make_document("Title\ntext", kind="article", dateline=dateline, deck="deck")
    assert analysis.body_text(article) == "deck\nПОРТ, 1 мая. /АГЕНТСТВО/.\ntext"
    post = make_document("Title\nПОРТ, 1 мая. /АГЕНТСТВО/. text", dateline=dateline)
    assert analysis.body_text(post) == post.body[0].text


def test_the_index_row_of_a_document(make_document: Callable[..., Document]) -> None:
    document = make_document(
        "Grains 🚢\nGrains", channel=None, body=(Block(type="para", text="Exports"),)
    )
    assert compile_fts5.index_row(analysis.analyse_document(document)) == (
        "export",
        "grain 🚢",
        "is\ue03aoriginal",
        "grains 🚢 exports",
        "",
    )


def test_what_is_attached_has_a_column_and_links_have_marks(
    make_document: Callable[..., Document],
) -> None:
    document = make_document(
        "Plan",
        channel=None,
        media=(Media(type="document", name="dredging_plan.pdf"), Media(type="photo")),
        links=(Link(text="here", url="https://www.news.example.org/x"),),
    )
    analysed = analysis.analyse_document(document)
    _, title, marks, forms, attached = compile_fts5.index_row(analysed)
    assert (title, attached, forms) == ("plan", "dredg plan pdf", "plan dredging pdf")
    assert {"link:news.example.org", "link:example.org"} <= analysed.marks
    assert "link\ue03anews\ue02eexample\ue02eorg" in marks.split()
    assert analysed.own.attached == analysis.NO_WORDS
    assert analysed.own.columns[:2] == analysed.columns[:2]


@pytest.mark.parametrize(
    ("medium", "lines"),
    [
        (
            Media(type="unknown", name="fact-check", title="The pier\nstands"),
            ["The pier", "stands"],
        ),
        (Media(type="unknown", name="pier.dwg"), ["pier.dwg"]),
        (Media(type="audio", name="pier.mp3", title="The pier"), ["The pier", "pier.mp3"]),
        (Media(type="photo"), []),
    ],
)
def test_a_name_that_nobody_wrote_is_no_text(
    make_document: Callable[..., Document], medium: Media, lines: list[str]
) -> None:
    document = make_document("Plan", media=(medium,))
    assert analysis.attached_texts(document) == [(medium, line) for line in lines]


@pytest.mark.parametrize(
    ("text", "besides"),
    [
        ("Complex C-300 and F-16", ["c300", "f16"]),
        ("All 15 000 tons", ["15000"]),
        ("No number here", []),
    ],
)
def test_what_stands_beside_the_words_of_a_column(text: str, besides: list[str]) -> None:
    assert sorted(analysis.column(text).beside) == besides


@pytest.mark.parametrize("before", ["", "Far down in the text: "])
@pytest.mark.parametrize(
    ("text", "places"),
    [
        ("Complex C-300 and F-16, and (C-300)", {"c300": ["C-300"] * 2, "f16": ["F-16"]}),
        ("Both S-300/S-400", {"s300": ["S-300"], "s400": ["S-400"]}),
        ("All 15 000 tons, 15 000 more", {"15000": ["15 000"] * 2}),
        ("The U. S. fleet has F-16s", {"us·": ["U. S."], "f16": ["F-16s"]}),
        ("5 м² of it", {"m2": ["м²"]}),
        ("No number here", {}),
    ],
)
def test_what_stands_beside_the_words_has_its_place(
    text: str, places: dict[str, list[str]], before: str
) -> None:
    placed = analysis.WordSpans(before + text)
    for form, written in places.items():
        found = placed.beside(form)
        assert [(before + text)[start:end] for start, end in found] == written
        assert found == sorted(set(found))
    assert set(placed.column.beside) == set(places)
    assert placed.beside("harbour") == []


def test_what_was_seen_lately_is_not_taken_apart_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(analysis, "_REMEMBERED", 6)
    chunks = analysis._Chunks()
    first = chunks["a-b"]  # with it are known a and b
    assert chunks["a-b"] is first
    assert chunks["c-d"] and chunks["e-f"]
    assert "a-b" not in chunks
    # It was cleared away, and is still among those before.
    assert chunks["a-b"] is first
    long = "a-" * 40
    assert chunks[long] is not chunks[long]


def test_words_without_a_space_between_them_are_each_found_at_once() -> None:
    """Each was counted from the first: a post of one sign and brackets took seconds to tell."""
    text = f"before {'a)' * 20_000} behind"
    placed = analysis.WordSpans(text)
    places = [placed.span(at) for at in range(20_002)]
    assert places == [match.span() for match in analysis.WORD.finditer(text)]
