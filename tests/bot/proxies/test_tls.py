"""What fake TLS sends and takes; whole handshakes with a proxy are in `test_connecting`."""

import hmac
import secrets
from collections.abc import Iterator
from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.proxies import tls
from bot.proxies.links import Secret

KEY = bytes(range(16))
NOW = 1_800_000_000


def made(domain: str = "www.example.org", random: tls.Random = secrets.token_bytes) -> bytes:
    secret = Secret(disguise="tls", key=KEY, domain=domain)
    return tls.client_hello(secret, unix_time=NOW, random=random)


def extensions(hello: bytes) -> Iterator[tuple[int, bytes]]:
    """Those of a ClientHello, read with every length in it checked."""
    assert hello[:3] == b"\x16\x03\x01"
    assert int.from_bytes(hello[3:5], "big") == len(hello) - 5
    assert hello[5] == 1
    assert int.from_bytes(hello[6:9], "big") == len(hello) - 9
    rest = hello[9 + 2 + 32 :]
    rest = rest[1 + rest[0] :]
    rest = rest[2 + int.from_bytes(rest[:2], "big") :]
    assert rest[:2] == b"\x01\x00"
    assert int.from_bytes(rest[2:4], "big") == len(rest) - 4
    rest = rest[4:]
    while rest:
        number, size = int.from_bytes(rest[:2], "big"), int.from_bytes(rest[2:4], "big")
        assert len(rest) >= 4 + size
        yield number, rest[4 : 4 + size]
        rest = rest[4 + size :]


def is_grease(number: int) -> bool:
    return number & 0x0F0F == 0x0A0A and number >> 8 == number & 0xFF


@given(st.from_regex(r"[a-z0-9]([a-z0-9.-]{0,180}[a-z0-9])?", fullmatch=True))
def test_a_hello_is_whole_and_of_one_length_whatever_the_domain(domain: str) -> None:
    hello = made(domain)
    found = list(extensions(hello))
    numbers = [number for number, _ in found]
    assert len(hello) == 517
    assert is_grease(numbers[0])
    assert is_grease(numbers[-2])
    assert numbers[0] != numbers[-2]
    assert numbers[-1] == 21
    assert len(set(numbers)) == len(numbers)
    assert dict(found)[0][5:] == domain.encode()
    assert dict(found)[13] == bytes.fromhex("001004030804040105030805050108060601")
    assert set(dict(found)[21]) == {0}


def test_a_hello_is_signed_and_says_when_it_was_made() -> None:
    hello = made()
    signed = hmac.new(KEY, hello[:11] + bytes(32) + hello[43:], sha256).digest()
    assert hello[11:39] == signed[:28]
    stamp = bytes(a ^ b for a, b in zip(hello[39:43], signed[28:], strict=True))
    assert int.from_bytes(stamp, "little") == NOW


def test_no_two_hellos_are_alike() -> None:
    orders = {tuple(number for number, _ in extensions(made())) for _ in range(8)}
    assert len(orders) > 4


@pytest.mark.parametrize(
    ("private", "public"),
    [
        # Made by OpenSSL.
        (
            "77076d0a7318a57d3c16c17251b26645df4c2f92ebc0992ac177fba51db92c2a",
            "f8a9535a2d2ff605e8e144d54f4ef5c62313a2055dbb21fddd3fd9c299eb015d",
        ),
        ("00" * 32, "2fe57da347cd62431528daac5fbb290730fff684afc4cfc2ed90995f58cb3b74"),
    ],
)
def test_a_public_key_is_that_of_its_private_one(private: str, public: str) -> None:
    assert tls.public_key(bytes.fromhex(private)).hex() == public


def answer(hello: bytes, key: bytes = KEY) -> list[tuple[int, bytes]]:
    parts = [(22, b"\x02\x00\x00\x46\x03\x03" + bytes(68)), (20, b"\x01"), (23, b"noise")]
    whole = b"".join(tls.record(kind, payload) for kind, payload in parts)
    random = hmac.new(key, hello[11:43] + whole, sha256).digest()
    signed = parts[0][1]
    return [(22, signed[:6] + random + signed[38:]), *parts[1:]]


SECRET = Secret(disguise="tls", key=KEY, domain="example.org")


def test_an_answer_that_is_signed_is_taken() -> None:
    hello = made()
    tls.check_answer(SECRET, hello, answer(hello))


def test_no_other_answer_is_taken() -> None:
    hello = made()
    good = answer(hello)
    wrong = [
        answer(made()),
        answer(hello, bytes(16)),
        [good[0], good[1], (23, b"other")],
        [good[0], good[2]],
        [(21, b"\x02\x28")],
        [(22, b"\x02"), *good[1:]],
        [],
    ]
    for records in wrong:
        with pytest.raises(tls.AnswerError):
            tls.check_answer(SECRET, hello, records)


@given(st.integers(0, 70000))
def test_data_goes_in_records_that_are_no_longer_than_allowed(size: int) -> None:
    data, sent, taken = bytes(size), tls.records(bytes(size)), b""
    while sent:
        kind, length = tls.read_header(sent[:5])
        assert (kind, length) == (23, min(16384, size - len(taken)))
        taken, sent = taken + sent[5 : 5 + length], sent[5 + length :]
    assert taken == data


@pytest.mark.parametrize("header", ["1603034141", "4854545020", "1702030010", "0003030001"])
def test_what_is_no_record_is_refused(header: str) -> None:
    with pytest.raises(tls.AnswerError):
        tls.read_header(bytes.fromhex(header))


@pytest.mark.parametrize("kind", [20, 21, 22, 23])
def test_a_record_is_taken_up_to_the_largest_length(kind: int) -> None:
    largest = 16384 + 256  # RFC 8446, section 5.2
    header = bytes((kind, 3, 3)) + largest.to_bytes(2, "big")
    assert tls.read_header(header) == (kind, largest)
    with pytest.raises(tls.AnswerError, match="too long"):
        tls.read_header(header[:3] + (largest + 1).to_bytes(2, "big"))
