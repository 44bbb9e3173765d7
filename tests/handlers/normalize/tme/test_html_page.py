"""Pages of t.me: posts, forwards, albums, media, and what scripts and indentation put in."""

import base64
import json
from typing import Any

import pytest

from handlers.normalize.post.problems import Problem, Skipped
from handlers.normalize.post.reading import Item, Reading
from handlers.normalize.tme import html_page
from storage.document import Channel, Document, Span

EMOJI = '<i class="emoji" style="background-image:url(\'//a/b.png\')"><b>{}</b></i>'


def view(**values: Any) -> str:
    raw = json.dumps(values, separators=(",", ":")).encode()
    return base64.b64encode(raw).decode().rstrip("=")


def post(
    inner: str,
    *,
    number: int = 7,
    attributes: str = "",
    time: str = '<time datetime="2024-03-01T10:00:05+00:00" class="time">13:00</time>',
    meta: str = "",
    classes: str = "",
) -> str:
    return f"""
<div class="tgme_widget_message_wrap js-widget_message_wrap">
<div class="tgme_widget_message text_not_supported_wrap {classes} js-widget_message"
 data-post="harbour/{number}" {attributes}>
<div class="tgme_widget_message_bubble">
<div class="tgme_widget_message_author accent_color"><a class="tgme_widget_message_owner_name"
 href="https://t.me/harbour"><span dir="auto">Harbour {EMOJI.format("⚓")}</span></a></div>
{inner}
<div class="tgme_widget_message_footer"><div class="tgme_widget_message_info">{meta}
<span class="tgme_widget_message_meta"><a class="tgme_widget_message_date"
 href="https://t.me/harbour/{number}">{time}</a></span></div></div>
</div></div></div>"""


def text(inner: str) -> str:
    return f'<div class="tgme_widget_message_text js-message_text" dir="auto">{inner}</div>'


def read(*posts: str, head: str = "", channel: Channel | None = None) -> list[Item]:
    page = f"<!DOCTYPE html><html><head>{head}</head><body>{''.join(posts)}</body></html>"
    return list(html_page.read(page, Reading(file="page.html", channel=channel)))


def one(*arguments: Any, **options: Any) -> Document:
    (item,) = read(post(*arguments, **options))
    assert isinstance(item, Document)
    return item


def test_a_post_has_its_address_title_and_text() -> None:
    document = one(text(f"{EMOJI.format('🚢')} Ferry &amp; crew<br/><br/>Tickets <b>now</b>"))
    assert document.doc_id == "tg:@harbour/7"
    assert document.url == "https://t.me/harbour/7"
    assert document.channel == Channel(username="harbour", title="Harbour ⚓")
    assert document.title == "🚢 Ferry & crew"
    assert [(block.text, block.spans) for block in document.body] == [
        ("Tickets now", (Span(kind="bold", start=8, end=11),))
    ]


def test_the_time_is_the_attributes_and_never_the_shown_one() -> None:
    document = one(text("x"))
    assert document.published_at == "2024-03-01T10:00:05Z"
    assert document.published_basis == "time_attr"


def test_a_videos_duration_is_not_the_posts_time() -> None:
    player = (
        '<a class="tgme_widget_message_video_player js-message_video_player" href="#">'
        '<time class="message_video_duration">0:52</time></a>'
    )
    document = one(player + text("x"), time="")
    assert document.published_at is None
    assert document.media[0].duration == 52


@pytest.mark.parametrize(
    ("attribute", "channel_id"),
    [
        (view(c=-1500000001, p=7), 1500000001),
        (view(c=-1500000001, p="7g", t=1, h="00"), 1500000001),
        (view(p=7), None),
        ("e", None),
        ("не base64", None),
        (view(c="x"), None),
        ("", None),
    ],
)
def test_the_channels_id_is_in_data_view_which_may_lack_padding(
    attribute: str, channel_id: int | None
) -> None:
    document = one(text("x"), attributes=f'data-view="{attribute}"')
    assert document.channel is not None
    assert document.channel.id == channel_id
    assert document.doc_id == (f"tg:{channel_id}/7" if channel_id else "tg:@harbour/7")


FORWARD = (
    '<div class="tgme_widget_message_forwarded_from accent_color">Forwarded from&nbsp;{}</div>'
)


