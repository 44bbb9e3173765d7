"""A catalogue says what it has, and English for what it has not."""

import subprocess
import sys

import pytest
from babel.messages.catalog import Catalog

from storage.languages import catalogue, formats, template
from storage.languages.catalogue import Catalogue
from storage.languages.records import CatalogueEntry
from storage.languages.template import LocatedEntry, brought_up_to_date
from storage.languages.vocabulary import Vocabulary

SLAVIC = "nplurals=3; plural=(n%10==1 && n%100!=11 ? 0 : n%10>=2 && n%10<=4 ? 1 : 2);"


def catalog(plural: str = SLAVIC) -> Catalog:
    made = template.new_catalog("xx", plural)
    made.add("Open", "Otkryt", context="page.open")
    made.add("Open", "Otkryto", context="state.open")
    made.add("Close", "Zakryt", context="page.close", flags={"fuzzy"})
    made.add("Keep", "", context="page.keep")
    made.add(("{n} post", "{n} posts"), ("{n} a", "{n} b", "{n} c"), context="count.posts")
    made.add(("{n} day", "{n} days"), ("{n} a", "", ""), context="count.days")
    return made


@pytest.mark.parametrize(
    ("context", "english", "said"),
    [
        ("page.open", "Open", "Otkryt"),
        ("state.open", "Open", "Otkryto"),
        ("page.close", "Close", "Close"),  # Nobody has looked at it.
        ("page.keep", "Keep", "Keep"),
        ("page.open", "Open it", "Open it"),  # Its English is another one now.
        ("nowhere", "Open", "Open"),
    ],
)
def test_a_text_is_found_by_its_context_and_english(context: str, english: str, said: str) -> None:
    assert Catalogue("xx", catalog()).text(context, english) == said


@pytest.mark.parametrize(
    ("number", "posts", "days"),
    [(1, "{n} a", "{n} day"), (2, "{n} b", "{n} days"), (5, "{n} c", "{n} days")],
)
def test_numbers_have_the_forms_of_the_language(number: int, posts: str, days: str) -> None:
    known = Catalogue("xx", catalog())
    assert known.forms("count.posts", ("{n} post", "{n} posts"))[known.plural(number)] == posts
    assert known.forms("count.days", ("{n} day", "{n} days"))[known.plural(number)] == days


@pytest.mark.parametrize(
    ("zone", "english", "russian"),
    [
        ("Europe/Kyiv", "Kyiv", "Киев"),
        ("Europe/Kiev", "Kyiv", "Киев"),
        ("Asia/Calcutta", "Kolkata", "Калькутта"),
        ("Asia/Saigon", "Ho Chi Minh City", "Хошимин"),
        ("Japan", "Japan", "Токио"),
        ("Etc/GMT+3", "GMT+3", "GMT+3"),
        ("Nowhere/Old_Town", "Old Town", "Old Town"),
    ],
)
def test_a_zone_is_called_by_its_city_also_under_a_former_name(
    zone: str, english: str, russian: str
) -> None:
    assert (formats.city(zone, "en"), formats.city(zone, "ru")) == (english, russian)


def test_a_language_without_a_file_is_english() -> None:
    assert catalogue.read("zz").language == "en"
    assert catalogue.spoken()[0] == "en"


@pytest.mark.parametrize(
    ("code", "known"),
    [("de", True), ("pt_BR", False), ("qq", False), ("../x", False), ("DE", False)],
)
def test_a_new_language_has_a_code_of_the_cldr(code: str, known: bool) -> None:
    assert template.is_language(code) is known


@pytest.mark.end_to_end
def test_what_says_nothing_to_anybody_reads_no_catalogue() -> None:
    asked = "import sys; from bot import cli; cli.main(['--help'])"
    watched = f"try:\n    {asked}\nexcept SystemExit:\n    sys.exit('babel' in sys.modules)"
    assert (
        subprocess.run([sys.executable, "-c", watched], stdout=subprocess.DEVNULL).returncode == 0
    )


def placed(context: str, *english: str) -> LocatedEntry:
    return LocatedEntry(CatalogueEntry(context=context, english=english), "some.py")


def said(made: Catalog) -> dict[str | None, tuple[object, bool]]:
    return {one.context: (one.string, one.fuzzy) for one in made if one.id}


def test_a_catalogue_follows_the_code() -> None:
    entries = [
        placed("page.open", "Open this"),
        placed("state.open", "Open"),
        placed("page.new", "New"),
        placed("count.posts", "{n} post", "{n} posts"),
    ]
    made = brought_up_to_date(catalog(), entries)
    assert said(made) == {
        "page.open": ("Otkryt", True),
        "state.open": ("Otkryto", False),
        "page.new": ("", False),
        "count.posts": (("{n} a", "{n} b", "{n} c"), False),
    }
    assert said(brought_up_to_date(made, entries))["page.open"] == ("Otkryt", True)


def test_a_written_catalogue_reads_the_same() -> None:
    text = template.dump(catalog())
    assert template.dump(template.read(text)) == text
    assert SLAVIC in text


def test_words_of_every_language_mean_the_same() -> None:
    words = Vocabulary("typed.quiet", {"off": "off, none, stop", "urgent": "urgent"})
    assert words.meanings()["none"] == words.meanings()["выкл"] == "off"
    assert words.translated()["срочно"] == "urgent"
    assert "off" not in words.translated()
    assert (words.word("off", "ru"), words.word("off", "en")) == ("выкл", "off")
    assert words.language_of("срочные") == "ru"
    assert words.pattern("off") == "отключить|none|stop|выкл|off|нет"


@pytest.mark.parametrize(
    ("language", "month", "short", "number", "half"),
    [
        ("en", "September", "Sep", "1,234,567", "0.5"),
        ("ru", "сентябрь", "сен", "1\u00a0234\u00a0567", "0,5"),
        ("de", "September", "Sep", "1.234.567", "0,5"),
        ("qq", "September", "Sep", "1,234,567", "0.5"),
    ],
)
def test_months_and_numbers_are_written_as_in_the_language(
    language: str, month: str, short: str, number: str, half: str
) -> None:
    assert formats.months(language)[8] == month
    assert formats.months_short(language)[8] == short
    assert formats.number(1234567, language) == number
    assert formats.number(0.5, language, decimals=1) == half
