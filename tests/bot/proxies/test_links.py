"""What PROXY may say, and that nothing of it is told."""

import base64
from urllib.parse import quote

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.proxies import links
from bot.proxies.links import Proxy, Secret, read_proxies, read_proxy, read_secret

KEY = bytes(range(0xF0, 0x100))
HEX = KEY.hex()
# In base64 it has both signs in which the alphabets differ.
SIGNS = bytes.fromhex("fbefbeffbfffd36db6fbefbeffbfffd3")
DOMAIN = "www.example.org"
PLAIN = Secret(disguise="plain", key=KEY)
PADDED = Secret(disguise="padded", key=KEY)
TLS = Secret(disguise="tls", key=KEY, domain=DOMAIN)


def base64s(raw: bytes) -> list[str]:
    """All ways in which base64 is written."""
    both = [base64.b64encode(raw).decode(), base64.urlsafe_b64encode(raw).decode()]
    return [*both, *(text.rstrip("=") for text in both)]


@pytest.mark.parametrize(
    ("raw", "secret"),
    [
        (KEY, PLAIN),
        (b"\xdd" + KEY, PADDED),
        (b"\xee" + KEY + DOMAIN.encode(), TLS),
        (SIGNS, Secret(disguise="plain", key=SIGNS)),
        (b"\xdd" + SIGNS, Secret(disguise="padded", key=SIGNS)),
        # What begins like a mark is none where 16 bytes are all there is.
        (b"\xee" * 16, Secret(disguise="plain", key=b"\xee" * 16)),
        (b"\xdd" * 16, Secret(disguise="plain", key=b"\xdd" * 16)),
        (b"\xdd" * 17, Secret(disguise="padded", key=b"\xdd" * 16)),
    ],
)
def test_a_secret_is_read_in_every_way_to_write_it(raw: bytes, secret: Secret) -> None:
    for text in (raw.hex(), raw.hex().upper(), raw.hex().title(), *base64s(raw)):
        assert read_secret(text) == secret
        for encoded in (text, quote(text, safe="")):
            proxy = read_proxy(f"tg://proxy?server=h&port=1&secret={encoded}")
            assert proxy.secret == secret


@given(
    st.binary(min_size=16, max_size=16),
    st.from_regex(r"[a-z0-9]{1,9}(\.[a-z0-9]{1,9}){0,3}", fullmatch=True),
)
@example(b"\xff" * 16, "a")
@example(b"\x00" * 16, "a.b")
def test_all_keys_are_read_back(key: bytes, domain: str) -> None:
    for mark, rest, disguise in (
        (b"", b"", "plain"),
        (b"\xdd", b"", "padded"),
        (b"\xee", domain.encode(), "tls"),
    ):
        raw = mark + key + rest
        for text in (raw.hex(), raw.hex().upper(), *base64s(raw)):
            secret = read_secret(text)
            assert (secret.disguise, secret.key, secret.domain.encode()) == (disguise, key, rest)


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("", "has no secret"),
        ("!", "neither hex nor base64"),
        ("proxy secret", "neither hex nor base64"),
        ("ab" * 15, "too short"),
        ("ab" * 17, "a kind that is not known"),
        ("dd" + "ab" * 17, "a kind that is not known"),
        ("ee" + "ab" * 16, "names no domain"),
        ("ee" + "ab" * 16 + "00", "no host name"),
        ("ee" + "ab" * 16 + "пример".encode().hex(), "no host name"),
        ("ee" + "ab" * 16 + b"a\r\nHost: b".hex(), "no host name"),
        ("ee" + "ab" * 16 + b"a".hex() * 183, "no host name"),
        (HEX + "=", "a kind that is not known"),
        ("A" * 22 + "===", "neither hex nor base64"),
    ],
)
def test_what_is_no_secret_is_named(text: str, what: str) -> None:
    with pytest.raises(ValueError, match=what):
        read_secret(text)


