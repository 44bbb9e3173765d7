"""What words also say, and where it stands."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.query import snippet
from storage.query.reading import units
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
        ("#За\u0301мокДом", ["За\u0301мок Дом"]),
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
        ("неееет", ["нет"]),
        ("goood", ["good"]),
        ("Goooal", ["Goal", "Gooal"]),
        ("XIII", []),
        ("XXIII", []),
        ("xxxiv", []),
        ("MMMan", []),
        ("CCCP", []),
        ("goood2", ["goood 2"]),
        ("Ка-52м", []),
        ("3.1млн", ["млн"]),
        ("ОООшка", []),
        ("Ооочень", ["Очень"]),
        ("ООО", []),
        ("www", []),
    ],
)
def test_what_a_word_also_says(chunk: str, rows: list[str]) -> None:
    assert [" ".join(one for _, _, one in row) for row in also.rows(chunk)] == rows
    assert also.may_be_there(chunk) or not rows


# Written as they are in tags.
NAMES = """
AliExpress ChatGPT DeepMind DeepSeek eBay FaceBook FedEx GitHub GitLab GoPro iMac iPad iPhone
InstaGram JavaScript LinkedIn MasterCard PayPal PlayStation PostgreSQL PowerPoint RuTube SnapChat
SoundCloud SpaceX TikTok VKontakte WeChat WhatsApp WordPress YouTube ВКонтакте РуТуб ТикТок ЮТуб
"""


@pytest.mark.parametrize("name", NAMES.split())
def test_a_name_with_a_capital_within_is_one_word(name: str) -> None:
    assert list(also.rows(f"#{name}")) == []
    assert [" ".join(one for _, _, one in row) for row in also.rows(f"#{name}News")] != []


UNITS = """
км м см мм кг мг мл га т г гг млн млрд трлн тыс руб кв квт мвт гвт квтч мбит гбит мб гб тб мин сек
час ч мм2 км2 м2 м3 чел шт km m cm mm kg mg ml ha mln mlrd bn trn tn mt mw kw gw kwh mb gb tb mhz
ghz hz mph kmh km2 m2 m3 min sec hrs lb lbs ft usd eur rub
"""


@pytest.mark.parametrize("unit", UNITS.split())
def test_a_unit_behind_a_number_is_a_word_of_its_own(unit: str) -> None:
    said = [" ".join(one for _, _, one in row) for row in also.rows(f"7{unit}")]
    assert said == ["7" if len(unit) == 1 else f"7 {unit}"]
    assert units.rows(["7", unit]) != []


DOUBLED = """
all ball been better bill blood book boom boss call cool deep door fall feed feel food fool foot
free full good green hall happy hell hello keep kill less loss mass meet miss moon need noon off
pass press queen really room school see seed seen sell sleep small soon sorry speech speed staff
still street stress summer tell three tomorrow too tool wall week well will wood yell
"""


@pytest.mark.parametrize("word", DOUBLED.split())
def test_a_known_word_with_a_double_letter_is_what_is_drawn_out(word: str) -> None:
    at = next(at for at in range(1, len(word)) if word[at] == word[at - 1])
    drawn = f"{word[:at]}{word[at] * 2}{word[at:]}"
    once = len(word) == 3  # is too short without its letter
    assert [one for row in also.rows(drawn) for _, _, one in row] == ([] if once else [word])


@pytest.mark.parametrize(("between", "found"), [(19, False), (20, True)])
def test_no_word_of_the_text_is_near_to_what_is_also_said(between: int, found: bool) -> None:
    for text in ("Рекао је Вучић портал", "портал Вучић"):
        near = parse(f"vucic NEAR/{between} портал")
        assert bool(snippet.mark(text, near).spans) is (found and text.endswith("портал"))


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
    placed = analysis.WordSpans(text)
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


def rows_by_comparing(chunk: str) -> list[also.Row]:
    """What is also said, when each word is compared with every tag."""
    spans = [match.span(1) for match in folding.find_tags(chunk)]
    found: list[also.Row] = []
    for match in folding.WORD.finditer(chunk):
        start, end = match.span()
        is_tag = any(first <= start < last for first, last in spans)
        # The same word with a tag's sign right before it, and without one, beside what stood there.
        alone = f"{chunk[max(0, start - 2) : start].replace('#', ' ')}{'#' * is_tag}{match[0]}"
        shift = end - len(alone)
        found += [
            [(one + shift, other + shift, word) for one, other, word in row]
            for row in also.rows(alone)
            if row[0][0] + shift >= start
        ]
    return found


@given(
    st.lists(
        st.sampled_from(("#", "GrainBan", "Olda", "a", "B2", "9", "_", "x7", ",")), max_size=30
    )
)
def test_what_tags_also_say_is_what_comparing_each_word_with_every_tag_gives(
    parts: list[str],
) -> None:
    """Words within tags are known by their places, for a text may be nothing but tags."""
    chunk = "".join(parts)
    assert list(also.rows(chunk)) == rows_by_comparing(chunk)


def test_tags_without_end_are_taken_apart_in_time_that_grows_with_them_alone() -> None:
    """A number sign may be of an address that began long before: that is looked for once."""
    counts = [len(list(folding.find_tags("#a" * many))) for many in (10, 30_000)]
    assert counts == [10, 30_000]
    assert list(folding.find_tags("https://example.org/" + "#a" * 900)) == []
