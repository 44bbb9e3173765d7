"""The text of HTML elements, with its formatting as spans. All texts are invented."""

import pytest
from selectolax.lexbor import LexborHTMLParser, LexborNode

from handlers.normalize.parsing import html_text


def element(inner: str) -> LexborNode:
    found = LexborHTMLParser(f'<div id="top" class="text">{inner}</div>').css_first("#top")
    assert found is not None
    return found


def spans(inner: str) -> list[tuple[str, str, str | None]]:
    text, found = html_text.read(element(inner))
    return [(one.kind, text[one.start : one.end], one.url) for one in found]


@pytest.mark.parametrize(
    ("inner", "text"),
    [
        ("one<br>two", "one\ntwo"),
        (" \n one \n\t two \n", "one two"),
        ("one <b> two</b>", "one  two"),
        ("one\n<b>two</b>", "one two"),
        ("one<b>\ntwo</b>", "one two"),
        ("one <b>\ntwo</b>", "one two"),
        ("one<b>two\n</b>three", "onetwo three"),
        ("one<br>\n   two", "one\ntwo"),
        ("one\n<br>two", "one\ntwo"),
        ("one<br><br>two", "one\n\ntwo"),
        ("a<blockquote>b</blockquote>c", "a\nb\nc"),
        ("a<br><blockquote>b</blockquote><br>c", "a\nb\nc"),
        ("<blockquote>b</blockquote>c", "b\nc"),
        ("a<pre>b\n  c</pre>d", "a\nb\n  c\nd"),
        ("a<pre><code>b\n c</code></pre>", "a\nb\n c"),
        ("a<blockquote></blockquote>b", "a\nb"),
        ("a<script>b</script><style>c</style><template>d</template><!-- e -->f", "af"),
        ("a<video>b</video><audio>c</audio><svg>d</svg>e", "ae"),
        ('a<div class="media_wrap">b</div>c', "ac"),
        ('a<div class="text">b</div><div class="signature">c</div>', "a"),
        ('a<div class="reactions">b</div><div class="pull_right">c</div>', "a"),
        ('a<div class="from_name">b</div><div class="forwarded">c</div>', "a"),
        ('a<div class="tgme_footer">b</div><div class="message_media_x">c</div>', "a"),
        ('a<div class="tgme_widget_message_text">b</div><span class="other">c</span>', "abc"),
        ("\u00a0a\u00a0", "\u00a0a\u00a0"),
        ("", ""),
    ],
)
def test_lines_are_those_that_the_page_shows(inner: str, text: str) -> None:
    assert html_text.read(element(inner))[0] == text


@pytest.mark.parametrize(
    ("inner", "expected"),
    [
        *((f"<{tag}>a</{tag}>", [(kind, "a", None)]) for tag, kind in (
            ("b", "bold"), ("strong", "bold"), ("i", "italic"), ("em", "italic"),
            ("u", "underline"), ("ins", "underline"), ("s", "strike"), ("del", "strike"),
            ("strike", "strike"), ("code", "code"), ("pre", "pre"), ("tg-spoiler", "spoiler"),
            ("tg-emoji", "custom_emoji"), ("blockquote", "blockquote"))),
        ("x <b> a </b> y", [("bold", " a ", None)]),
        ("x<b>\na\n</b>y", [("bold", "a", None)]),
        ("<b>a<i>b</i></b>c", [("bold", "ab", None), ("italic", "b", None)]),
        ("<b><i>a</i></b>", [("bold", "a", None), ("italic", "a", None)]),
        ("<b></b>a<i></i>", []),
        ("<b><br></b>a", []),
        ("<b> </b>a", []),
        ("<b>a<br></b>c", [("bold", "a", None)]),
        ('<span class="spoiler x">a</span><span class="other">b</span>', [("spoiler", "a", None)]),
        ('<i class="emoji"><b>🔥</b></i>a', []),
        ('<i class="other"><b>🔥</b></i>', [("bold", "🔥", None), ("italic", "🔥", None)]),
    ],
)  # fmt: skip
def test_what_formats_a_text(inner: str, expected: list[tuple[str, str, str | None]]) -> None:
    assert sorted(spans(inner)) == sorted(expected)


@pytest.mark.parametrize(
    ("link", "words", "kind", "url"),
    [
        ('href="https://example.org/a"', "words", "link", "https://example.org/a"),
        ('href=" https://example.org "', "words", "link", "https://example.org"),
        ('href="//example.org/a"', "words", "link", "https://example.org/a"),
        ('href="example.org/a"', "words", "link", "http://example.org/a"),
        ('href="page/a.html"', "words", "link", "page/a.html"),
        ('href="TG:x"', "words", "link", "TG:x"),
        ('href=""', "words", None, None),
        ("", "words", None, None),
        ('href="#top"', "words", None, None),
        ('href="stickers/a.webp"', "🔥", "custom_emoji", None),
        ('href="../stickers/a.webp"', "🔥", "custom_emoji", None),
        ('href="#stickers/"', "🔥", "custom_emoji", None),
        ('href="?q=%23port"', "#port", "hashtag", None),
        ('href="?q=#port"', "#port", "hashtag", None),
        ('href="?q=%24OIL"', "$OIL", "cashtag", None),
        ('href="mailto:a@example.org"', "a@example.org", "email", None),
        ('href="tel:+5"', "+5", "phone", None),
        ('href="https://t.me/port"', "@port", "mention", None),
        ('href="http://telegram.me/port/"', "@port", "mention", None),
        ('href="https://t.me/port"', "port", "link", "https://t.me/port"),
        ('href="https://t.me/port/5"', "@port", "link", "https://t.me/port/5"),
        ('href="" onclick="return ShowHashtag(&quot;port&quot;)"', "#port", "hashtag", None),
        ('href="" onclick="return ShowCashtag(1)"', "$OIL", "cashtag", None),
        ('href="" onclick="return ShowBotCommand(1)"', "/go", "bot_command", None),
        ('href="" onclick="return ShowMentionName()"', "Ann", "mention", None),
        ('href="" onclick="return ShowNotLoadedEmoji()"', "🔥", "custom_emoji", None),
        ('href="" onclick="return ShowNotAvailableEmoji()"', "🔥", "custom_emoji", None),
        ('href="https://example.org" onclick="ShowMore()"', "a", "link", "https://example.org"),
    ],
)
def test_what_a_link_is(link: str, words: str, kind: str | None, url: str | None) -> None:
    expected = [] if kind is None else [(kind, words, url)]
    assert spans(f"see <a {link}>{words}</a>") == expected


@pytest.mark.parametrize(
    ("inner", "plain"),
    [("one<br> two", "one two"), ("<b>a</b>\n\nb", "a b"), (" <br> ", None), ("", None)],
)
def test_a_text_on_one_line(inner: str, plain: str | None) -> None:
    assert html_text.plain(element(inner)) == plain
    assert html_text.plain(None) is None
