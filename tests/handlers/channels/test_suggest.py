"""``/suggest``: the channels that the watched ones lead to, and one that is asked for at a tap."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from handlers.channels import naming, suggest
from handlers.render.text.messages import MESSAGE_SPANS, MESSAGE_UNITS
from handlers.render.text.rich import utf16_length
from handlers.texts.channels.comparing import suggest_words
from handlers.texts.languages import words_of
from storage.channels import channels
from storage.channels.named import Forwarded, Written
from storage.document import Channel, Forward
from storage.records import Channel as Watched

OF_TELEGRAM = (
    *("joinchat", "addstickers", "addemoji", "addtheme", "addlist", "share", "proxy", "socks"),
    *("login", "invoice", "setlanguage", "boost", "contact", "confirmphone", "giftcode"),
)
"""What links of Telegram's own begin with."""
QUAY = Channel(id=200, username="quay", title="Quay Watch")


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("see @Sea_Port and t.me/tram_news/12", {"sea_port", "tram_news"}),
        ('"url":"https://t.me/s/ferry_line?before=1"', {"ferry_line"}),
        ("@sea_port @SEA_PORT t.me/sea_port", {"sea_port"}),
        ("captain@example.org, a@b @abc @@ferry_line", set()),
        ("t.me/joinchat/AAA t.me/+abc t.me/c/123/4 t.me/share?url=x", set()),
        ("@ferry_bot t.me/TramBot", set()),
        ("captain @gmail.com, mate @mail.ru, purser @yandex.ru; and t.me/telegram", set()),
        *((f"see t.me/{word}/abc", set()) for word in OF_TELEGRAM),
        ("порт:@sea_port.", {"sea_port"}),
        (r"Subscribe:\n@sea_port\n\tt.me/tram_news", {"sea_port", "tram_news"}),
        (r"\u001b@sea_port", {"sea_port"}),
        (
            '{"channel":{"id":7,"username":"Old_Name","title":"t.me/new_name"},'
            '"url":"https://t.me/old_name/1","body":"@ferry_line @OLD_name"}',
            {"new_name", "ferry_line"},
        ),
        ("@" + "a" * 33, set()),
    ],
)
def test_names_are_read_from_words_and_links(text: str, names: set[str]) -> None:
    found = naming.names_of([Written(1, 7, text), Written(2, 8, "")])
    assert found == Counter({(name, 7): 1 for name in names})


def test_who_is_watched_is_not_suggested_and_many_channels_weigh_most() -> None:
    forwarded = [
        Forwarded(50, 1, 9, 11),
        Forwarded(60, 1, 2, 12),
        Forwarded(2, 1, 99, 13),
        Forwarded(70, 3, 99, 14),
    ]
    origins = {50: Forward(username="Far", name="Far Away"), 60: Forward(name="Closed")}
    named = Counter({("far", 2): 1, ("home", 1): 50, ("near", 1): 3, ("else", 9): 9})
    found = naming.suggest(forwarded, origins, named, watched={1, 2}, names={"home"})
    assert [(one.target, one.title, one.forwarded, one.named, one.by) for one in found] == [
        ("@Far", "Far Away", 9, 1, {1: 9, 2: 1}),
        ("@near", "", 0, 3, {1: 3}),
        ("60", "Closed", 2, 0, {1: 2}),
    ]


@pytest.fixture
async def watched(database: Any, store: Any, make_post: Any, now: Any) -> None:
    """Two channels that are watched, one of which forwards and names others."""
    async with database.transaction() as tx:
        for one in (Channel(id=100, username="harbour", title="Harbour News"), QUAY):
            added = await channels.add_channel(tx, username=one.username, now=now)
            await channels.update_channel(tx, added.id, channel_id=one.id, title=one.title)
    far = Forward(channel_id=50, username="far", name="Far <b>Away</b>", message_id=3)
    old = f"{now - timedelta(days=40):%FT%TZ}"
    await store(
        make_post(1, "A ferry of afar", forwarded_from=far),
        make_post(2, "A tram of afar", forwarded_from=far, channel=QUAY),
        make_post(3, "See @sea_port and @harbour"),
        make_post(4, "Of long ago: @lighthouse", published_at=old),
    )


