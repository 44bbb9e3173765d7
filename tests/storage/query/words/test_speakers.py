"""Who is a person by name, and who is not; names are invented but for a few that all know."""

import pytest

from storage.query.words.speakers import Case, People, is_office, name_in, runs


def found_runs(text: str) -> list[tuple[str, bool]]:
    found = list(runs(text, 0, len(text)))
    for run, _ in found:
        assert all(text[word.start : word.end].strip(".!?…") for word in run)
    return [(" ".join(word.form for word in run), office) for run, office in found]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Иван Зорин", [("иван зорин", False)]),
        ("Иван  Зорин", [("иван зорин", False)]),
        ("Иван Зорин, Олег Марлин", [("иван зорин", False), ("олег марлин", False)]),
        ("Иван Зорин и Олег Марлин", [("иван зорин", False), ("олег марлин", False)]),
        ("Иван «Зорин»", [("иван", False), ("зорин", False)]),
        ("министр Анна Зорина", [("анна зорина", True)]),
        ("Министр порта Зорин", [("зорин", True)]),
        ("госсекретарь США Джон Марлин", [("джон марлин", True)]),
        ("Prime Minister John Marlin!", [("prime minister john marlin", False)]),
        ("the minister John Marlin", [("john marlin", True)]),
        ("в порту Зорин", [("зорин", False)]),
        *(
            (f"министр {away} Осло Зорин", [("осло зорин", False)])
            for away in ("в", "во", "на", "из", "in", "at", "on")
        ),
        ("Ростех и глава порта Зорин", [("ростех", False), ("зорин", True)]),
        ("С. В. Марлин", [("С. В. марлин", False)]),
        ("С.В. Марлин.", [("С.В. марлин", False)]),
        ("Марлин С.", [("марлин С.", False)]),
        ("Людвиг ван Бетховен", [("людвиг ван бетховен", False)]),
        ("Ursula von der Leyen said", [("ursula von der leyen", False)]),
        ("ван Бетховен", [("бетховен", False)]),
        ("Иван Петров-Водкин", [("иван петровводкин", False)]),
        ("JOHN MARLIN", []),
        ("John? Marlin", [("john", False), ("marlin", False)]),
        ("Зорин…", [("зорин", False)]),
        ("ни слова", []),
        ("", []),
    ],
)
def test_runs_of_capitalized_words_and_whether_an_office_stands_before(
    text: str, found: list[tuple[str, bool]]
) -> None:
    assert found_runs(text) == found


def names(text: str, case: Case = "nomn", gender: str = "", context: str = "") -> list[str | None]:
    """The name at the end of each run, as it is written; None where there is none."""
    people = People(context or text)
    found = []
    for run, office in runs(text, 0, len(text)):
        speaker = name_in(run, people, case, gender, office=office)
        found.append(None if speaker is None else text[speaker.start : speaker.end])
    return found


@pytest.mark.parametrize(
    ("text", "case", "gender", "name"),
    [
        ("Иван Зорин", "nomn", "", "Иван Зорин"),
        ("Иван Зорин", "nomn", "masc", "Иван Зорин"),
        ("Иван Зорин", "gent", "", None),
        ("Ивана Зорина", "gent", "", "Ивана Зорина"),
        ("Анна Зорина", "nomn", "masc", None),
        ("Анна Зорина", "nomn", "femn", "Анна Зорина"),
        ("Зорин", "nomn", "", "Зорин"),
        ("Зорина", "nomn", "femn", "Зорина"),
        ("Зорина", "nomn", "masc", None),
        ("министр Зорин", "nomn", "", "Зорин"),
        ("министр Квило", "nomn", "", "Квило"),
        ("Квило", "nomn", "", None),
        ("министр Квилой", "nomn", "", None),
        ("министр Квилого", "nomn", "", None),
        ("министра Квилы", "gent", "", None),
        ("министр Москва", "nomn", "", None),
        ("Москва", "nomn", "", None),
        ("Глава Ростеха Зорин", "nomn", "", "Зорин"),
        ("Глава Росмаря Зорин", "nomn", "", "Зорин"),
        ("советник Джо Байдена Джейк Салливан", "nomn", "", "Джейк Салливан"),
        ("Газпром Зорин", "nomn", "", "Зорин"),
        ("Москва Зорин", "nomn", "", "Зорин"),
        ("Дума Зорин", "nomn", "", None),
        ("Кир Квило", "nomn", "", "Кир Квило"),
        ("Квило Зорин", "nomn", "masc", "Квило Зорин"),
        ("Квило Зорина", "nomn", "femn", "Квило Зорина"),
        ("Квило Зорина", "nomn", "masc", None),
        ("Квило Зорина", "gent", "", "Квило Зорина"),
        ("министр Квило Барбо", "nomn", "", "Квило Барбо"),
        ("Квило Барбо", "nomn", "", None),
        ("Иван", "nomn", "", None),
        ("министр Иван", "nomn", "", None),
        ("Иван Порт", "nomn", "", None),
        ("Иван Москва", "nomn", "", None),
        ("Иван Петрович", "nomn", "", "Иван Петрович"),
        ("Иван Петрович Зорин", "nomn", "", "Иван Петрович Зорин"),
        ("Али Бен Марлин", "nomn", "", "Али Бен Марлин"),
        ("Людвиг ван Бетховен", "nomn", "", "Людвиг ван Бетховен"),
        ("Людвиг ван", "nomn", "", None),
        ("Песков", "nomn", "", "Песков"),
        ("Илон Маск", "nomn", "", "Илон Маск"),
        ("Илон Маск", "gent", "", None),
        ("Lavrov", "nomn", "", "Lavrov"),
        ("Xi", "nomn", "", None),
        ("John", "nomn", "", None),
        ("Marlin", "nomn", "", None),
        ("Minister Marlin", "nomn", "", "Marlin"),
        ("John Marlin", "nomn", "", "John Marlin"),
        ("Jorn Marlin", "nomn", "", None),
        ("Minister Jorn Marlin", "nomn", "", "Jorn Marlin"),
        ("White House", "nomn", "", None),
        ("President White House", "nomn", "", None),
        ("John House", "nomn", "", None),
        ("John Paul George Marlin", "nomn", "", "John Paul George Marlin"),
        ("John Paul George Ringo Marlin", "nomn", "", None),
        ("С. Зорин", "nomn", "", "С. Зорин"),
        ("С. В. Зорин", "nomn", "masc", "С. В. Зорин"),
        ("С. В. П. Зорин", "nomn", "", "В. П. Зорин"),
        ("С. Зорина", "gent", "", "С. Зорина"),
        ("С. Зорина", "nomn", "femn", "С. Зорина"),
        ("С. Квило", "nomn", "", "С. Квило"),
        ("С. Мороз", "nomn", "", "С. Мороз"),
        ("С. Мороза", "gent", "", "С. Мороза"),
        ("С. Морозу", "nomn", "", None),
        ("С. Порт", "nomn", "", None),
        ("С. Порта", "gent", "", None),
        ("J. Marlin", "nomn", "", "J. Marlin"),
        ("J. Police", "nomn", "", None),
        ("J. Marlin J.", "nomn", "", None),
        ("Зорин С.", "nomn", "", None),
    ],
)
def test_a_name_stands_in_its_case_and_is_nothing_else(
    text: str, case: Case, gender: str, name: str | None
) -> None:
    found = names(text, case, gender)
    assert found[-1] == name
    assert not any(found[:-1])


