"""What words also say, and where it stands."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.query import snippet
from storage.query.reading.syntax import parse
from storage.query.words import also, analysis, folding


@pytest.mark.parametrize(
    ("chunk", "rows"),
    [
        ("#GrainExportBan", ["Grain Export Ban"]),
        ("(#ЗерновойКоридор),", ["Зерновой Коридор"]),
        ("#USNavy2024", ["US Navy 2024"]),
        ("#Olda_GrainBan", ["Grain Ban"]),
        ("#Olda#GrainBan", ["Grain Ban"]),
        ("#GoPro", []),
        ("#IsIt", []),
        ("#NoWar", ["No War"]),
        ("#grainban", []),
        ("#GRAIN", []),
        ("GrainBan", []),
        ("#नमस्तेभारत", []),
        ("#BTS방탄", ["BTS 방탄"]),
        ("covid19", ["covid 19"]),
        ("covid-19", []),
        ("F16", []),
        ("covid20191", []),
        ("100км", ["100 км"]),
        ("5G", []),
        ("$5M", ["5"]),
        ("100т", ["100"]),
        ("3.1M", []),
        ("20летний", ["20 летний"]),
        ("olda1985@example.org", []),
        ("https://example.org/#GrainBan", []),
        ("Müller", []),
        ("људи", []),
        ("Ђоковић", ["dokovic", "djokovic"]),
        ("неееет", ["нет", "неет"]),
        ("XIII", []),
        ("Ка-52м", []),
        ("3.1млн", ["млн"]),
        ("ОООшка", []),
        ("Ооочень", ["Очень", "ООчень"]),
        ("ООО", []),
        ("www", []),
    ],
)
def test_what_a_word_also_says(chunk: str, rows: list[str]) -> None:
    assert [" ".join(one for _, _, one in row) for row in also.rows(chunk)] == rows
    assert also.may_be_there(chunk) or not rows


@pytest.mark.parametrize(
    ("query", "text", "marked"),
    [
        ("grain", "Shut: #GrainExportBan and #GrainBan", ["Grain", "Grain"]),
        ('"export ban"', "Shut: #GrainExportBan", ["ExportBan"]),
        ("#grainexportban", "Shut: #GrainExportBan", ["#GrainExportBan"]),
        ("grainexportban", "Shut: #GrainExportBan", ["GrainExportBan"]),
        ("covid", "Ill: covid19, again covid19", ["covid"]),
        ("covid 19", "Ill: covid19", ["covid", "19"]),
        ("км", "До порта 100км", ["км"]),
        ("vucic", "Рекао је Вучић.", ["Вучић"]),
        ("нет", "Сказал: неееет!", ["неееет"]),
        ("export NEAR/2 ban", "Shut: #GrainExportBan", ["Export", "Ban"]),
        ("=export", "Shut: #GrainExportBan", ["Export"]),
        ("expor*", "Shut: #GrainExportBan", ["Export"]),
        ("==US", "Sails: #USNavy", ["US"]),
    ],
)
def test_what_is_also_said_is_marked_where_it_stands(
    query: str, text: str, marked: list[str]
) -> None:
    found = snippet.mark(text, parse(query))
    assert [text[start:end] for start, end in found.spans] == marked


TEXTS = st.text("#AbCdЕжЗü9 1ћ-ааа_@.", max_size=40)


@given(TEXTS)
def test_words_also_said_stand_within_the_words_that_say_them(text: str) -> None:
    placed = analysis.Placed(text)
    count = len(analysis.words(text))
    column = placed.column
    assert len(column.words) == len(column.terms) >= count
    own = [placed.span(at) for at in range(count)]
    for at in range(count, len(column.words)):
        start, end = placed.span(at)
        assert any(first <= start < end <= last for first, last in own)
        if column.words[at] != analysis.APART:
            form = column.words[at].removesuffix(folding.CAPITAL)
            assert [word.form for word in analysis.words(form)] == [form]


@given(TEXTS)
def test_no_row_of_what_is_also_said_stands_beside_other_words(text: str) -> None:
    """A phrase of a text's last word and the first that is also said is none."""
    column = analysis.column(text)
    count = len(analysis.words(text))
    if len(column.terms) > count:
        assert column.terms[count] == column.words[count] == analysis.APART
        assert column.terms[-1] != analysis.APART
    assert analysis.APART not in column.terms[:count]


def test_a_word_that_only_says_so_is_no_word_of_a_label() -> None:
    assert analysis.label("Olda #GrainBan 100км") == "olda grainban 100km"