@pytest.mark.parametrize(
    ("inner", "expected"),
    [
        ('<a class="tgme_widget_message_forwarded_from_name" href="https://t.me/mast/16">'
         '<span dir="auto">Mast</span></a>',
         {"name": "Mast", "username": "mast", "message_id": 16, "kind": "channel"}),
        ('<a class="tgme_widget_message_forwarded_from_name" href="https://t.me/mast/16">Mast</a>'
         ' (<span class="tgme_widget_message_forwarded_from_author">N. Mast</span>)',
         {"name": "Mast", "username": "mast", "message_id": 16, "kind": "channel",
          "author": "N. Mast"}),
        ('<a class="tgme_widget_message_forwarded_from_name" href="https://t.me/ann_keeper">Ann</a>',
         {"name": "Ann", "username": "ann_keeper"}),
        ('<span class="tgme_widget_message_forwarded_from_name">Somebody</span>',
         {"name": "Somebody"}),
        ('<a class="tgme_widget_message_forwarded_from_name" href="https://t.me/c/16/3">Deck</a>',
         {"name": "Deck", "channel_id": 16, "message_id": 3, "kind": "channel"}),
        ("Somebody", {"name": "Somebody"}),
    ],
)  # fmt: skip
def test_forwards_name_their_origin(inner: str, expected: dict[str, Any]) -> None:
    forward = one(FORWARD.format(inner) + text("x")).forwarded_from
    fields = ("name", "author", "channel_id", "username", "message_id", "kind")
    found = {name: getattr(forward, name) for name in fields}
    assert {name: value for name, value in found.items() if value is not None} == expected


def test_an_albums_text_is_nested_and_its_ids_are_in_its_links() -> None:
    parts = "".join(
        '<a class="tgme_widget_message_photo_wrap grouped_media_wrap js-message_photo"'
        f' href="https://t.me/harbour/{number}?single"></a>'
        for number in (7, 8, 9)
    )
    document = one(parts + text(text("Three views")))
    assert document.title == "Three views"
    assert document.body == ()
    assert (document.message_id, document.album_ids) == (7, (7, 8, 9))
    assert [(media.type, media.message_id) for media in document.media] == [
        ("photo", 7), ("photo", 8), ("photo", 9)
    ]  # fmt: skip


def test_the_text_is_not_that_of_what_the_post_answers() -> None:
    reply = (
        '<a class="tgme_widget_message_reply" href="https://t.me/harbour/3">'
        '<div class="tgme_widget_message_author">Harbour</div>'
        '<div class="tgme_widget_message_text js-message_reply_text">Earlier words</div></a>'
    )
    attributes = f'data-view="{view(c=-1500000001)}"'
    document = one(reply + text("Own words"), attributes=attributes)
    assert document.title == "Own words"
    assert document.reply_to is not None
    assert (document.reply_to.channel_id, document.reply_to.message_id) == (1500000001, 3)


def test_in_2018_the_answered_text_had_the_class_of_every_text() -> None:
    reply = (
        '<a class="tgme_widget_message_reply" href="https://t.me/harbour/3">'
        '<div class="tgme_widget_message_author">Harbour</div>'
        '<div class="tgme_widget_message_text" dir="auto">Earlier words</div></a>'
    )
    own = '<div class="tgme_widget_message_text">Own <a href="https://a.b/x">words</a></div>'
    document = one(reply + own)
    assert document.texts() == ["Own words"]
    assert [link.url for link in document.links] == ["https://a.b/x"]
    assert one(reply).texts() == []


CARD = (
    '<div class="tgme_page_wrap"><div class="tgme_page"><div class="tgme_page_title"><span>Tide'
    '</span></div><div class="tgme_page_description">Lights.</div></div></div>'
)


def test_a_channels_card_is_told_for_what_it_is() -> None:
    (card,) = read(CARD)
    assert isinstance(card, Skipped)
    assert (card.chat, card.messages, card.why) == (
        "Tide", 1, "no posts on this page: the channel has no web preview"
    )  # fmt: skip


def test_a_page_that_has_no_posts_yet_is_no_card() -> None:
    assert read('<section class="tgme_channel_history js-message_history"></section>') == []
    assert [type(item) for item in read(CARD, post(text("x")))] == [Document]


LABEL = (
    '<div class="message_media_not_supported_wrap"><div class="message_media_not_supported">'
    '<div class="message_media_not_supported_label">{}</div>'
    '<span class="message_media_view_in_telegram">VIEW IN TELEGRAM</span></div></div>'
)
BROWSER = LABEL.format("This media is not supported in your browser")
TOO_BIG = LABEL.format("Media is too big")
HIDDEN = LABEL.format("Please open Telegram to view this post")


