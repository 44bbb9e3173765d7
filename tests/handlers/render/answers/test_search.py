"""A page of results, as it is read."""

from datetime import UTC, datetime

import pytest

from handlers.render.answers.search import Offer, SearchPage, in_words, search_message
from handlers.render.text.dates import Here
from handlers.texts.languages import words_of
from storage.document import Channel, Document, Source
from storage.query.marked import Attached, Marked
from storage.records import Hit
from storage.structs import replace

EN, RU = words_of("en"), words_of("ru")
HERE = Here(UTC, datetime(2026, 11, 22, 12, tzinfo=UTC))


def hit(snippet: str, *spans: tuple[int, int]) -> Hit:
    document = Document(
        kind="post",
        doc_id="tg:100/5",
        source=Source(type="telethon"),
        channel=Channel(id=100, username="harbour", title="Harbour News"),
        message_id=5,
        published_at="2026-11-22T13:05:21Z",
        content_hash="0" * 16,
    )
    return Hit(id=1, document=document, snippet=Marked(text=snippet, spans=spans))


@pytest.mark.parametrize(
    ("total", "english", "russian"),
    [
        (1, "1 result", "1 результат"),
        (3, "3 results", "3 результата"),
        (1000, "1000 results", "1000 результатов"),
        (1001, "more than 1,000 results", "больше 1\u00a0000 результатов"),
    ],
)
def test_results_are_counted_as_far_as_is_worth_it(total: int, english: str, russian: str) -> None:
    found = SearchPage(query="oil", hits=(hit("x"),), total=total)
    assert search_message(found, HERE, EN).text.text.startswith(f"Found for oil: {english}\n")
    russian_text = search_message(found, HERE, RU).text.text
    assert russian_text.startswith(f"Найдено по запросу oil: {russian}\n")


def test_a_snippet_is_one_line_with_matches_in_bold() -> None:
    found = SearchPage(query="oil", hits=(hit("the\noil *price*\u2028rose", (4, 7)),), total=1)
    message = search_message(found, HERE, EN)
    assert message.text.text.endswith("\nthe oil *price* rose")
    (span,) = [span for span in message.text.spans if span.kind == "bold"]
    assert message.text.text[span.start : span.end] == "oil"


def test_what_is_attached_and_matched_stands_below_with_its_kind() -> None:
    plan = Attached(type="document", text=Marked(text="oil\nplan.pdf", spans=((0, 3),)))
    tune = Attached(type="audio", text=Marked(text="An \u202eoil song", spans=((4, 7),)))
    found = replace(hit("The text"), attached=(plan, tune))
    message = search_message(SearchPage(query="oil", hits=(found,), total=1), HERE, EN)
    shown = message.text.text
    assert shown.endswith("\nThe text\n[file] oil plan.pdf [audio] An \u202eoil song\u202c")
    bold = [shown[span.start : span.end] for span in message.text.spans if span.kind == "bold"]
    assert bold == ["oil", "oil"]
    silent = replace(hit(""), attached=(plan,))
    message = search_message(SearchPage(query="oil", hits=(silent,), total=1), HERE, RU)
    assert message.text.text.endswith(" 13:05\n[файл] oil plan.pdf")


def test_a_later_page_goes_on_counting() -> None:
    found = SearchPage(query="oil", hits=(hit("x"),), total=11, number=2, token="t")
    message = search_message(found, HERE, EN)
    assert "\n\n11. Harbour News" in message.text.text
    assert [button.text for button in message.keyboard[0]] == ["‹ Prev", "3 / 3"]
    found = SearchPage(query="oil", hits=(hit("x"),) * 3, total=8, number=1, token="t")
    shown = search_message(found, HERE, EN).text.text
    counted = [line.partition(" ")[0] for line in shown.splitlines() if "Harbour News" in line]
    assert counted == ["6.", "7.", "8."]


def test_what_may_be_missing_while_the_archive_is_indexed_anew_is_said() -> None:
    since = datetime(2026, 11, 1, 9, 30, tzinfo=UTC)
    some = search_message(SearchPage(query="oil", hits=(hit("x"),), total=1, since=since), HERE, EN)
    assert some.text.text.startswith(
        "Found for oil: 1 result\n"
        "The archive is being indexed anew: posts before 1 Nov are not found yet."
    )
    none = search_message(SearchPage(query="oil", hits=(), total=0, since=since), HERE, RU)
    assert none.text.text.endswith("посты раньше, чем 1 ноя, пока не находятся.")


