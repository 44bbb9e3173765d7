"""What each filter asks for: its value as it stands in the query, and its marks."""

import pytest

from storage.errors import QueryError
from storage.query.reading import filters
from storage.query.reading.filters import MOST_OF_NAME, Value
from storage.query.tree import Filter


def value(name: str, text: str, *, quoted: bool = False) -> Value:
    """``name:text`` as it stands behind five other characters."""
    at = 5 + len(name) + 1
    return Value(name, text, 5, at, at + len(text), quoted)


def read(name: str, text: str, *, quoted: bool = False) -> Filter:
    return filters.READERS[name](value(name, text, quoted=quoted))


def refused(name: str, text: str, *, quoted: bool = False) -> QueryError:
    with pytest.raises(QueryError) as error:
        read(name, text, quoted=quoted)
    return error.value


@pytest.mark.parametrize("name", ["channel", "from", "by"])
@pytest.mark.parametrize(
    ("text", "owner"),
    [
        ("@Harbour_News", "harbour_news"),
        ("harbour_news", "harbour_news"),
        ("harbour_news,", "harbour_news"),
        ("harbour_news.,;:!?", "harbour_news"),
        ("-1001234567", "1234567"),
        ("1234567", "1234567"),
        ("https://t.me/Harbour_News/12?single", "harbour_news"),
        ("http://telegram.me/s/harbour_news", "harbour_news"),
        ("T.ME/c/1234567/8", "1234567"),
        ("t.me/harbour_news#x", "harbour_news"),
        ("Лавров", "лавров"),
    ],
)
def test_an_owner_is_named_by_name_number_or_link(name: str, text: str, owner: str) -> None:
    found = read(name, text)
    assert (found.name, found.value, len(found.marks)) == (name, owner, 1)
    assert found == read(name, owner)


@pytest.mark.parametrize(
    ("text", "owner"),
    [("Harbour News", "harbour news"), ("harbour_news.", "harbour news"), ("A", "a")],
)
def test_in_quotation_marks_stands_a_title(text: str, owner: str) -> None:
    assert read("channel", text, quoted=True).value == owner


@pytest.mark.parametrize(
    ("name", "text", "who"),
    [
        ("channel", "...", "channel"),
        ("from", "@", "channel"),
        ("by", "!", "author"),
        ("channel", "t.me/+abc", "channel"),
    ],
)
def test_what_names_nobody_is_refused(name: str, text: str, who: str) -> None:
    error = refused(name, text)
    assert error.what == f"{name}: names no {who}"
    assert (error.hint, error.edit) == (f"write {name}:username", None)
    assert error.column == 5


def test_two_words_are_offered_in_quotation_marks() -> None:
    error = refused("by", "harbour-news")
    assert error.what == "by: names no author"
    at = len("12345by:")
    assert error.edit == (at, at + len("harbour-news"), '"harbour-news"')


@pytest.mark.parametrize(
    ("text", "code"), [("ru", "ru"), ("RU", "ru"), ("en", "en"), ("zh", "zh"), ("Uk", "uk")]
)
def test_languages_are_told_by_their_codes(text: str, code: str) -> None:
    found = read("lang", text)
    assert (found.value, found.marks) == (code, read("lang", code).marks)
    assert code in filters.LANG


@pytest.mark.parametrize(
    ("text", "what", "instead"),
    [
        ("Russian", "'Russian' is no language code", "ru"),
        ("english", "'english' is no language code", "en"),
        ("gb", "'gb' is no language code", "en"),
        ("elvish", "'elvish' is no language code", ""),
        ("r", "'r' is no language code", ""),
        ("r2", "'r2' is no language code", ""),
        ("xx", "no post is known to be in 'xx'", ""),
        ("sux", "no post is known to be in 'sux'", ""),
    ],
)
def test_what_is_no_language_is_refused_and_what_was_meant_is_offered(
    text: str, what: str, instead: str
) -> None:
    error = refused("lang", text)
    assert error.what == what
    assert error.edit == ((10, 10 + len(text), instead) if instead else None)
    is_code = what.startswith("no post")
    hint = f"choose of {', '.join(filters.LANG)}" if is_code else "write lang:ru or lang:en"
    assert error.hint == hint


def test_every_word_of_a_place_and_of_a_speaker_is_asked_for_once() -> None:
    place = read("place", "Nizhny Novgorod nizhny")
    assert (place.value, len(place.marks)) == ("nizhny novgorod nizhny", 2)
    speaker = read("who", "Lavrov Lavrov")
    assert (speaker.value, speaker.marks) == ("lavrov lavrov", read("who", "lavrov").marks)
    assert read("who", "Sergei Lavrov").marks == read("who", "Sergey Lavrov").marks