@pytest.mark.parametrize(
    ("inner", "expected"),
    [
        (f'<a class="tgme_widget_message_video_player">{BROWSER}</a>', {"type": "video"}),
        (f'<a class="tgme_widget_message_video_player not_supported">{TOO_BIG}</a>',
         {"type": "video", "state": "too_big"}),
        (f'<a class="tgme_widget_message_video_player not_supported">{BROWSER}</a>',
         {"type": "video", "state": "not_in_browser"}),
        ('<a class="tgme_widget_message_video_player"><video loop></video></a>',
         {"type": "animation"}),
        ('<div class="tgme_widget_message_roundvideo_player"><time>0:44</time></div>',
         {"type": "round_video", "duration": 44}),
        ('<a class="tgme_widget_message_voice_player"><time>0:01</time></a>',
         {"type": "voice", "duration": 1}),
        ('<a class="tgme_widget_message_document_wrap">'
         '<div class="tgme_widget_message_document_title">chart.pdf</div>'
         '<div class="tgme_widget_message_document_extra">1.5 KB</div></a>',
         {"type": "document", "name": "chart.pdf", "size": 1536}),
        ('<a class="tgme_widget_message_document_wrap">'
         '<div class="tgme_widget_message_document_icon accent_bg audio"></div>'
         '<div class="tgme_widget_message_document_title">Sea</div>'
         '<div class="tgme_widget_message_document_extra">Choir</div></a>',
         {"type": "audio", "title": "Choir – Sea"}),
        ('<div class="tgme_widget_message_sticker_wrap"><i class="tgme_widget_message_sticker"></i>'
         '</div>', {"type": "sticker"}),
        ('<a class="tgme_widget_message_location_wrap" href="https://m.example/maps?q=1.5,-2"></a>',
         {"type": "location", "url": "geo:1.5,-2"}),
        ('<a class="tgme_widget_message_link_preview" href="https://a.b/">'
         '<div class="link_preview_site_name">Site</div>'
         '<div class="link_preview_title">A page</div>'
         '<div class="link_preview_description">Words</div></a>',
         {"type": "webpage", "name": "Site", "title": "A page\nWords", "url": "https://a.b/"}),
        ('<div class="tgme_widget_message_contact_wrap"><div class="tgme_widget_message_contact">'
         '<div class="tgme_widget_message_contact_name">Ann</div>'
         '<div class="tgme_widget_message_contact_phone">+1555</div></div></div>',
         {"type": "contact", "name": "Ann", "title": "+1555"}),
        ('<div class="tgme_widget_message_invoice">'
         '<div class="tgme_widget_message_invoice_title">Chart</div>'
         '<div class="tgme_widget_message_invoice_description">of the bay</div></div>',
         {"type": "invoice", "title": "Chart\nof the bay"}),
        (LABEL.format("Media is too big"), {"type": "unknown", "state": "too_big"}),
    ],
)  # fmt: skip
def test_media_of_every_type_and_each_placeholder(inner: str, expected: dict[str, Any]) -> None:
    (found,) = one(inner + text("x")).media
    names = ("type", "state", "name", "size", "duration", "title", "url")
    said = {name: getattr(found, name) for name in names if getattr(found, name) is not None}
    assert said == {"state": "present", **expected}


def test_the_hidden_pair_of_a_custom_emoji_post_withholds_nothing() -> None:
    emoji = f'<tg-emoji emoji-id="5">{EMOJI.format("⛔️")}</tg-emoji>'
    shown = f'<div class="media_supported_cont">{text(f"Head<br/>{emoji} No entry")}</div>'
    document = one(f'{shown}<div class="media_not_supported_cont">{HIDDEN}</div>')
    assert document.media == ()
    assert document.body[0].text == "⛔️ No entry"
    assert document.body[0].spans == (Span(kind="custom_emoji", start=0, end=2),)
    assert document.flags == ()


def test_a_post_of_nothing_but_the_hidden_pair_says_so() -> None:
    document = one(HIDDEN)
    assert document.title is None
    assert document.flags == ("text_withheld",)
    assert document.media[0].state == "hidden"


def test_rounded_views_and_reactions_are_as_exact_as_shown() -> None:
    reactions = (
        '<div class="tgme_widget_message_reactions">'
        f'<span class="tgme_reaction">{EMOJI.format("👍")}1.2K</span>'
        '<span class="tgme_reaction tgme_reaction_paid"><i class="icon"></i>20</span></div>'
    )
    views = (
        '<span class="tgme_widget_message_views">18.9M</span><span class="copyonly"> views</span>'
    )
    document = one(text("x") + reactions, meta=views)
    assert (document.views, document.reactions) == (18_900_000, 1220)


def test_the_word_edited_is_no_time() -> None:
    meta = '<span class="tgme_widget_message_meta">edited &nbsp;</span>'
    assert one(text("x"), meta=meta).edited_at is None


