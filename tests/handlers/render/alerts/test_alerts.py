"""An alert, as the subscriber reads it."""

from datetime import UTC, datetime

import pytest

from handlers.render.alerts.alerts import alert_message, matches
from handlers.render.alerts.story_lines import AlertDetails
from handlers.render.text.messages import Message
from handlers.render.text.rich import utf16_length
from storage.document import DELETED, Author, Block, Channel, Document, Forward, Link, Media, Source
from storage.records import Alert

NOW = datetime(2026, 11, 22, tzinfo=UTC)


def alert(number: int, query: str) -> Alert:
    return Alert(id=number, chat_id=1, query=query, created_at=NOW)


def post(*paragraphs: str, number: int = 5, **fields: object) -> Document:
    given = {
        "kind": "post",
        "doc_id": f"tg:100/{number}",
        "source": Source(type="telethon"),
        "channel": Channel(id=100, username="harbour", title="Harbour <b>News</b>"),
        "message_id": number,
        "url": "https://t.me/harbour/5",
        "published_at": "2026-11-22T13:05:21Z",
        "title": paragraphs[0],
        "body": tuple(Block(type="para", text=text) for text in paragraphs[1:]),
        "content_hash": "0" * 16,
    }
    return Document(**{**given, **fields})  # type: ignore[arg-type]


def compose(document: Document, *queries: str, language: str = "en") -> Message:
    alerts = [alert(number, query) for number, query in enumerate(queries, start=1)]
    return alert_message(document, alerts, language=language, timezone="Europe/Berlin", now=NOW)


def bold(message: Message) -> list[str]:
    text = message.text
    return [text.text[s.start : s.end] for s in text.spans if s.kind == "bold"]


PLAN = Media(type="document", name="dredging_plan.pdf")
NOTE = Media(type="unknown", name="fact-check", title="The pier stands")
PAGE = Media(type="webpage", title="Icebreaker leaves port", url="https://example.org/1")


@pytest.mark.parametrize(
    ("media", "query", "line", "bold_words"),
    [
        ((PLAN,), "dredging", "[file] dredging_plan.pdf\nRead it", ["dredging"]),
        ((PLAN,), "read dredging", "[file] dredging_plan.pdf\nRead it", ["dredging", "Read"]),
        ((PLAN,), "read", "[file] dredging_plan.pdf\nRead it", ["Read"]),
        ((PLAN, PLAN), "plan", "[2 × file] [file] dredging_plan.pdf\nRead it", ["plan"]),
        ((PAGE,), "icebreaker", "[link] Icebreaker leaves port\nRead it", ["Icebreaker"]),
        ((PAGE,), "read -(icebreaker in:text)", "Read it", ["Read"]),
        ((NOTE,), "pier", "[fact-check] The pier stands\nRead it", ["pier"]),
        (
            (NOTE, NOTE),
            "pier",
            "[2 × fact-check] [fact-check] The pier stands\nRead it",
            ["pier"],
        ),
        ((Media(type="photo"), PAGE), "port", "[link] Icebreaker leaves port\nRead it", ["port"]),
    ],
)
def test_an_alert_shows_which_attachment_matched(
    media: tuple[Media, ...], query: str, line: str, bold_words: list[str]
) -> None:
    message = compose(post("Read it", media=media), query)
    assert message.text.text.partition("\n\n")[2] == line
    assert bold(message) == bold_words


def test_an_alert_for_a_site_shows_the_address_of_a_button() -> None:
    url = "https://news.example.org/" + "x" * 100
    document = post("Read it", links=(Link(text="In full", url=url),))
    message = compose(document, "link:example.org")
    shown = message.text.text.partition("\n\n")[2]
    assert shown.startswith("[link] https://news.example.org/xxx")
    assert shown.endswith("x…\nRead it")
    assert [span.url for span in message.text.spans if span.url == url] == [url]


@pytest.mark.parametrize(
    ("author", "shown"),
    [
        (Author(kind="user", id=501, name="Ann <i>Mast"), " · Ann <i>Mast"),
        (Author(kind="user", id=501, username="ann_mast"), " · @ann_mast"),
        (Author(kind="channel", id=78, name="Mill"), " · Mill"),
        (Author(kind="group", id=100, name="Harbour <b>News</b>"), ""),
        (Author(kind="user", name="x" * 300), " · " + "x" * 99 + "…"),
        (DELETED, ""),
        (None, ""),
    ],
)
def test_an_alert_names_who_wrote_a_post_of_a_group(author: Author | None, shown: str) -> None:
    message = compose(post("Sanctions eased", author=author), "sanctions")
    assert message.text.text.split("\n")[1] == (f"Harbour <b>News</b>{shown} · today 14:05")


