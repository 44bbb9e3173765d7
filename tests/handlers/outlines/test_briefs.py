"""Lines of further stories, and which stand below which."""

from handlers.outlines.briefs import Brief, Briefs
from storage.structs import replace


def line(text: str) -> Brief:
    return Brief(doc_id=f"tg:1/{text}", text=text, channels=1)


def test_lines_of_other_languages_stand_below_the_story_they_may_be_of() -> None:
    briefs = Briefs(2, {0: (3,), 1: (4, 6)})
    briefs.head(0)
    briefs.take(1, [line("b"), line("c")])
    assert [briefs.has_room(place) for place in range(2, 7)] == [True] * 5
    briefs.take(2, [])
    briefs.take(3, [line("d")])
    briefs.take(4, [line("e")])
    briefs.take(5, [line("f")])
    assert [briefs.has_room(place) for place in range(3, 8)] == [True, True, False, True, False]
    briefs.take(6, [line("g")])
    assert briefs.abroad(0) == (replace(line("d"), also=True),)
    below = [replace(line(text), also=True) for text in "eg"]
    assert briefs.lines() == (line("b"), line("c"), *below, line("f"))