def test_a_signature_is_kept() -> None:
    meta = '<span class="tgme_widget_message_from_author" dir="auto">N. Mast</span>,&nbsp;'
    assert one(text("x"), meta=meta).author_signature == "N. Mast"


def test_dates_that_scripts_put_between_posts_are_no_posts() -> None:
    divider = (
        '<div class="tgme_widget_message_centered tgme_widget_message_service_date_wrap">'
        '<div class="tgme_widget_message_service_date">March 1</div></div>'
    )
    items = read(divider, post(text("a")), divider, post(text("b"), number=8))
    assert [item.title for item in items if isinstance(item, Document)] == ["a", "b"]
    assert len(items) == 2


def test_a_poll_is_its_body() -> None:
    inner = (
        '<div class="tgme_widget_message_poll"><div class="tgme_widget_message_poll_question">'
        'Sail?</div><div class="tgme_widget_message_poll_option_text">Yes</div>'
        '<div class="tgme_widget_message_poll_option_text">No</div></div>'
    )
    document = one(text("Vote") + inner)
    assert [(block.type, block.text) for block in document.body] == [
        ("subhead", "Sail?"), ("bullet", "Yes"), ("bullet", "No")
    ]  # fmt: skip
    assert [media.type for media in document.media] == ["poll"]
    alone = one(inner)
    assert alone.title == "Sail?"
    assert [(block.type, block.text) for block in alone.body] == [
        ("bullet", "Yes"),
        ("bullet", "No"),
    ]


def test_a_buttons_address_is_a_link() -> None:
    button = '<a class="tgme_widget_message_inline_button{}"{}><span>{}</span></a>'
    row = (
        button.format(" url_button", ' href="https://a.b/full"', "In full")
        + button.format("", "", "Vote")
        + button.format(" url_button", ' href="?x"', "Nowhere")
    )
    document = one(text('<a href="https://a.b/x">See</a>') + row)
    assert [(link.text, link.url) for link in document.links] == [
        ("See", "https://a.b/x"), ("In full", "https://a.b/full")
    ]  # fmt: skip
    assert document.texts() == ["See"]


def test_a_service_message_is_told_apart() -> None:
    document = one(text("Channel created"), classes="service_message")
    assert (document.kind, document.service_action) == ("service", "create_channel")


def test_links_have_their_targets() -> None:
    document = one(
        text(
            '<a href="https://a.b/x">Read in full</a> <a href="?q=%23Port">#Port</a>'
            ' <a href="https://t.me/mast">@mast</a> <a href="mailto:a@b.c">a@b.c</a>'
        )
    )
    assert [(link.text, link.url) for link in document.links] == [("Read in full", "https://a.b/x")]
    assert document.hashtags == ("#Port",)


def test_indentation_that_a_tool_put_in_is_no_text() -> None:
    document = one(text("\n    Ferry\n    back<br>\n    Tickets at <b>\n  the pier</b>\n  "))
    assert document.title == "Ferry back"
    assert document.body[0].text == "Tickets at the pier"


def test_quotes_and_code_stand_on_lines_of_their_own() -> None:
    document = one(text("Head<blockquote>one<br/>two</blockquote>after<pre>x = 1\n  y</pre>"))
    assert [(block.type, block.text) for block in document.body] == [
        ("blockquote", "one"),
        ("blockquote", "two"),
        ("para", "after"),
        ("code", "x = 1"),
        ("code", "  y"),
    ]


def test_an_embed_of_2018_names_its_post_in_its_footer() -> None:
    page = """<body class="tgme_widget body_widget_post"><div class="tgme_widget_message"
     id="widget_message" data-view="eyJ0IjoxfQ"><div class="tgme_widget_message_author">
     <a class="tgme_widget_message_owner_name" href="https://t.me/harbour">Harbour</a></div>
     <div class="tgme_widget_message_text" dir="auto">Fog<br/>Ferry late</div>
     <div class="tgme_widget_message_info"><a class="tgme_widget_message_date"
     href="https://t.me/harbour/40"><time datetime="2018-03-13T05:20:28+00:00">Mar 13</time></a>
     </div></div></body>"""
    (document,) = read(page)
    assert isinstance(document, Document)
    assert (document.doc_id, document.title) == ("tg:@harbour/40", "Fog")
    assert document.published_at == "2018-03-13T05:20:28Z"


def test_the_page_names_the_channel_where_a_post_does_not() -> None:
    bare = '<div class="tgme_widget_message" data-post="harbour/1">' + text("x") + "</div>"
    (document,) = read(bare, head='<meta property="og:title" content="Harbour">')
    assert isinstance(document, Document)
    assert document.channel == Channel(username="harbour", title="Harbour")


