"""What cannot be asked of a word, and what is offered in its place."""

import pytest

from storage.errors import QueryError
from storage.query.reading.syntax import SUGGESTION, parse


@pytest.mark.parametrize(
    ("text", "column", "what", "instead"),
    [
        ("x su-57*", 2, "word* takes one word", 'x "su 57"'),
        ("x su-570*", 2, "word* takes one word", "x su 570*"),
        ("x a-bc*", 2, "word* takes one word", 'x "a bc"'),
        ("x a-bcd*", 2, "word* takes one word", "x a bcd*"),
        ("x ab*", 2, "the beginning of a word needs 3 letters at least", "x ab"),
        ("x a*b", 3, "an asterisk stands at the end of a word only", "x a"),
        ("x *ab", 2, "an asterisk stands at the end of a word only", "x ab"),
        ("x **ab", 2, "an asterisk stands at the end of a word only", "x ab"),
        ("x ab*cd*", 4, "an asterisk stands at the end of a word only", "x ab"),
        ('x "ab cd*"', 2, "a phrase holds whole words", 'x "ab cd"'),
        ('x "..."', 2, "there is no word between the quotation marks", "x"),
        ("x ...", 2, "there is no word in '...'", "x"),
        ("x =", 2, "there is no word in '='", "x"),
        ("x ==", 2, "=word takes one word", "x"),
        ("x #", 2, "there is no word in '#'", "x"),
        ("x *", 2, "there is no word in '*'", "x"),
        ("x **", 2, "word* takes one word", "x"),
        ("x =abc*", 2, "=word is a whole word", "x abc*"),
        ("x =ab/cd", 2, "=word takes one word", 'x "ab/cd"'),
        ("x ==ab/cd", 2, "==WORD takes one word", 'x "ab cd"'),
        ("x ==Ab*", 2, "==WORD takes one word", "x ==Ab"),
        ("x #tag*", 2, "a hashtag is asked for whole", "x tag*"),
        ("x #ab*", 2, "a hashtag is asked for whole", "x #ab"),
        ("x #ab-cd", 2, "a hashtag ends here", "x #ab cd"),
        ("x title:abc*", 8, "title: takes words and phrases only", "x title:abc"),
        ("x title:=abc", 8, "title: takes words and phrases only", "x title:abc"),
        ('x title:"ab cd*"', 8, "a phrase holds whole words", 'x title:"ab cd"'),
        ('x title:"..."', 8, "there is no word between the quotation marks", "x"),
        ("x title:==ABC", 8, "title: takes words and phrases only", "x title:abc"),
        ("abc~", 0, "nothing is searched for by likeness", "abc"),
        ("abc~0.5", 0, "nothing is searched for by likeness", "abc"),
        ("abc^2", 0, "nothing is searched for by likeness", "abc"),
        ("x !abc", 2, "an exclamation mark leaves nothing out", "x -abc"),
        ("x abc?d", 2, "a question mark stands for no letter", "x abc*"),
        ("x ab?d", 2, "a question mark stands for no letter", "x"),
        ("x chanel:abc", 2, "there is no filter chanel:", "x channel:abc"),
        ("x zzz:abc", 2, "there is no filter zzz:", 'x "zzz:abc"'),
        ("x abc* NEAR/2 d", 2, "NEAR joins words and phrases only", "x abc* d"),
        ("x =abc NEAR/2 d", 2, "NEAR joins words and phrases only", "x abc NEAR/2 d"),
    ],
)
def test_what_is_wrong_with_a_word_and_what_may_be_meant(
    text: str, column: int, what: str, instead: str
) -> None:
    with pytest.raises(QueryError) as refused:
        parse(text)
    hint = refused.value.hint
    offered = hint.removeprefix(SUGGESTION) if hint.startswith(SUGGESTION) else None
    assert (refused.value.column, refused.value.what, offered) == (column, what, instead)


@pytest.mark.parametrize(
    "text", ["what? x", "a/b?c", "x ~2", "x ^2", "~2", "x:", "https://example.org", "5:30", "ab!d"]
)
def test_what_only_looks_like_another_language_of_queries(text: str) -> None:
    assert parse(text).root is not None