async def test_what_is_not_watched_is_listed_and_asked_for_at_a_tap(
    ann: Any, watched: None, database: Any
) -> None:
    (message,) = await ann.say("/suggest")
    assert message.text.text.splitlines()[:5] == [
        "Channels that the watched ones forward from or name, in 30 days:",
        "1. Far <b>Away</b> @far: forwarded 2 times",
        "   by Harbour News 1, Quay Watch 1",
        "2. @sea_port: named in 1 post",
        "   by Harbour News 1",
    ]
    (asked,) = (await ann.press(message.keyboard, "Ask for 1")).reply
    assert "@far is not watched here. The operator is asked" in asked.text.text
    (again,) = (await ann.press(message.keyboard, "Ask for 1")).reply
    assert "has not answered yet" in again.text.text
    async with database.reader() as conn:
        (notice,) = await conn.fetch_all("SELECT chat_id, payload FROM whole_delivery")
    assert notice["chat_id"] == min(ann.services.admins)
    assert "A reader asks to watch @far" in notice["payload"]
    assert "already" in await ann.read("/suggest @harbour")
    for link in ("???", "https://t.me/+AbCdEfGhIjKlMnOp", "t.me/joinchat/AbCdEfGhIjKlMnOp"):
        assert "is no channel's @name" in await ann.read(f"/suggest {link}")


async def test_what_a_private_channel_is_called_is_no_answer_to_its_number(
    ann: Any, watched: None, database: Any, now: Any
) -> None:
    async with database.transaction() as tx:
        for number, username in ((70, None), (71, "open_board")):
            await channels.add_channel(
                tx, channel_id=number, username=username, title=f"Board {number}", watched=False,
                now=now,
            )  # fmt: skip
    assert "Board" not in await ann.read("/suggest -1000000000070")
    assert "Board 71" in await ann.read("/suggest -1000000000071")
    async with database.reader() as conn:
        notices = await conn.fetch_all("SELECT payload FROM whole_delivery ORDER BY id")
    assert ["Board 70" in row["payload"] for row in notices] == [True, False]


async def test_what_a_watched_channel_was_called_before_is_not_suggested(
    ann: Any, watched: None, database: Any, store: Any, make_post: Any
) -> None:
    await store(make_post(5, "Subscribe:\n@the_lamp\nwe were called @harbour"))
    async with database.transaction() as tx:
        await tx.execute("UPDATE channel SET username = 'haven' WHERE channel_id = 100")
    said = await ann.read("/suggest")
    assert "@harbour" not in said
    assert "@the_lamp: named in 1 post" in said


async def test_an_operator_watches_at_the_same_tap(
    operator: Any, watched: None, database: Any
) -> None:
    (message,) = await operator.say("/suggest")
    await operator.press(message.keyboard, "Watch 1")
    async with database.reader() as conn:
        assert "far" in {one.username for one in await channels.list_channels(conn)}
    (left,) = await operator.say("/suggest")
    assert "@far" not in left.text.text


@pytest.mark.parametrize("language", ["en", "ru"])
@pytest.mark.parametrize("is_operator", [False, True])
def test_the_longest_page_is_one_message(language: str, is_operator: bool, now: Any) -> None:
    """All its names as long as they are shown, all its numbers beyond what there is."""
    long = "W" * 300
    known = {
        number: Watched(id=number, channel_id=number, title=long, added_at=now)
        for number in range(1_000)
    }
    by = Counter(dict.fromkeys(known, 9_999_999))
    names = [f"@{'n' * 28}{number}" for number in range(1_000, 2_000)]
    found = [naming.Suggestion(name, long, 9_999_999, 9_999_999, by) for name in names]
    last = suggest._Found(found, known, 9_999_999)
    message = suggest._list(last, 999, words_of(language), is_operator=is_operator)
    assert message.text.text.count(names[-1]) == 1
    assert utf16_length(message.text.text) <= MESSAGE_UNITS
    assert len(message.text.spans) <= MESSAGE_SPANS