DATE = '<a class="tgme_widget_message_date" href="{}"><time datetime="2024-03-01T10:00:05Z"></a>'


def test_a_post_is_named_by_its_time_where_it_names_itself_not() -> None:
    link = DATE.format("https://t.me/harbour/9")
    (document,) = read(f'<div class="tgme_widget_message">{text("x")}{link}</div>')
    assert isinstance(document, Document)
    assert (document.doc_id, document.published_at) == ("tg:@harbour/9", "2024-03-01T10:00:05Z")


def test_parts_that_stand_outside_their_post_are_its_own() -> None:
    shown = f'<div class="tgme_widget_message" data-post="harbour/9"></div>{text("Fog")}'
    (document,) = read(shown + DATE.format("https://t.me/harbour/9"))
    assert isinstance(document, Document)
    assert (document.title, document.published_at) == ("Fog", "2024-03-01T10:00:05Z")
    # Where a post has its time within, what stands outside of it is another's.
    inside = DATE.format("https://t.me/harbour/9")
    shown = f'<div class="tgme_widget_message" data-post="harbour/9">{text("Fog")}{inside}</div>'
    (document,) = read(shown + text("Rain"))
    assert isinstance(document, Document)
    assert (document.title, document.body) == ("Fog", ())


@pytest.mark.parametrize("attributes", ["", 'data-post="9"', 'data-post="harbour/x"'])
def test_a_post_that_names_no_id_is_said_to(attributes: str) -> None:
    (problem,) = read(f'<div class="tgme_widget_message" {attributes}>{text("x")}</div>')
    assert isinstance(problem, Problem)
    assert problem.what == "a post names no id"
    assert problem.hint == "it was left out; save the page again"


def test_a_page_without_posts_is_empty() -> None:
    assert read('<div class="tgme_channel_info_header_title">Harbour</div>') == []


def test_a_page_that_never_closes_is_read_to_its_end() -> None:
    page = post(text("a")) + post(text("b"), number=8)
    for end in range(len(page) // 2, len(page), 37):
        items = read(page[:end].replace("</div>", ""))
        assert isinstance(items[0], Document)
        assert items[0].title == "a"


@pytest.mark.parametrize(
    "damage",
    [
        "<div>" * 50_000,
        '<div class="tgme_widget_message">no post named</div>',
        '<div class="tgme_widget_message" data-post="///"></div>',
    ],
)
def test_a_damaged_post_is_a_problem_and_takes_no_other_with_it(damage: str) -> None:
    items = read(post(text("a")), damage, post(text("b"), number=8))
    assert any(isinstance(item, Problem) and item.place.startswith("line ") for item in items)
    assert any(isinstance(item, Document) and item.title == "b" for item in items)


def test_generated_pages_of_the_corpus_are_read_exactly(shared_files: Any) -> None:
    for page in shared_files("corpus/corpus_pages/generated/*.html"):
        gold = json.loads(page.with_suffix("").with_suffix(".gold.json").read_text("utf-8"))
        found = list(html_page.read(page.read_text("utf-8"), Reading(file=page.name)))
        documents = {item.message_id: item for item in found if isinstance(item, Document)}
        assert gold, page.name
        for wanted in gold:
            document = documents[wanted["id"]]
            lines = [" ".join(line.split()) for line in wanted["lines"]]
            if wanted["kind"] != "poll":
                assert [" ".join(line.split()) for line in document.texts()] == lines
            name = document.forwarded_from.name if document.forwarded_from else None
            assert name == wanted["forwarded_from"]


INNER = '<div class="tgme_widget_message_text {}">{}</div>'


@pytest.mark.parametrize(
    ("inner", "expected"),
    [
        (text("Port " + INNER.format("js-message_text", "Ferry")), "Ferry"),
        (text("") + text("Ferry"), "Ferry"),
        (text("Ferry") + text("Port"), "Ferry"),
        (INNER.format("js-message_reply_text", "Port") + text("Ferry"), "Ferry"),
        (INNER.format("tgme_widget_message_metatext", "Port") + text("Ferry"), "Ferry"),
        (
            '<a class="tgme_widget_message_reply">' + INNER.format("", "Port") + "</a>"
            + text("Ferry"),
            "Ferry",
        ),
        (INNER.format("js-message_reply_text", "Port"), None),
    ],
)  # fmt: skip
def test_a_posts_own_text_is_the_innermost_and_no_others(inner: str, expected: str | None) -> None:
    assert one(inner).title == expected