def test_a_page_is_one_message_whatever_is_in_it() -> None:
    hits = tuple(hit("🔔" * 5000) for _ in range(5))
    message = search_message(SearchPage(query="я" * 500, hits=hits, total=5), HERE, EN)
    assert len(message.text.text.encode("utf-16-le")) // 2 <= 4096


@pytest.mark.parametrize(
    ("total", "folded", "is_known"),
    [(40, False, True), (1000, False, True), (1001, False, False), (40, True, False)],
)
def test_how_many_pages_there_are_is_told_where_it_is_known(
    total: int, folded: bool, is_known: bool
) -> None:
    found = SearchPage(
        query="oil", hits=(hit("x"),), total=total, number=1, more=True, folded=folded
    )
    keyboard = search_message(found, HERE, EN).keyboard
    shown = [button.text for row in keyboard for button in row]
    assert any("/" in text or " of " in text for text in shown) is is_known, shown


@pytest.mark.parametrize("others", [1, 3, 4, 5])
def test_hits_that_stand_for_others_lead_to_them_three_in_the_first_row(others: int) -> None:
    hits = tuple(replace(hit("x"), id=number) for number in range(1, 6))
    also = dict.fromkeys(range(1, others), 2)
    found = SearchPage(
        query="oil", hits=hits, total=8, number=1, token="t", also=also, repeats={1: 9, others: 1}
    )
    rows = [
        [f"{one.text} = {one.data}" for one in row]
        for row in search_message(found, HERE, EN).keyboard[:-1]
    ]
    assert [one for row in rows for one in row] == [
        *(f"{5 + id}: +2 channels = cp|t|1|{id}|0" for id in also),
        f"{5 + others}: +1 post = cp|t|1|{others}|0",
    ]
    assert [len(row) for row in rows] == ([others] if others <= 3 else [3, others - 3])


def test_what_may_have_been_meant_is_offered_with_its_posts() -> None:
    offers = tuple(
        Offer(query="q" * units, posts=posts, token=f"o{posts}")
        for units, posts in ((3, 1), (40, 999), (41, 1000), (3, 1001))
    )
    found = SearchPage(query="oil", hits=(), total=0, token="t", offers=offers)
    message = search_message(found, HERE, EN)
    assert message.text.text == "Nothing found for oil.\nDid you mean:"
    assert [(one.text, one.data) for (one,) in message.keyboard] == [
        ("🔎 qqq · 1 post", "sp|o1|0"),
        (f"🔎 {'q' * 40} · 999 posts", "sp|o999|0"),
        (f"🔎 {'q' * 39}… · ≥ 1000 posts", "sp|o1000|0"),
        ("🔎 qqq · ≥ 1000 posts", "sp|o1001|0"),
    ]
    none = search_message(replace(found, offers=()), HERE, EN)
    assert none.text.text.endswith("or a beginning such as /search sanction*.")
    assert none.keyboard == ()


@pytest.mark.parametrize(
    ("query", "conditions", "told"),
    [
        ("after:30d", (), "All posts of the last 30 days"),
        ("after:30d", ("after:7d",), "All posts · after:7d"),
        ("after:30d", ("after:30d",), "All posts · after:30d"),
        ("after:30d", ("after:31d",), "All posts of the last 30 days · after:31d"),
        ("after:30d", ("after:x",), "All posts of the last 30 days · after:x"),
        ("after:30d", ("channel:@x",), "All posts of the last 30 days · channel:@x"),
        ("channel:@harbour", ("lang:ru", "sort:x"), "All posts of @harbour · lang:ru sort:x"),
        ("channel:harbour_2", (), "All posts of @harbour_2"),
        ("channel:2", (), None),
        ("oil", (), None),
    ],
)
def test_a_query_that_was_made_for_somebody_is_told_in_words(
    query: str, conditions: tuple[str, ...], told: str | None
) -> None:
    found = in_words(query, conditions, EN)
    assert (found and found.text) == told
