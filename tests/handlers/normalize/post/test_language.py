"""Languages: told where they can be, null where they cannot."""

import subprocess
import sys

import pytest

from handlers.normalize.post import language, language_signs


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("The ministry said on Monday that the talks would continue.", "en"),
        ("Паром снова ходит между островами, расписание висит на причале.", "ru"),
        ("Пором знову ходить між островами, розклад висить на причалі.", "uk"),
        ("Паром зноў ходзіць паміж астравамі, расклад вісіць на прычале.", "be"),
        ("Фериботът отново пътува между островите, разписанието е на кея.", "bg"),
        ("Трајект поново саобраћа између острва, ред вожње је на пристаништу.", "sr"),
        ("Паром аралдар арасында қайтадан жүреді, кесте айлақта ілулі тұр.", "kk"),
        ("Le bac circule de nouveau entre les îles, l'horaire est au quai.", "fr"),
        ("Die Fähre verkehrt wieder zwischen den Inseln, so der Fahrplan.", "de"),
        ("El transbordador vuelve a navegar entre las islas cada mañana.", "es"),
        ("Feribot adalar arasında yeniden çalışıyor, tarife iskelede asılı.", "tr"),
        ("العبارة تعود للعمل بين الجزر والجدول معلق على الرصيف", "ar"),
        ("کشتی دوباره میان جزیره‌ها رفت و آمد می‌کند و برنامه در اسکله است", "fa"),
        ("渡轮恢复在各岛之间航行，时刻表张贴在码头，请各位乘客注意安全。", "zh"),
        ("フェリーは島々の間で再び運航しています。時刻表は桟橋にあります。", "ja"),
        ("Το πλοίο ταξιδεύει ξανά ανάμεσα στα νησιά κάθε πρωί.", "el"),
    ],
)
def test_a_sentence_has_its_language(text: str, code: str) -> None:
    assert language.identify(text) == code
    assert code in language.LANGUAGES


@pytest.mark.parametrize(
    "text",
    [
        "",
        "hello world",
        "Путин",
        "Ferry at 10",
        "#Harbour #Ferry #Tickets #Mariners #Schedule",
        "https://harbour.example/some/very/long/path/of/words @harbourmaster",
        "12345 67890 !!! 🚢🚢🚢",
        "Паром is back между the островами, see расписание at the причал",
        "The ferry is back between the islands and the timetable is at the pier. " * 6
        + "Le bac circule de nouveau entre les îles, l'horaire est affiché au quai. " * 6,
    ],
)
def test_short_mixed_and_wordless_texts_have_none(text: str) -> None:
    assert language.identify(text) is None


@pytest.mark.parametrize(
    "text",
    [
        "Фериботът отново пътува между островите, разписанието е на кея.",
        "Пором знову ходить між островами, розклад висить на причалі.",
        "De veerboot vaart weer tussen de eilanden, zegt de havenmeester.",
        "Ferja går igjen mellom øyene, og rutetabellen henger på kaia.",
    ],
)
def test_signs_settle_nothing_for_other_languages(text: str) -> None:
    words = text.replace(",", "").replace(".", "").split()
    script = "LATIN" if text.isascii() or "Ferja" in text else "CYRILLIC"
    assert language_signs.identify(script, words) is None


@pytest.mark.end_to_end
def test_no_text_is_lost_where_the_identifier_is_missing() -> None:
    code = (
        "import sys; sys.modules['fasttext'] = None\n"
        "from handlers.normalize.post import language\n"
        "assert language.identify('Feribot adalar arasında yeniden çalışıyor') is None\n"
        "assert language.identify('The ferry and the boat are at the pier with the rest') == 'en'\n"
        "assert 'install requirements.lock' in str(language.load())"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_the_identifier_is_installed() -> None:
    assert language.load() is None


@pytest.mark.end_to_end
def test_the_identifier_is_not_imported_before_it_is_asked() -> None:
    code = (
        "import sys; from handlers.normalize import registry;"
        "from handlers.normalize.post import language;"
        "assert 'fasttext' not in sys.modules;"
        "language.identify('Feribot adalar arasında yeniden çalışıyor');"
        "assert 'fasttext' in sys.modules and 'requests' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


RUSSIAN = {"ru": 40, "en": 2, "": 1}
BOTH = {"ru": 20, "en": 20}


@pytest.mark.parametrize(
    ("text", "told", "code"),
    [
        ("Отбой тревоги", RUSSIAN, "ru"),
        ("Путин", RUSSIAN, "ru"),
        ("#ПрямойЭфир", RUSSIAN, "ru"),
        ("https://harbour.example/Порт", RUSSIAN, None),
        ("OK", RUSSIAN, None),
        ("Привіт", RUSSIAN, None),
        ("12:30", RUSSIAN, None),
        ("", RUSSIAN, None),
        ("Ferry at 10", BOTH, "en"),
        ("Паром в 10", BOTH, "ru"),
        ("Fähre um 10", BOTH, None),
        ("Паром в 10", {"ru": 4}, None),
        ("Паром в 10", {"ru": 6, "bg": 4}, None),
        ("Кораб", {"ru": 6, "": 40}, None),
        ("Passagens à venda", {"pt": 9}, "pt"),
        ("中文新闻", {"zh": 9}, "zh"),
        # A text of more than a line that the identifier takes for another language.
        ("A miniszter hétfőn találkozott a nagykövettel", {"cs": 90}, None),
        ("Feribot adalar arasında yeniden çalışıyor", {"de": 90}, None),
        ("Паром is back между the островами, see расписание at the причал", RUSSIAN, None),
        # One that it is unsure of.
        ("Ministern anlände till hamnen i morse", {"sv": 90}, "sv"),
    ],
)
def test_a_text_that_does_not_tell_its_language_takes_the_usual_one_of_its_channel(
    text: str, told: dict[str, int], code: str | None
) -> None:
    assert language.choose(text, told) == code
