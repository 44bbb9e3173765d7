"""What saved queries ask for is found while it is asked for, and no longer."""

from storage.query.words.interest import Forms, Lexemes, Pairs, Titles


def test_pairs() -> None:
    pairs = Pairs()
    rows = [("oil", "port"), ("port", "oil", "сталь|стать", "port")]
    lexemes = {"oil", "port", "сталь", "стать"}

    def found() -> list[tuple[str, str]]:
        return sorted(pairs.of(rows, {term for row in rows for term in row}, lexemes))

    assert found() == []
    for pair in (("oil", "port"), ("oil", "port"), ("стать", "port"), ("oil", "сталь")):
        pairs.count(pair, 1)
    pairs.count(("oil", "grain"), 1)  # stands nowhere
    pairs.count(("grain", "oil"), 1)
    assert found() == [("oil", "port"), ("oil", "сталь"), ("стать", "port")]
    pairs.count(("oil", "port"), -1)
    assert found() == [("oil", "port"), ("oil", "сталь"), ("стать", "port")]
    pairs.count(("oil", "port"), -1)
    pairs.count(("oil", "сталь"), -1)
    assert found() == [("стать", "port")]
    pairs.count(("стать", "port"), -1)
    assert found() == []


def test_lexemes() -> None:
    lexemes = Lexemes()
    assert lexemes["сталь|стать"] == ()
    for _ in range(2):
        lexemes.count("стать", 1)
    assert lexemes["сталь|стать"] == ("стать",)
    assert (lexemes["стать"], lexemes["сталь"]) == (("стать",), ())
    lexemes.count("сталь", 1)
    lexemes.count("стать", -1)
    assert lexemes["сталь|стать"] == ("сталь", "стать")
    lexemes.count("стать", -1)
    assert (lexemes["сталь|стать"], lexemes["стать"]) == (("сталь",), ())


def test_titles() -> None:
    titles = Titles()
    assert titles.of(["oil"]) == []
    for _ in range(2):
        titles.count("title:oil", 1)
    titles.count("title:стать", 1)
    assert sorted(titles.of(["oil", "сталь|стать", "port"])) == ["title:oil", "title:стать"]
    titles.count("title:oil", -1)
    assert titles.of(["oil"]) == ["title:oil"]
    titles.count("title:oil", -1)
    assert titles.of(["oil"]) == []


def test_forms_and_beginnings() -> None:
    forms = Forms()
    assert not forms.are_asked_for
    assert forms["grain"] == ()
    forms.count_form("grain", 1)
    assert forms["grain"] == ("=grain",)
    forms.count_beginning("gra", 1)
    forms.count_beginning("gra", 1)
    forms.count_beginning("grains", 1)
    assert forms["grain"] == ("gra*", "=grain")
    assert sorted(forms["grains"]) == ["gra*", "grains*"]
    assert forms["gr"] == ()
    forms.count_form("grain", -1)
    forms.count_beginning("gra", -1)
    assert forms["grain"] == ("gra*",)
    forms.count_beginning("gra", -1)
    assert forms.are_asked_for
    assert (forms["grain"], forms["grains"]) == ((), ("grains*",))
    forms.count_beginning("grains", -1)
    assert (forms["grains"], forms.are_asked_for) == ((), False)