def proxy(kind: str, host: str, port: int, **rest: object) -> Proxy:
    return Proxy(kind=kind, host=host, port=port, **rest)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("socks5://127.0.0.1:1080", proxy("socks5", "127.0.0.1", 1080)),
        ("socks5h://Proxy.example:1080/", proxy("socks5", "proxy.example", 1080)),
        ("SOCKS5://[::1]:1080", proxy("socks5", "::1", 1080)),
        ("http://p.example:3128", proxy("http", "p.example", 3128)),
        ("socks5://ann:pw@h:1", proxy("socks5", "h", 1, username="ann", password="pw")),
        ("http://ann@h:1", proxy("http", "h", 1, username="ann")),
        (
            "socks5://a%40b:p%3Aw%20%D1%8F@h:1",
            proxy("socks5", "h", 1, username="a@b", password="p:w я"),
        ),
        ("http://a:p@w:x@h:1", proxy("http", "h", 1, username="a", password="p@w:x")),
        (
            f"tg://proxy?server=h&port=443&secret=ee{HEX}{DOMAIN.encode().hex()}",
            proxy("mtproto", "h", 443, secret=TLS),
        ),
        (f"tg:proxy?server=h&port=443&secret={HEX}", proxy("mtproto", "h", 443, secret=PLAIN)),
        (
            f"https://t.me/proxy?server=h&port=443&secret=dd{HEX}",
            proxy("mtproto", "h", 443, secret=PADDED),
        ),
        (
            f"http://T.ME/proxy/?PORT=443&server=h&secret=dd{HEX}&x=y",
            proxy("mtproto", "h", 443, secret=PADDED),
        ),
        (
            f"https://telegram.me/proxy?server=%5B::1%5D&port=443&secret=DD{HEX}",
            proxy("mtproto", "::1", 443, secret=PADDED),
        ),
        (
            "tg://socks?server=h&port=1080&user=ann&pass=p%20w",
            proxy("socks5", "h", 1080, username="ann", password="p w"),
        ),
        ("https://t.me/socks?server=h&port=1080", proxy("socks5", "h", 1080)),
    ],
)
def test_every_form_is_read(text: str, read: Proxy) -> None:
    assert read_proxy(text) == read


def test_several_keep_their_order_and_stand_once() -> None:
    text = "socks5://b:1\n\thttp://a:2  socks5://b:1"
    assert [str(each) for each in read_proxies(text)] == ["socks5://b:1", "http://a:2"]


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("hunter2", "of no form"),
        ("hunter2:80", "of no form"),
        ("socks4://hunter2:80", "of no form"),
        ("https://ann:hunter2@h:80", "of no form"),
        ("socks5://ann:hunter2@", "names no host"),
        ("socks5://ann:hunter2@h", "names no port"),
        ("socks5://ann:hunter2@h:0", "names no port"),
        ("socks5://ann:hunter2@h:70000", "no port that is a number"),
        ("http://ann:hunter2@h:80/x", "something after"),
        ("http://ann:hunt/er2@h:80", "port|something after"),
        ("http://ann:hunt#hunter2@h:80", "port|something after"),
        (f"socks5://ann:{'hunter2' * 40}@h:1", "password that is too long"),
        ("socks5://ann:hunter2%00@h:1", "password that is too long or not printable"),
        ("socks5://h hunter2@h:1", "place 1 of 2"),
        ("tg://resolve?domain=hunter2", "not to a proxy"),
        ("https://t.me/hunter2", "not to a proxy"),
        ("tg://proxy?server=h&port=443&secret=hunter2", "secret"),
        ("tg://proxy?server=h&secret=hunter2", "names no port"),
        ("tg://proxy?port=1&secret=hunter2", "names no host"),
        ("tg://proxy?server=h&port=٤٤٣&secret=hunter2", "names no port"),
        ("http://[hunter2", "no address"),
        ("http://hunter2 http://h:1", "place 1 of 2"),
    ],
)
def test_what_is_wrong_is_named_without_the_secret(text: str, what: str) -> None:
    with pytest.raises(ValueError, match=what) as caught:
        read_proxies(text)
    assert "hunter2" not in str(caught.value)
    assert caught.value.__cause__ is None


@given(
    st.text(),
    st.sampled_from(
        ["", "socks5://", "http://u:", "tg://proxy?server=h&port=1&secret=", "https://t.me/proxy?"]
    ),
)
def test_whatever_is_written_is_read_or_refused(text: str, start: str) -> None:
    try:
        for each in read_proxies(start + text):
            assert 0 < each.port < 65536
            assert each.host.isascii()
    except ValueError as error:
        assert len(str(error)) < 200


def test_what_is_shown_of_a_proxy_has_no_secret() -> None:
    for text in (
        "socks5://ann:hunter2@h:1",
        f"tg://proxy?server=h&port=1&secret=ee{HEX}{DOMAIN.encode().hex()}",
    ):
        shown = f"{read_proxy(text)} {read_proxy(text)!r} {links.read_proxies(text)}"
        assert not any(word in shown for word in ("ann", "hunter2", HEX, repr(KEY), DOMAIN))


@pytest.mark.parametrize("login", ["u" * 255, "é" * 127 + "u"])
def test_a_login_has_as_many_bytes_as_the_protocol_lets(login: str) -> None:
    assert read_proxy(f"socks5://{quote(login)}:pass@h:1").username == login
    assert read_proxy(f"tg://socks?server=h&port=1&user=u&pass={quote(login)}").password == login
    with pytest.raises(ValueError, match="user name that is too long"):
        read_proxy(f"socks5://{quote(login)}u:pass@h:1")
    with pytest.raises(ValueError, match="password that is too long"):
        read_proxy(f"tg://socks?server=h&port=1&user=u&pass={quote(login)}u")