def test_an_alert_has_channel_time_text_origin_and_link() -> None:
    forward = Forward(name="Port Office 🇩🇪", date="2026-11-22T12:00:00Z")
    message = compose(
        post("🚢 Sanctions eased", "The sanction list is shorter.", forwarded_from=forward),
        "sanctions",
    )
    assert message.text.text == (
        "🔔 sanctions\n"
        "Harbour <b>News</b> · today 14:05\n"
        "↪ Forwarded from Port Office 🇩🇪 · today 13:00\n"
        "\n"
        "🚢 Sanctions eased\n"
        "The sanction list is shorter."
    )
    assert bold(message) == ["Sanctions", "sanction"]
    assert [[button.text for button in row] for row in message.keyboard] == [
        ["Open", "💤 Snooze", "⋯"]
    ]


def test_an_alert_in_russian() -> None:
    message = compose(post("Санкции сняты"), "санкция", language="ru")
    assert "сегодня 14:05" in message.text.text
    assert bold(message) == ["Санкции"]
    assert [button.text for button in message.keyboard[0]] == ["Открыть", "💤 Отложить", "⋯"]


def test_several_alerts_on_one_post_make_one_message() -> None:
    message = compose(post("Oil and gas prices rise"), "oil", "gas", '"gas prices"')
    assert message.text.text.startswith("🔔 oil · gas · ")
    assert bold(message) == ["Oil", "gas prices"]


def test_a_match_far_down_is_in_view() -> None:
    message = compose(post("Head", *["Ordinary words go on here."] * 80, "Embargo!"), "embargo")
    assert bold(message) == ["Embargo"]
    assert utf16_length(message.text.text) < 1200


@pytest.mark.slow
def test_an_alert_always_fits_into_one_message() -> None:
    document = post(
        *["🔔" * 3000] * 3,
        channel=Channel(username="x", title="🔔" * 500),
        forwarded_from=Forward(name="🔔" * 500),
        url="https://t.me/" + "x" * 2000,
    )
    message = compose(document, *["я" * 490 + str(number) for number in range(20)])
    assert utf16_length(message.text.text) <= 4096
    assert len(message.text.spans) <= 100


def test_a_query_that_no_longer_parses_still_lets_the_alert_through() -> None:
    message = compose(post("Oil"), '"oil')
    assert "Oil" in message.text.text
    assert bold(message) == []


def test_a_follow_up_shows_what_is_new_in_it_and_in_what_was_added() -> None:
    before = post("The ferry was to leave")
    added = post(
        "It waits at the pier", "Nobody is hurt", number=6, channel=Channel(id=7, title="Mill")
    )
    details = AlertDetails(
        follows=before, fresh=((4, 9),), added=((added, ((21, 27),)), (post("Late", number=7), ()))
    )
    message = alert_message(
        post("The ferry has left"), [alert(1, "left")], language="en", timezone="Europe/Berlin",
        now=NOW, details=details,
    )  # fmt: skip
    head, shown, first, second = message.text.text.split("\n\n")
    assert head.split("\n")[2].startswith("↩️ ")
    assert shown == "The ferry has left"
    assert first.split("\n")[0] == "➕ Mill · today 14:05"
    assert "Nobody is hurt" in first
    assert second == "➕ Harbour <b>News</b> · today 14:05\nLate"
    assert bold(message) == ["ferry", "Nobody"]


@pytest.mark.parametrize(("units", "is_cut"), [(120, False), (121, True)])
def test_what_was_added_is_told_more_briefly_than_the_post_itself(units: int, is_cut: bool) -> None:
    text = ("so on " * 30)[: units - 2] + "ab"
    details = AlertDetails(added=((post(text, number=7), ()),))
    message = alert_message(
        post(text), [alert(1, "so")], language="en", timezone="UTC", now=NOW, details=details
    )
    shown, added = message.text.text.split("\n\n")[-2:]
    assert shown == text
    said = added.split("\n", 1)[1]
    assert (said == text) is not is_cut
    assert said.endswith("…") is is_cut and len(said) > 110


def test_queries_are_told_up_to_five_and_cut() -> None:
    queries = [f"oil {number}" for number in range(7)]
    line = compose(post("Oil"), *queries[:5]).text.text.split("\n")[0]
    assert line == "🔔 oil 0 · oil 1 · oil 2 · oil 3 · oil 4"
    line = compose(post("Oil"), *queries).text.text.split("\n")[0]
    assert line == "🔔 oil 0 · oil 1 · oil 2 · oil 3 · oil 4 · +2"
    long = compose(post("Oil"), "x" * 81).text.text.split("\n")[0]
    assert (len(long), long[-1]) == (2 + 80, "…")


def test_matches_of_several_alerts_are_joined_where_they_overlap() -> None:
    document = post("Oil and gas prices rise")
    asked = [alert(1, '"gas prices"'), alert(2, '"prices rise"'), alert(3, "oil"), alert(4, "((")]
    assert matches(document, asked) == ((0, 3), (8, 23))
    assert matches(document, [alert(1, "and"), alert(2, "gas")]) == ((4, 7), (8, 11))
    assert matches(document, []) == ()