@pytest.mark.parametrize(
    ("name", "text", "what"),
    [
        ("place", "--", "place: names no place"),
        ("who", "--", "who: names no speaker"),
        ("who", "12 34", "who: names no speaker"),
        ("who", " ".join("abcdefg"), "who: names no speaker"),
    ],
)
def test_what_names_no_place_or_speaker_is_refused(name: str, text: str, what: str) -> None:
    error = refused(name, text)
    assert (error.what, error.edit) == (what, None)
    assert error.hint == {"place": "write place:Moscow", "who": "write who:Lavrov"}[name]


def test_a_speaker_may_have_a_long_name_with_a_number_in_it() -> None:
    assert len(read("who", " ".join("abcdef"[:MOST_OF_NAME])).value.split()) == MOST_OF_NAME
    assert read("who", "Elizabeth 2").value == "elizabeth 2"


@pytest.mark.parametrize(
    ("text", "quoted", "told", "has_path"),
    [
        ("example.org", False, "example.org", False),
        ("*.Example.org", False, "example.org", False),
        ("https://www.example.org/News/", False, "example.org/news", True),
        ("example.org/a,", False, "example.org/a", True),
        ("example.org/a,", True, "example.org/a,", True),
        ("example.org.", True, "example.org", False),
    ],
)
def test_a_site_is_marked_by_its_host_and_its_path_is_looked_at(
    text: str, quoted: bool, told: str, has_path: bool
) -> None:
    found = read("link", text, quoted=quoted)
    assert found.value == told
    assert found.marks == read("link", "example.org").marks
    assert str(found.site) == (told if has_path else "None")


@pytest.mark.parametrize("text", ["...", "harbour", 'example.org/"a', "example.org/«a»"])
def test_what_is_no_site_is_refused(text: str) -> None:
    error = refused("link", text)
    assert (error.what, error.hint) == ("link: names no site", "write link:example.org")


@pytest.mark.parametrize("text", ["text", "TEXT", "текст"])
def test_one_can_look_in_the_text_alone(text: str) -> None:
    filters.check_where(value("in", text))


@pytest.mark.parametrize(
    ("text", "hint", "edit"),
    [
        ("Title", "write title:word", None),
        ("headline", "write title:word", None),
        ("harbour", "", (5, 15, "channel:harbour")),
    ],
)
def test_a_place_to_look_in_other_than_the_text_is_refused(
    text: str, hint: str, edit: tuple[int, int, str] | None
) -> None:
    with pytest.raises(QueryError) as error:
        filters.check_where(value("in", text))
    assert (error.value.what, error.value.hint) == ("in: takes text alone", hint)
    assert error.value.edit == edit


@pytest.mark.parametrize(
    ("name", "values"), [("has", filters.HAS), ("is", filters.IS), ("lang", filters.LANG)]
)
def test_each_value_has_a_mark_of_its_own(name: str, values: tuple[str, ...]) -> None:
    marks = {next(iter(group)) for one in values for group in read(name, one.upper()).marks}
    assert len(marks) == len(values) > 2


@pytest.mark.parametrize(
    ("name", "text", "instead"),
    [
        ("has", "Picture", "has:photo"),
        ("has", "phto", "has:photo"),
        ("has", "url", "has:link"),
        ("is", "edted", "is:edited"),
        ("is", "changed", "is:edited"),
        # It is a value of the other filter.
        ("is", "photo", "has:photo"),
        ("has", "Edited", "is:edited"),
        # What was meant is one of the other's, which is not offered here.
        ("is", "picture", ""),
        ("has", "removed", ""),
        ("has", "xyzzy", ""),
    ],
)
def test_a_value_that_is_not_known_is_refused_and_what_was_meant_is_offered(
    name: str, text: str, instead: str
) -> None:
    error = refused(name, text)
    assert error.what == f"{name}: knows no {text!r}"
    chosen, _, put = instead.partition(":")
    start = 5 if chosen != name else 5 + len(name) + 1
    end = 5 + len(name) + 1 + len(text)
    given = put if chosen == name else instead
    assert error.edit == ((start, end, given) if instead else None)
    choices = filters.HAS if name == "has" else filters.IS
    is_others = bool(instead) and chosen != name
    assert error.hint == ("" if is_others else f"choose of {', '.join(choices)}")


def test_every_filter_but_a_place_takes_several_values() -> None:
    assert set(filters.READERS) - filters.LISTS == {"place"}
    assert filters.NAMES - set(filters.READERS) == {"before", "after", "on", "title", "in"}
    spelled = filters.spellings()
    assert set(spelled.values()) == set(filters.NAMES)
    assert spelled["from"] == "from"