@pytest.mark.parametrize("ending", ["а", "я", "у", "ю", "ы", "и", "ой", "ом", "ем"])
def test_an_authority_in_another_case_is_no_part_of_a_name_and_none_itself(ending: str) -> None:
    assert names(f"глава Росмар{ending} Зорин") == ["Зорин"]
    assert names(f"министр Квил{ending}") == [None]
    assert names("глава Росмар Зорин") == ["Росмар Зорин"]
    by_a_woman = names(f"министр Квил{ending}", gender="femn")
    assert by_a_woman == ["Квила" if ending == "а" else None]


@pytest.mark.parametrize(
    ("case", "endings", "others"),
    [
        ("nomn", ["", "о", "а"], ["ого", "ому", "ым", "ом", "ой", "ую"]),
        ("gent", ["а", "я", "ы", "и", "о", "е", "у", "ого", "ой"], ["", "ю", "ь"]),
    ],
)
def test_a_surname_that_no_dictionary_has_stands_in_its_case(
    case: Case, endings: list[str], others: list[str]
) -> None:
    given = "Иван" if case == "nomn" else "Ивана"
    for ending in endings:
        assert names(f"{given} Квил{ending}", case) == [f"{given} Квил{ending}"]
    for ending in others:
        assert names(f"{given} Квил{ending}", case) == [None]


@pytest.mark.parametrize(
    ("name", "is_one"),
    [
        # Words of other meanings are surnames where they end as surnames do.
        *((name, True) for name in ("Иван Столов", "Анна Корова", "Иван Посев", "Анна Королева")),
        *((name, True) for name in ("Иван Магазин", "Анна Машина", "Иван Детский", "Анна Детская")),
        *((name, True) for name in ("Иван Немецкий", "Анна Немецкая", "Анна Шенко")),
        *((name, False) for name in ("Иван Порт", "Анна Весна", "Иван Столы")),
    ],
)
def test_a_word_is_a_surname_behind_a_first_name_where_it_looks_like_one(
    name: str, is_one: bool
) -> None:
    assert names(name) == [name if is_one else None]


@pytest.mark.parametrize(
    ("text", "context", "name"),
    [
        ("Квило", "Порт открыл Иван Квило.", "Квило"),
        ("Квило", "Порт открыл Квило.", None),
        ("Marlin", "John Marlin came.", "Marlin"),
        ("Marlin", "Jorn Marlin came.", None),
        ("House", "John House came.", None),
    ],
)
def test_who_is_named_in_full_is_known_by_the_surname(
    text: str, context: str, name: str | None
) -> None:
    assert names(text, context=context) == [name]


@pytest.mark.parametrize(
    ("words", "full"),
    [
        (("квило",), ("иван", "квило")),
        (("зорину",), ("анна", "зорина")),
        (("марлин",), ("марлин",)),
        (("олег", "квило"), ("олег", "квило")),
    ],
)
def test_a_full_name_is_found_for_a_surname(words: tuple[str, ...], full: tuple[str, ...]) -> None:
    people = People("Порт открыл Иван Квило. Анна Зорина не пришла.")
    assert people.full_name(words) == full


@pytest.mark.parametrize(
    ("word", "is_one"),
    [
        *((word, True) for word in ("министр", "министра", "Министром", "вице-премьера")),
        *((word, True) for word in ("премьер-министру", "President", "spokeswoman", "экс-главы")),
        *((word, False) for word in ("порт", "Зорин", "port", "", "вице-порт")),
    ],
)
def test_an_office_is_known_in_any_form(word: str, is_one: bool) -> None:
    assert is_office(word) == is_one