async def test_where_nothing_leads_anywhere_that_is_said(ann: Any, member: Any) -> None:
    assert "named none" in await ann.read("/suggest")
    assert "named none" not in await member.read("/suggest@dateline_bot")
    ann.language = "ru"
    assert "никого не называли" in await ann.read("/suggest")


async def test_posts_beyond_the_time_are_said_to_be_left_out(
    ann: Any, watched: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("handlers.channels.suggest.AT_ONCE", 1)
    monkeypatch.setattr("handlers.channels.suggest.MOST_POSTS", 2)
    assert "in the newest 2 posts" in await ann.read("/suggest")


async def test_all_of_them_are_paged_in_place(
    ann: Any, watched: None, store: Any, make_post: Any
) -> None:
    names = " ".join(f"@pier_{number:02}" for number in range(18))
    await store(make_post(6, f"All piers: {names}"))
    (message,) = await ann.say("/suggest")
    assert [b.text for b in message.keyboard[-1]] == ["1 / 3", "Next ›"]
    pages = [message]
    while [b for b in pages[-1].keyboard[-1] if "Next" in b.text]:
        pages.append((await ann.press(pages[-1].keyboard, "Next")).edit)
    told = "\n".join(page.text.text for page in pages)
    assert [told.count(name) for name in ("@far", "@sea_port", *names.split())] == [1] * 20
    assert "\n20. @sea_port" in told
    (asked,) = (await ann.press(pages[-1].keyboard, "Ask for 20")).reply
    assert "@sea_port is not watched here" in asked.text.text
    assert (await ann.press(pages[1].keyboard, "Prev")).edit == message
    assert (await ann.press_data("gp|99")).edit == pages[-1]


@pytest.mark.parametrize(
    ("channels", "said"),
    [
        (1, "by C1 9"),
        (4, "by C1 9, C2 8, C3 7, C4 6"),
        (5, "by C1 9, C2 8, C3 7, C4 6 and 1 more"),
        (7, "by C1 9, C2 8, C3 7, C4 6 and 3 more"),
    ],
)
def test_of_those_that_name_it_four_are_told(channels: int, said: str) -> None:
    by = Counter({number: 10 - number for number in range(1, channels + 1)})
    known = {n: Watched(id=n, title=f"C{n}", added_at=datetime.now(UTC)) for n in by}
    one = naming.Suggestion(target="@far", title="", forwarded=9, named=1, by=by)
    row = suggest._row(3, one, known, suggest_words("en")).text
    assert row == f"3. @far: forwarded 9 times, named in 1 post\n   {said}"


@pytest.mark.parametrize(
    ("is_operator", "read", "below", "button"),
    [
        (False, None, [suggest_words("en").hint], ("Ask for 1", "rn|suggest|@far")),
        (True, None, [suggest_words("en").hint_operator], ("Watch 1", "rn|watch|@far")),
        (
            False,
            9,
            [
                "Names were looked for in the newest 9 posts: the rest takes too long.",
                suggest_words("en").hint,
            ],
            ("Ask for 1", "rn|suggest|@far"),
        ),
    ],
)
def test_below_the_list_stands_what_a_button_does(
    is_operator: bool, read: int | None, below: list[str], button: tuple[str, str]
) -> None:
    one = naming.Suggestion(target="@far", forwarded=1)
    found = suggest._Found([one], {}, read)
    message = suggest._list(found, 0, words_of("en"), is_operator=is_operator)
    assert message.text.text.split("\n")[4:] == below
    assert [(each.text, each.data) for each in message.keyboard[0]] == [button]
