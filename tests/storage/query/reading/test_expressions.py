"""Regular expressions are told from words, and what asks nearly that is put in their place."""

import pytest

from storage.errors import QueryError
from storage.query.reading.expressions import refuse


@pytest.mark.parametrize(
    ("text", "column", "edit"),
    [
        ("/a b/", 0, None),
        ("/a/", 0, None),
        ("/ab/gi", 0, None),
        ("w{3}", 0, None),
        ("w{3,}", 0, None),
        ("w{3,5}", 0, None),
        ("[0-9]+", 4, None),
        ("[^0-9]{2}", 5, None),
        ("[a-z]", 0, None),
        ("[а-яё]", 0, None),
        ("[^a-z]+", 0, None),
        ("gr[ae]y", 0, (0, 7, "(gray OR grey)")),
        ("gr[a]y", 1, None),
        ("gr[aeiouyx]y", 1, None),
        ("gr[aeiouyxz]y", 1, None),
        ("g[1]y", 0, None),
        ("a(b|c)", 0, (0, 6, "(ab OR ac)")),
        ("oil(s|ed)", 0, (0, 9, "(oils OR oiled)")),
        ("oil(?:s|ed)", 0, (0, 11, "(oils OR oiled)")),
        ("oil(s|)", 0, (0, 7, "(oils OR oil)")),
        (r"\bнефть", 0, (0, 2, "")),
        ("(?i)oil", 0, (0, 4, "")),
        ("(?=oil)", 0, None),
        ("^oil", 0, (0, 1, "")),
        ("oil$", 3, (3, 4, "")),
        ("a ^oil", 2, (2, 3, "")),
        (".*oil", 0, (0, 2, "")),
        (".+?oil", 0, (0, 3, "")),
        ("oil.*", 3, (3, 5, "*")),
        ("oi.*", 2, None),
        ("oil.*ed", 3, (3, 5, " NEAR/10 ")),
        ("oil.{2}ed", 3, (3, 7, " NEAR/10 ")),
        ("oil.{2,}ed", 3, (3, 8, " NEAR/10 ")),
        ("oil.{2,4}ed", 3, (3, 9, " NEAR/10 ")),
        ('"oil.*ed"', 4, None),
        (r"oil\sed", 3, (3, 5, " ")),
        (r"oil\s+ed", 3, (3, 6, " ")),
        (r"oil\s*ed", 3, (3, 6, " ")),
        (r"oil \d", 4, None),
        ("price.*", 5, (5, 7, "*")),
        ("a.+", 1, None),
        ("a)*", 1, None),
        ("(a)+", 2, None),
        ("(a|b)+", 4, None),
        ("5.*", 1, None),
        ("user[at]mail", 0, (0, 12, "(useramail OR usertmail)")),
        ("i[n]to", 0, None),
        ("f(x|y)", 0, (0, 6, "(fx OR fy)")),
        ("a[b]c", 0, None),
        (r"\n", 0, None),
    ],
)
def test_an_expression_is_refused_where_it_stands(
    text: str, column: int, edit: tuple[int, int, str] | None
) -> None:
    with pytest.raises(QueryError, match="regular expressions are not understood") as caught:
        refuse(text)
    assert (caught.value.column, caught.value.edit) == (column, edit)


@pytest.mark.parametrize(
    "text",
    [
        "/ a/",
        "/a /",
        "/ab/gx9",
        "a/b/c",
        "км/ч /s/",
        "w{3",
        "w{x}",
        "w{3,5",
        "{3}",
        "[0-9]",
        "[a-z",
        "[abc]",
        "NATO(a|b)",
        "oil(s)",
        "(?oil)",
        "ab$",
        "$oil",
        "^1",
        "..oil",
        r"oil:\d",
        "x) .*",
        "a]*",
        "a(b)",
        "*",
        "$5",
        "US$ 5",
        "C++",
        "a+b",
        "oil?",
        "[sic] oil",
        "oil [sic]",
        "file[0].txt",
        "f(x)",
        "OR(x|y)",
        "a {b}",
        "ab[c]",
        "",
        "\\",
    ],
)
def test_what_people_write_besides_is_none(text: str) -> None:
    refuse(text)
